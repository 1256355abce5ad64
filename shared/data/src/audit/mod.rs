//! The audit: browsing it, and its seals. A seal is what stands in `audit_log` and `admin_actions` for one UTC day, as one digest that also holds the digest of
//! the day before. `docs/audit.md` describes the canonical form for whoever wants to compute it with other means.

mod browse;
mod day;
mod digest;
mod seals;

pub use browse::{AuditFilters, AuditPage, AuditPosition, list as browse, total};
pub use day::{
    DayDigest, OldTransaction, digest_day, earliest_row, find_transaction_before, is_past_retention,
};
pub use digest::{Digest, Hasher};
pub use seals::{Seal, add, last, list};
