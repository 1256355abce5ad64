//! The rules of the product, table by table, said once more and in another way than the policies say them.
//!
//! From the design: "People-facing rows" are their owner's; permissions are `resource.action` rows; bids are sealed; messages are for two
//! people; sign-in's secrets are for `portal_auth` alone; jobs have narrow grants; nobody changes what was logged.

use portal_tests::rows::Row;

use crate::rules_of_members as members;
use crate::rules_of_work as work;
use crate::who::{Op, Question, Role};

/// Whether the row may be read, inserted, changed or deleted; none for a table without rules.
pub fn allows(q: &Question<'_>) -> Option<bool> {
    let allowed = match q.role {
        Role::Jobs => jobs(q),
        Role::Auth => auth(q),
        Role::Api => members::api(q).or_else(|| work::api(q)),
        Role::Admin => admin(q),
    };
    // A change or a deletion names its rows, so it takes reading them.
    let sees =
        || q.op != Op::Update && q.op != Op::Delete || allows(&Question { op: Op::Read, ..*q }) == Some(true);
    allowed.map(|allowed| allowed && sees())
}

const READ: &[Op] = &[Op::Read];
const ALL: &[Op] = &[Op::Read, Op::Insert, Op::Update, Op::Become, Op::Delete];
const READ_AND_CHANGE: &[Op] = &[Op::Read, Op::Update, Op::Become];
const READ_ADD_CHANGE: &[Op] = &[Op::Read, Op::Insert, Op::Update, Op::Become];

/// Jobs act for nobody, on the tables of their work: import, mail, billing, webhooks, files, search terms, re-encryption.
fn jobs(q: &Question<'_>) -> Option<bool> {
    let ops = match q.row.table.name {
        "california_contractors"
        | "licences"
        | "import_runs"
        | "import_rejects"
        | "import_changes"
        | "outbox"
        | "search_terms" => ALL,
        "projects" | "payments" | "memberships" | "stripe_events" | "refunds" | "payment_findings"
        | "receipt_counters" | "job_runs" => READ_ADD_CHANGE,
        // They count messages and bids by these columns, without the words.
        "users"
        | "secure_data"
        | "announcements"
        | "saved_searches"
        | "events"
        | "event_registrations"
        | "courses"
        | "course_enrollments" => READ_AND_CHANGE,
        // They find out what was uploaded, sweep what was not, and make the addendum that a new file is.
        "project_files" | "event_files" | "avatars" => &[Op::Read, Op::Update, Op::Become, Op::Delete],
        "ledger_transactions" | "ledger_entries" | "system_metrics" | "addenda" => &[Op::Read, Op::Insert],
        "single_use_tokens" => &[Op::Read, Op::Insert, Op::Delete],
        "skills"
        | "membership_tiers"
        | "user_skills"
        | "project_applications"
        | "messages"
        | "conversations"
        | "notification_settings"
        | "membership_people" => READ,
        // A digest is made of the row, which is gone then.
        "message_digests" => &[Op::Read, Op::Update, Op::Become, Op::Delete],
        "roles"
        | "permissions"
        | "role_permissions"
        | "user_roles"
        | "sessions"
        | "known_devices"
        | "login_attempts"
        | "mfa_recovery_codes"
        | "project_invitations"
        | "imported_projects"
        | "application_events"
        | "totp_steps"
        | "addendum_acknowledgements"
        | "course_modules"
        | "module_progress"
        | "member_blocks"
        | "message_reports"
        | "announcement_reads"
        | "member_feedback"
        | "feedback_replies"
        | "idempotency_keys"
        | "calendar_tokens"
        | "membership_invitations"
        | "admin_actions"
        | "audit_log"
        | "audit_seals"
        | "partition_policies"
        | "partition_archives"
        | "index_baselines"
        | "view_refreshes"
        | "health_alerts"
        | "job_locks"
        | "backups"
        | "suspended_indexes"
        | "member_turns"
        | "suspensions"
        | "merge_orders"
        | "column_classes" => &[],
        _ => return None,
    };
    Some(q.op_in(ops))
}

/// Sign-in works before there is a caller, and with nothing but accounts, sign-ins and what a token says of roles.
fn auth(q: &Question<'_>) -> Option<bool> {
    let ops = match q.row.table.name {
        "sessions" | "known_devices" | "login_attempts" | "single_use_tokens" | "mfa_recovery_codes"
        | "totp_steps" => ALL,
        "users" => READ_ADD_CHANGE,
        "roles" | "user_roles" | "role_permissions" | "permissions" => READ,
        "outbox" => &[Op::Insert],
        "idempotency_keys" => return Some(q.mine("user_id")),
        _ => return jobs(q).map(|_| false),
    };
    Some(q.op_in(ops))
}

