//! Statements of requests that took long on average since the last look.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "slow-statements",
    metric: "SlowStatement",
    unit: Unit::Milliseconds,
    limit: Limit::Above(1000.0),
    sql: "
        SELECT s.queryid::text AS subject,
            CASE WHEN s.calls > b.calls THEN (s.total - b.total) / (s.calls - b.calls) WHEN s.calls = b.calls THEN 0 ELSE s.total / s.calls END
                AS value,
            jsonb_build_object('calls', s.calls, 'total', s.total) AS details
        FROM (
            SELECT queryid, sum(calls) AS calls, sum(total_exec_time) AS total
            FROM pg_stat_statements
            WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND userid IN (SELECT oid FROM pg_roles WHERE rolname IN ('portal_api', 'portal_auth', 'portal_admin'))
            GROUP BY queryid
            HAVING max(max_exec_time) > 1000
            ORDER BY sum(total_exec_time) / sum(calls) DESC
            LIMIT 20
        ) AS s
        LEFT JOIN LATERAL (
            SELECT (metadata ->> 'calls')::numeric AS calls, (metadata ->> 'total')::float8 AS total
            FROM clock, system_metrics
            WHERE metric = 'health.slow-statements' AND metadata ->> 'subject' = s.queryid::text
                AND recorded_at > clock.at - interval '30 minutes' AND recorded_at < clock.at
            ORDER BY recorded_at DESC
            LIMIT 1
        ) AS b ON true",
    meaning: "A statement of requests takes more than a second on average. Its text stands in pg_stat_statements under the id that is the subject.",
};
