//! How long somebody has been waiting for a lock.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "blocked-queries",
    metric: "BlockedQuery",
    unit: Unit::Seconds,
    limit: Limit::Above(30.0),
    sql: "
        SELECT COALESCE(a.application_name, '') AS subject,
            max(extract(epoch FROM clock_timestamp() - l.waitstart))::float8 AS value,
            jsonb_build_object('pids', jsonb_agg(DISTINCT a.pid), 'blockedBy', jsonb_agg(DISTINCT pg_blocking_pids(a.pid))) AS details
        FROM pg_locks AS l
        JOIN pg_stat_activity AS a ON a.pid = l.pid
        WHERE NOT l.granted AND l.waitstart IS NOT NULL AND a.datname = current_database()
        GROUP BY 1
        ORDER BY 2 DESC
        LIMIT 20",
    meaning: "A statement has been waiting for a lock for more than half a minute; who holds it is in the details.",
};