/// The admin function shows and does what the caller's permissions name, and nothing without one.
fn admin(q: &Question<'_>) -> Option<bool> {
    let reads = |permission: &str| q.op == Op::Read && q.has(permission);
    let manages = |read: &str, change: &str, ops: &[Op]| reads(read) || q.op_in(ops) && q.has(change);
    let changes = [Op::Update, Op::Become].as_slice();
    let adds = [Op::Insert, Op::Become].as_slice();
    let edits = [Op::Insert, Op::Update, Op::Become, Op::Delete].as_slice();
    let allowed = match q.row.table.name {
        "users" => q.op == Op::Read && q.mine("id") || manages("users.read", "users.manage", changes),
        "user_skills" | "sessions" => manages("users.read", "users.manage", changes),
        "roles" if q.op == Op::Insert => q.has("roles.manage") && !q.row.is("is_system", "true"),
        "roles" if q.op == Op::Delete => {
            q.has("roles.manage") && !q.row.is("is_system", "true") && gives(q, "id")
        }
        "roles" => manages("users.read", "roles.manage", changes),
        // Nobody gives, takes or edits what they do not have, nor gives it for longer.
        "user_roles" => {
            let until = q.row.get("expires_at");
            reads("users.read")
                || q.op_in(edits)
                    && q.has("roles.manage")
                    && gives(q, "role_id")
                    && (!q.op_in(adds) || gives_until(q, until))
        }
        "role_permissions" => {
            reads("users.read")
                || q.op_in(edits)
                    && q.has("roles.manage")
                    && has_parent(q, q.row)
                    && (!q.op_in(adds) || has_parent_until(q, q.row, None))
        }
        "merge_orders" => {
            reads("users.read")
                || q.op == Op::Update && q.has("users.manage")
                || q.op_in(adds) && q.has("users.manage") && q.mine("ordered_by")
        }
        "suspensions" => {
            reads("users.read")
                || q.op == Op::Insert && q.has("users.manage") && q.mine("suspended_by")
                || q.op == Op::Delete && q.has("users.manage")
        }
        "permissions" => reads("users.read"),
        "skills" => q.op == Op::Read || q.op_in(&[Op::Insert, Op::Delete]) && q.has("users.manage"),
        "membership_tiers" => {
            q.op == Op::Read || q.op_in(&[Op::Insert, Op::Update, Op::Become]) && q.has("payments.manage")
        }
        "search_terms" | "licences" => q.op == Op::Read,
        "california_contractors" => q.op_in(READ_AND_CHANGE) && q.has("contractors.outreach"),
        // To have an import taken back is asked for in the caller's own name.
        "import_runs" => {
            let names_me = q.op != Op::Become || q.mine("undo_requested_by");
            q.op_in(READ_AND_CHANGE) && q.has("imports.manage") && names_me
        }
        "import_rejects" | "import_changes" => reads("imports.manage"),
        "projects"
        | "project_applications"
        | "events"
        | "event_registrations"
        | "courses"
        | "course_enrollments" => reads("reports.read"),
        "message_reports" => q.op_in(READ_AND_CHANGE) && q.has("messages.moderate"),
        "member_feedback" => q.op_in(READ_AND_CHANGE) && q.has("feedback.manage"),
        "feedback_replies" => {
            reads("feedback.manage") || q.op == Op::Insert && q.mine("author_id") && q.has("feedback.manage")
        }
        "payments" | "refunds" | "ledger_transactions" | "ledger_entries" => {
            reads("payments.read") || reads("reports.read")
        }
        "payment_findings" => manages("payments.read", "payments.manage", changes),
        "memberships" => reads("users.read") || reads("reports.read"),
        "idempotency_keys" => q.mine("user_id"),
        "outbox" => q.op == Op::Insert,
        "admin_actions" => reads("audit.read") || q.op == Op::Insert && q.mine("user_id"),
        "audit_log" => reads("audit.read"),
        "system_metrics" | "job_runs" | "audit_seals" | "backups" | "partition_policies"
        | "partition_archives" | "health_alerts" => reads("system.read"),
        _ => return jobs(q).map(|_| false),
    };
    Some(allowed)
}

/// Whether the caller has every permission of the role that a column names.
fn gives(q: &Question<'_>, column: &str) -> bool {
    let role = q.row.get(column).unwrap_or_default();
    let of_role = q
        .world
        .of("role_permissions")
        .filter(|allowed| allowed.is("role_id", role));
    of_role.into_iter().all(|allowed| has_parent(q, allowed))
}

/// Whether the caller has every permission of a row's role until then; for good where there is no end.
fn gives_until(q: &Question<'_>, until: Option<&str>) -> bool {
    let role = q.row.get("role_id").unwrap_or_default();
    let mut of_role = q
        .world
        .of("role_permissions")
        .filter(|allowed| allowed.is("role_id", role));
    of_role.all(|allowed| has_parent_until(q, allowed, until))
}

/// Whether the caller has the permission that a row of `role_permissions` is about until then. The drawn ends are long past or of the next
/// century; roles that the caller holds until tomorrow are no drawn rows.
fn has_parent_until(q: &Question<'_>, allowed: &Row, until: Option<&str>) -> bool {
    let Some(name) = name_of_parent(q, allowed) else {
        return false;
    };
    if until.is_some_and(|until| until.starts_with("20")) {
        return has_parent(q, allowed);
    }
    let mut held = q.world.of("user_roles");
    q.who.lasting.contains(name.as_str())
        || held.any(|held| {
            let lasts =
                held.get("expires_at").is_none() || until.is_some() && !members::is_past(held, "expires_at");
            q.is_me(held, "user_id") && lasts && allows_by_name(q, held, &name)
        })
}

/// Whether a held role allows what has this name.
fn allows_by_name(q: &Question<'_>, held: &Row, name: &str) -> bool {
    let mut of_role = q.world.of("role_permissions");
    of_role.any(|other| {
        other.get("role_id") == held.get("role_id") && name_of_parent(q, other).as_deref() == Some(name)
    })
}

/// Whether the caller has the permission that a row of `role_permissions` is about: by its name, which a role of those that are drawn may
/// allow too.
fn has_parent(q: &Question<'_>, allowed: &Row) -> bool {
    let Some(name) = name_of_parent(q, allowed) else {
        return false;
    };
    let mut held = q.world.of("user_roles");
    q.has(&name)
        || held.any(|held| {
            q.is_me(held, "user_id")
                && !members::is_past(held, "expires_at")
                && allows_by_name(q, held, &name)
        })
}

fn name_of_parent(q: &Question<'_>, allowed: &Row) -> Option<String> {
    let permission = q.world.find("permissions", allowed.get("permission_id"))?;
    permission.get("name").map(str::to_owned)
}
