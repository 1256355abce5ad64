//! The checks, each a file: its statement, its limit and what it means.

mod backup_age;
mod blocked_queries;
mod cache_hits;
mod connections;
mod database_size;
mod dead_rows;
mod default_partition;
mod disk_use;
mod duplicate_indexes;
mod failed_jobs;
mod failed_mails;
mod index_bloat;
mod invalid_indexes;
mod late_jobs;
mod missing_indexes;
mod old_transactions;
mod outbox_backlog;
mod partition_runway;
mod pool_use;
mod replica_lag;
mod replication_slots;
mod slow_queries;
mod slow_statements;
mod stuck_jobs;
mod table_growth;
mod unsealed_days;
mod unused_indexes;
mod wraparound;

use super::Check;

/// Every check, in the order in which a report shows them.
pub const CHECKS: [&Check; 28] = [
    &connections::CHECK,
    &pool_use::CHECK,
    &cache_hits::CHECK,
    &slow_queries::CHECK,
    &slow_statements::CHECK,
    &blocked_queries::CHECK,
    &old_transactions::CHECK,
    &dead_rows::CHECK,
    &index_bloat::CHECK,
    &unused_indexes::CHECK,
    &missing_indexes::CHECK,
    &duplicate_indexes::CHECK,
    &invalid_indexes::CHECK,
    &wraparound::CHECK,
    &replica_lag::CHECK,
    &replication_slots::CHECK,
    &table_growth::CHECK,
    &database_size::CHECK,
    &disk_use::CHECK,
    &partition_runway::CHECK,
    &default_partition::CHECK,
    &backup_age::CHECK,
    &failed_jobs::CHECK,
    &stuck_jobs::CHECK,
    &late_jobs::CHECK,
    &outbox_backlog::CHECK,
    &failed_mails::CHECK,
    &unsealed_days::CHECK,
];
