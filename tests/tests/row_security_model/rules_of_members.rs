//! What a member may see and do in the portal, and a stranger: accounts, talk, money.

use portal_tests::rows::Row;

use crate::who::{Op, Question};

/// Rows that belong to one person, who does with them what is listed.
const OWN: &[(&str, &str, &[Op])] = &[
    ("users", "id", &[Op::Read, Op::Update, Op::Become]),
    ("user_roles", "user_id", &[Op::Read]),
    (
        "secure_data",
        "user_id",
        &[Op::Read, Op::Insert, Op::Update, Op::Become, Op::Delete],
    ),
    (
        "saved_searches",
        "user_id",
        &[Op::Read, Op::Insert, Op::Update, Op::Become, Op::Delete],
    ),
    (
        "idempotency_keys",
        "user_id",
        &[Op::Read, Op::Insert, Op::Update, Op::Become, Op::Delete],
    ),
    (
        "calendar_tokens",
        "user_id",
        &[Op::Read, Op::Insert, Op::Update, Op::Become, Op::Delete],
    ),
    ("member_blocks", "user_id", &[Op::Read, Op::Insert, Op::Delete]),
    (
        "conversations",
        "user_id",
        &[Op::Read, Op::Insert, Op::Update, Op::Become],
    ),
    (
        "notification_settings",
        "user_id",
        &[Op::Read, Op::Insert, Op::Update, Op::Become],
    ),
    ("admin_actions", "user_id", &[Op::Insert]),
];

/// Tables that the members' functions have no business with.
const NONE: &[&str] = &[
    "roles",
    "permissions",
    "role_permissions",
    "sessions",
    "known_devices",
    "login_attempts",
    "single_use_tokens",
    "mfa_recovery_codes",
    "totp_steps",
    "import_runs",
    "import_rejects",
    "import_changes",
    "stripe_events",
    "audit_log",
    "audit_seals",
    "system_metrics",
    "partition_policies",
    "partition_archives",
    "index_baselines",
    "view_refreshes",
    "health_alerts",
    "job_runs",
    "job_locks",
    "backups",
    "suspended_indexes",
    "suspensions",
    "merge_orders",
    "column_classes",
    "message_digests",
    "receipt_counters",
    "member_turns",
    "outbox",
];

