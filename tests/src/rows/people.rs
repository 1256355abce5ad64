//! Accounts, permissions and sign-in.

use super::Table;

const PAST: &str = "2020-01-01 00:00:00+00";
const FUTURE: &str = "2120-01-01 00:00:00+00";

pub(super) const TABLES: &[Table] = &[
    Table {
        name: "users",
        key: &["id"],
        fill: |d| {
            d.id();
            d.set("email", "somebody@example.org");
            d.set("password_hash", "x");
            d.set("first_name", "Some");
            d.set("last_name", "Body");
            d.pick("member_type", &["REGULAR", "ADMIN"]);
            d.flag("is_active");
            d.maybe("approved_at", &[PAST]);
            d.maybe("deleted_at", &[PAST]);
        },
    },
    Table {
        name: "roles",
        key: &["id"],
        fill: |d| {
            d.id();
            d.set("name", "drawn");
            d.set("description", "drawn");
            d.flag("is_system");
        },
    },
    Table {
        name: "permissions",
        key: &["id"],
        fill: |d| {
            d.id();
            d.set("name", "drawn.drawn");
            d.set("description", "drawn");
        },
    },
    Table {
        name: "role_permissions",
        key: &["role_id", "permission_id"],
        fill: |d| {
            d.parent("role_id", "roles");
            d.parent("permission_id", "permissions");
        },
    },
    Table {
        name: "user_roles",
        key: &["user_id", "role_id"],
        fill: |d| {
            d.member("user_id");
            d.parent("role_id", "roles");
            d.maybe("expires_at", &[PAST, FUTURE]);
        },
    },
    Table {
        name: "skills",
        key: &["name"],
        fill: |d| d.unique("name"),
    },
    Table {
        name: "user_skills",
        key: &["user_id", "skill"],
        fill: |d| {
            d.member("user_id");
            d.parent("skill", "skills");
            d.pick("level", &["BEGINNER", "EXPERT"]);
            d.flag("verified");
        },
    },
    Table {
        name: "sessions",
        key: &["id"],
        fill: |d| {
            d.id();
            d.member("user_id");
            d.bytes("refresh_token_hash");
            d.set("expires_at", FUTURE);
        },
    },
    Table {
        name: "known_devices",
        key: &["user_id", "device_hash"],
        fill: |d| {
            d.member("user_id");
            d.bytes("device_hash");
        },
    },
    Table {
        name: "login_attempts",
        key: &["subject_kind", "subject_hash"],
        fill: |d| {
            d.pick("subject_kind", &["ACCOUNT", "ADDRESS", "DEVICE"]);
            d.bytes("subject_hash");
            d.member("user_id");
        },
    },
    Table {
        name: "single_use_tokens",
        key: &["token_hash"],
        fill: |d| {
            d.bytes("token_hash");
            d.member("user_id");
            d.pick("purpose", &["VERIFY_EMAIL", "RESET_PASSWORD", "CALENDAR"]);
        },
    },
    Table {
        name: "mfa_recovery_codes",
        key: &["user_id", "code_hash"],
        fill: |d| {
            d.member("user_id");
            d.bytes("code_hash");
        },
    },
    Table {
        name: "secure_data",
        key: &["user_id", "kind"],
        fill: |d| {
            d.member("user_id");
            d.pick("kind", &["SSN", "EIN", "BANK_ACCOUNT", "BANK_ROUTING"]);
            d.set("key_id", "k1");
            d.bytes("ciphertext");
        },
    },
    Table {
        name: "totp_steps",
        key: &["user_id"],
        fill: |d| {
            d.member("user_id");
            d.set("step", "1");
        },
    },
    Table {
        name: "suspensions",
        key: &["user_id"],
        fill: |d| {
            d.member("user_id");
            d.set("reason", "r");
            d.member("suspended_by");
        },
    },
    Table {
        name: "merge_orders",
        key: &["keep_id", "merge_id"],
        fill: |d| {
            d.pair("keep_id", "merge_id");
            d.member("ordered_by");
            d.set("reason", "r");
        },
    },
    Table {
        name: "avatars",
        key: &["id"],
        fill: |d| {
            d.id();
            d.member("user_id");
            d.unique("object_key");
            d.set("media_type", "image/png");
            d.set("size_bytes", "1");
            d.set("checksum_sha256", "x");
            d.pick("state", &["PENDING", "STORED"]);
        },
    },
];
