//! The oldest open transaction of each application.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "old-transactions",
    metric: "OldTransaction",
    unit: Unit::Seconds,
    limit: Limit::Above(3600.0),
    sql: "
        SELECT COALESCE(application_name, '') AS subject,
            max(extract(epoch FROM clock_timestamp() - xact_start))::float8 AS value,
            jsonb_build_object('pids', jsonb_agg(pid), 'states', jsonb_agg(DISTINCT state)) AS details
        FROM pg_stat_activity
        WHERE datname = current_database() AND xact_start < clock_timestamp() - interval '1 minute'
            AND backend_type IN ('client backend', 'parallel worker')
        GROUP BY 1
        ORDER BY 2 DESC
        LIMIT 20",
    meaning: "A transaction has been open for more than an hour. Until it ends nothing that died since is cleaned up, the audit is not sealed, and saved searches wait.",
};
