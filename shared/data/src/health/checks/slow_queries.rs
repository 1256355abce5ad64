//! The longest statement of a request that is running in this moment.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "slow-queries",
    metric: "SlowQuery",
    unit: Unit::Seconds,
    limit: Limit::Above(1.0),
    sql: "
        SELECT COALESCE(application_name, '') AS subject,
            max(extract(epoch FROM clock_timestamp() - query_start))::float8 AS value,
            jsonb_build_object('pids', jsonb_agg(pid), 'queryIds', jsonb_agg(query_id::text)) AS details
        FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'active' AND usename IN ('portal_api', 'portal_auth', 'portal_admin')
            AND clock_timestamp() - query_start > interval '100 milliseconds'
        GROUP BY 1
        ORDER BY 2 DESC
        LIMIT 20",
    meaning: "A statement of a request has been running for more than a second: somebody waits for it.",
};
