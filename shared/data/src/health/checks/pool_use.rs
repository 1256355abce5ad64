//! How many of the server's connections are in use.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "pool-use",
    metric: "PoolUse",
    unit: Unit::Percent,
    limit: Limit::Above(80.0),
    sql: "
        SELECT '' AS subject, 100 * sum(connections) / current_setting('max_connections')::float8 AS value,
            jsonb_build_object('connections', sum(connections), 'byRole', jsonb_object_agg(role, connections)) AS details
        FROM (
            SELECT COALESCE(usename::text, 'unknown') AS role, count(*)::float8 AS connections
            FROM pg_stat_activity
            WHERE backend_type IN ('client backend', 'walsender')
            GROUP BY 1
        ) AS of_role",
    meaning: "More than four fifths of the server's connections are in use. When none is left, requests wait, and are refused after three seconds.",
};
