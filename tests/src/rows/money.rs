//! Memberships, payments and the ledger.

use super::Table;

const PAST: &str = "2020-01-01 00:00:00+00";
const FUTURE: &str = "2120-01-01 00:00:00+00";

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "membership_tiers",
        key: &["id"],
        fill: |d| {
            d.id();
            d.unique("name");
            d.set("price_cents", "100");
            d.set("duration_months", "12");
        },
    },
    Table {
        name: "payments",
        key: &["id"],
        fill: |d| {
            d.id();
            d.member("user_id");
            d.set("type", "DONATION");
            d.set("amount_cents", "100");
            d.pick("status", &["PENDING", "PROCESSING", "FAILED", "CANCELLED"]);
        },
    },
    Table {
        name: "memberships",
        key: &["id"],
        fill: |d| {
            d.id();
            d.member("user_id");
            d.parent("tier_id", "membership_tiers");
            d.set("starts_at", PAST);
            d.set("ends_at", FUTURE);
        },
    },
    Table {
        name: "membership_people",
        key: &["membership_id", "user_id"],
        fill: |d| {
            d.parent("membership_id", "memberships");
            d.member("user_id");
        },
    },
    Table {
        name: "membership_invitations",
        key: &["id"],
        fill: |d| {
            d.id();
            d.parent("membership_id", "memberships");
            d.pick("email", &["somebody@example.net", "nobody@example.net"]);
        },
    },
    Table {
        name: "refunds",
        key: &["id"],
        fill: |d| {
            d.id();
            d.parent("payment_id", "payments");
            d.member("requested_by");
            d.set("cause", "STAFF");
            d.set("status", "REQUESTED");
            d.set("amount_cents", "1");
            d.set("reason", "It was paid twice");
        },
    },
    Table {
        name: "payment_findings",
        key: &["id"],
        fill: |d| {
            d.id();
            d.set("kind", "UNKNOWN_INTENT");
            d.unique("subject");
            d.set("detail", "Nobody knows");
        },
    },
    Table {
        name: "receipt_counters",
        key: &["year"],
        fill: |d| {
            d.digits("year");
            d.set("last_number", "1");
        },
    },
    Table {
        name: "ledger_transactions",
        key: &["id"],
        fill: |d| {
            d.id();
            d.set("kind", "CHARGE");
        },
    },
    Table {
        name: "ledger_entries",
        key: &["transaction_id", "line"],
        fill: |d| {
            d.parent("transaction_id", "ledger_transactions");
            d.digits("line");
            d.set("account", "BANK");
            d.set("amount_cents", "5");
        },
    },
    Table {
        name: "stripe_events",
        key: &["id"],
        fill: |d| {
            d.id();
            d.set("type", "payment_intent.succeeded");
        },
    },
    Table {
        name: "idempotency_keys",
        key: &["user_id", "operation", "key"],
        fill: |d| {
            d.member("user_id");
            d.set("operation", "create_payment");
            d.unique("key");
            d.bytes("request_hash");
            d.set("expires_at", FUTURE);
        },
    },
];
