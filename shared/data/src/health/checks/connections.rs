//! Connections to the database by what they do: history, without an alarm.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "connections",
    metric: "Connections",
    unit: Unit::Count,
    limit: Limit::Never,
    sql: "
        SELECT COALESCE(state, 'unknown') AS subject, count(*)::float8 AS value, '{}'::jsonb AS details
        FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type = 'client backend'
        GROUP BY 1
        ORDER BY 2 DESC",
    meaning: "Connections by state.",
};
