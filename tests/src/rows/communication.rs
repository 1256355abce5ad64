//! Messages, announcements, tickets and mail.

use super::Table;

const PAST: &str = "2020-01-01 00:00:00+00";
const FUTURE: &str = "2120-01-01 00:00:00+00";

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "messages",
        key: &["id"],
        fill: |d| {
            d.id();
            d.pair("sender_id", "receiver_id");
            d.set("content", "hello");
            d.pick("status", &["SENT", "DELIVERED", "READ"]);
        },
    },
    Table {
        name: "conversations",
        key: &["user_id", "counterpart_id"],
        fill: |d| {
            d.pair("user_id", "counterpart_id");
            d.set("last_message_at", PAST);
        },
    },
    Table {
        name: "member_blocks",
        key: &["user_id", "blocked_id"],
        fill: |d| d.pair("user_id", "blocked_id"),
    },
    Table {
        name: "notification_settings",
        key: &["user_id"],
        fill: |d| {
            d.member("user_id");
            d.flag("accepts_messages");
        },
    },
    Table {
        name: "message_digests",
        key: &["user_id"],
        fill: |d| {
            d.member("user_id");
            d.set("since", PAST);
            d.set("due_at", FUTURE);
        },
    },
    Table {
        name: "message_reports",
        key: &["id"],
        fill: |d| {
            d.id();
            d.parent("message_id", "messages");
            d.member("reported_by");
            d.set("reason", "r");
            d.set("excerpt", "e");
        },
    },
    Table {
        name: "announcements",
        key: &["id"],
        fill: |d| {
            d.id();
            d.member("author_id");
            d.set("title", "News");
            d.set("content", "c");
            d.pick("audience", &["ALL", "MEMBER_TYPE", "ROLE"]);
            match d.values.last().and_then(|(_, audience)| audience.as_deref()) {
                Some("MEMBER_TYPE") => d.pick("audience_member_type", &["REGULAR", "ADMIN"]),
                Some("ROLE") => d.parent("audience_role_id", "roles"),
                _ => {}
            }
            d.pick(
                "publish_at",
                &["2019-01-01 00:00:00+00", "2110-01-01 00:00:00+00"],
            );
            let starts_late = d
                .values
                .last()
                .is_some_and(|(_, at)| at.as_deref().is_some_and(|at| at.starts_with("21")));
            d.maybe(
                "expires_at",
                if starts_late { &[FUTURE] } else { &[PAST, FUTURE] },
            );
            d.maybe("deleted_at", &[PAST]);
        },
    },
    Table {
        name: "announcement_reads",
        key: &["announcement_id", "user_id"],
        fill: |d| {
            d.parent("announcement_id", "announcements");
            d.member("user_id");
        },
    },
    Table {
        name: "member_feedback",
        key: &["id"],
        fill: |d| {
            d.id();
            d.member("user_id");
            d.set("category", "BUG");
            d.set("subject", "s");
            d.set("content", "c");
            d.pick("status", &["OPEN", "IN_PROGRESS", "RESOLVED", "CLOSED"]);
        },
    },
    Table {
        name: "feedback_replies",
        key: &["id"],
        fill: |d| {
            d.id();
            d.parent("feedback_id", "member_feedback");
            d.member("author_id");
            d.set("content", "c");
            d.flag("is_internal");
        },
    },
    Table {
        name: "saved_searches",
        key: &["id"],
        fill: |d| {
            d.id();
            d.member("user_id");
            d.set("name", "n");
            d.set("query", "{}");
        },
    },
    Table {
        name: "member_turns",
        key: &["user_id", "action"],
        fill: |d| {
            d.member("user_id");
            d.pick("action", &["seats", "tickets"]);
        },
    },
    Table {
        name: "outbox",
        key: &["id"],
        fill: |d| {
            d.id();
            d.member("user_id");
            d.set("kind", "VERIFY_EMAIL");
            d.set("recipient", "somebody@example.org");
        },
    },
];
