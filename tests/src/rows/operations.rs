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
