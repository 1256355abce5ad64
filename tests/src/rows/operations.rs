//! What staff and jobs leave behind, and the schema's own lists.

use super::Table;

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "admin_actions",
        key: &["id"],
        fill: |d| {
            d.id();
            d.set("action", "users.approve");
            d.member("user_id");
        },
    },
    Table {
        name: "audit_log",
        key: &["id"],
        fill: |d| {
            d.digits("id");
            d.set("table_name", "users");
            d.unique("row_key");
            d.set("operation", "DELETE");
            d.set("database_role", "r");
            d.set("application", "a");
        },
    },
    Table {
        name: "audit_seals",
        key: &["day"],
        fill: |d| {
            let day = d.day_of_old();
            d.set("day", day);
            d.set("row_count", "0");
            d.bytes("digest");
            d.unique("object_key");
        },
    },
    Table {
        name: "system_metrics",
        key: &["id"],
        fill: |d| {
            d.id();
            d.set("metric", "m");
            d.set("value", "1");
        },
    },
    Table {
        name: "partition_policies",
        key: &["table_name"],
        fill: |d| {
            d.unique("table_name");
            d.set("period", "DAY");
            d.set("retention", "1 day");
        },
    },
    Table {
        name: "partition_archives",
        key: &["object_key"],
        fill: |d| {
            d.unique("object_key");
            d.unique("manifest_key");
            d.set("table_name", "audit_log");
            d.set("partition_name", "p");
            d.set("from_at", "2020-01-01 00:00:00+00");
            d.set("until_at", "2020-02-01 00:00:00+00");
            d.set("row_count", "1");
            d.bytes("content_sha256");
            d.set("size_bytes", "1");
            d.set("archived_at", "2022-03-01 00:00:00+00");
        },
    },
    Table {
        name: "index_baselines",
        key: &["index_name"],
        fill: |d| {
            d.unique("index_name");
            d.set("bytes_per_row", "16");
            d.set("noted_at", "2022-03-01 00:00:00+00");
        },
    },
    Table {
        name: "view_refreshes",
        key: &["view_name"],
        fill: |d| {
            d.unique("view_name");
            d.set("changes", "1");
            d.set("refreshed_at", "2022-03-01 00:00:00+00");
        },
    },
    Table {
        name: "health_alerts",
        key: &["id"],
        fill: |d| {
            d.id();
            d.set("check_name", "backup-age");
            d.unique("subject");
            d.set("value", "30");
            d.set("threshold", "26");
            d.set("started_at", "2022-03-01 00:00:00+00");
            d.set("seen_at", "2022-03-01 00:00:00+00");
        },
    },
    Table {
        name: "job_runs",
        key: &["id"],
        fill: |d| {
            d.id();
            d.set("job", "j");
        },
    },
    Table {
        name: "job_locks",
        key: &["job"],
        fill: |d| {
            let letters: String = d.uuid().replace(|c: char| c.is_ascii_digit(), "a");
            d.set("job", format!("a{letters}"));
        },
    },
    Table {
        name: "backups",
        key: &["id"],
        fill: |d| {
            d.id();
            d.unique("object_key");
        },
    },
    Table {
        name: "search_terms",
        key: &["term", "kind"],
        fill: |d| {
            d.unique("term");
            d.pick("kind", &["PROJECT", "MEMBER"]);
            d.set("document_count", "1");
        },
    },
    Table {
        name: "suspended_indexes",
        key: &["definition"],
        fill: |d| d.unique("definition"),
    },
    Table {
        name: "column_classes",
        key: &["table_name", "column_name"],
        fill: |d| {
            d.unique("table_name");
            d.set("column_name", "c");
            d.set("class", "PUBLIC");
        },
    },
];
