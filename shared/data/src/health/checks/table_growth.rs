//! How much the largest tables have grown in a week.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "table-growth",
    metric: "TableGrowth",
    unit: Unit::Percent,
    limit: Limit::Above(100.0),
    sql: "
        SELECT t.name AS subject,
            CASE WHEN t.bytes > 100 * 1024 * 1024 AND b.bytes > 0 THEN 100 * (t.bytes - b.bytes)::float8 / b.bytes ELSE 0 END AS value,
            jsonb_build_object('bytes', t.bytes) AS details
        FROM (
            SELECT COALESCE(r.relname, c.relname)::text AS name, sum(pg_total_relation_size(c.oid))::bigint AS bytes
            FROM pg_class AS c
            LEFT JOIN pg_class AS r ON r.oid = pg_partition_root(c.oid)
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'm')
            GROUP BY 1
            ORDER BY 2 DESC
            LIMIT 10
        ) AS t
        LEFT JOIN LATERAL (
            SELECT (metadata ->> 'bytes')::bigint AS bytes
            FROM clock, system_metrics
            WHERE metric = 'health.table-growth' AND metadata ->> 'subject' = t.name
                AND recorded_at > clock.at - interval '7 days' AND recorded_at < clock.at - interval '1 day'
            ORDER BY recorded_at
            LIMIT 1
        ) AS b ON true",
    meaning: "A large table has doubled within a week.",
};
