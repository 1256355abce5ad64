//! How many of a table's rows are dead.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "dead-rows",
    metric: "DeadRows",
    unit: Unit::Percent,
    limit: Limit::Above(20.0),
    sql: "
        SELECT relname::text AS subject, 100 * n_dead_tup::float8 / (n_live_tup + n_dead_tup) AS value,
            jsonb_build_object('dead', n_dead_tup, 'live', n_live_tup, 'lastVacuum', greatest(last_vacuum, last_autovacuum)) AS details
        FROM pg_stat_user_tables
        WHERE n_dead_tup >= 10000
        ORDER BY 2 DESC
        LIMIT 20",
    meaning: "More than a fifth of a table's rows are dead, although VACUUM should have been there: every scan reads them.",
};