pub fn api(q: &Question<'_>) -> Option<bool> {
    let name = q.row.table.name;
    if NONE.contains(&name) {
        return Some(false);
    }
    if let Some((_, owner, ops)) = OWN.iter().find(|(table, ..)| *table == name) {
        return Some(q.mine(owner) && q.op_in(ops));
    }
    Some(match name {
        "skills" | "membership_tiers" | "search_terms" | "licences" => q.op == Op::Read,
        "user_skills" => match q.op {
            Op::Read => q.signed_in(),
            // That a skill is verified is for staff to say; the column is not granted.
            Op::Insert => q.mine("user_id") && q.row.is("verified", "false"),
            _ => q.mine("user_id"),
        },
        // An upload begins as pending; the job that has looked at the object says that it is stored.
        "avatars" => {
            q.mine("user_id") && (q.op == Op::Read || q.op == Op::Insert && q.row.is("state", "PENDING"))
        }
        "messages" => match q.op {
            Op::Read => q.mine("sender_id") || q.mine("receiver_id"),
            Op::Insert => q.mine("sender_id") && takes_message(q),
            // Whether it was read, the receiver says.
            Op::Update | Op::Become => q.mine("receiver_id"),
            Op::Delete => false,
        },
        "message_reports" => match q.op {
            Op::Read => q.mine("reported_by"),
            Op::Insert => {
                let message = q.parent("messages", "message_id");
                q.mine("reported_by") && message.is_some_and(|message| q.is_me(message, "receiver_id"))
            }
            _ => false,
        },
        "announcements" => match q.op {
            Op::Delete => false,
            Op::Read => q.has("announcements.manage") || is_for(q),
            _ => q.has("announcements.manage"),
        },
        "announcement_reads" => match q.op {
            Op::Read => q.mine("user_id") || q.has("announcements.manage"),
            Op::Insert => q.mine("user_id"),
            _ => false,
        },
        "member_feedback" => match q.op {
            Op::Read | Op::Insert | Op::Update => q.mine("user_id"),
            // That it is worked on or solved, staff say.
            Op::Become => q.mine("user_id") && (q.row.is("status", "OPEN") || q.row.is("status", "CLOSED")),
            Op::Delete => false,
        },
        "feedback_replies" => {
            let ticket = q.parent("member_feedback", "feedback_id");
            let open =
                q.row.is("is_internal", "false") && ticket.is_some_and(|ticket| q.is_me(ticket, "user_id"));
            open && (q.op == Op::Read || q.op == Op::Insert && q.mine("author_id"))
        }
        "payments" => payment(q),
        "memberships" => q.op == Op::Read && (q.mine("user_id") || q.has("payments.read")),
        "membership_people" => {
            let membership = q.parent("memberships", "membership_id");
            let holds = membership.is_some_and(|membership| q.is_me(membership, "user_id"));
            match q.op {
                Op::Read => holds || q.mine("user_id"),
                Op::Insert | Op::Delete => holds,
                _ => false,
            }
        }
        // Who is invited reads and gives back what is for their own verified address, which none of those who are drawn have.
        "membership_invitations" => {
            let membership = q.parent("memberships", "membership_id");
            let holds = membership.is_some_and(|membership| q.is_me(membership, "user_id"));
            holds && q.op_in(&[Op::Read, Op::Insert, Op::Delete])
        }
        "refunds" => match q.op {
            Op::Read => {
                let payment = q.parent("payments", "payment_id");
                q.has("payments.read") || payment.is_some_and(|payment| q.is_me(payment, "user_id"))
            }
            Op::Insert => q.mine("requested_by") && q.has("payments.refund"),
            _ => false,
        },
        "payment_findings" => q.op == Op::Read && q.has("payments.read"),
        "ledger_transactions" | "ledger_entries" => {
            q.op == Op::Read && (q.has("payments.read") || q.has("reports.read"))
        }
        _ => return None,
    })
}

/// The payer begins a payment; what becomes of it, Stripe says, and jobs write down.
fn payment(q: &Question<'_>) -> bool {
    match q.op {
        Op::Read => q.mine("user_id") || q.has("payments.read"),
        Op::Insert => q.mine("user_id") && q.row.is("status", "PENDING"),
        Op::Update | Op::Become | Op::Delete => false,
    }
}

/// Whether the receiver takes messages at all, and of the caller. Everybody who is drawn is in the directory.
fn takes_message(q: &Question<'_>) -> bool {
    let receiver = q.row.get("receiver_id").unwrap_or_default();
    let known = q.world.find("users", Some(receiver)).is_some();
    let blocks = |block: &Row| block.is("user_id", receiver) && q.is_me(block, "blocked_id");
    let refuses =
        |settings: &Row| settings.is("user_id", receiver) && settings.is("accepts_messages", "false");
    known && !q.world.of("member_blocks").any(blocks) && !q.world.of("notification_settings").any(refuses)
}

/// Whether an announcement is out, and for the caller: all members, those of a type, or who holds a role today.
fn is_for(q: &Question<'_>) -> bool {
    let out =
        q.row.get("deleted_at").is_none() && is_past(q.row, "publish_at") && !is_past(q.row, "expires_at");
    let me = q.who.member.map(|me| me.to_string());
    let meant = match q.row.get("audience") {
        Some("ALL") => true,
        Some("MEMBER_TYPE") => {
            let account = q.world.find("users", me.as_deref());
            account.is_some_and(|account| account.get("member_type") == q.row.get("audience_member_type"))
        }
        _ => q.world.of("user_roles").any(|held| {
            q.is_me(held, "user_id")
                && held.get("role_id") == q.row.get("audience_role_id")
                && !is_past(held, "expires_at")
        }),
    };
    q.signed_in() && out && meant
}

/// The drawn times are of 2019 and 2020, or of the next century.
pub(crate) fn is_past(row: &Row, column: &str) -> bool {
    row.get(column).is_some_and(|at| at.starts_with("20"))
}
