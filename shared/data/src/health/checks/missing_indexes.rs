//! Rows that sequential scans of a table read on average since the last look.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "missing-indexes",
    metric: "SequentialRows",
    unit: Unit::Count,
    limit: Limit::Above(10000.0),
    sql: "
        SELECT t.relname::text AS subject,
            CASE WHEN t.seq_scan - b.scans >= 50 THEN (t.seq_tup_read - b.rows)::float8 / (t.seq_scan - b.scans) ELSE 0 END AS value,
            jsonb_build_object('scans', t.seq_scan, 'rows', t.seq_tup_read) AS details
        FROM (
            SELECT relname, seq_scan, seq_tup_read FROM pg_stat_user_tables WHERE n_live_tup > 10000 ORDER BY seq_tup_read DESC LIMIT 20
        ) AS t
        LEFT JOIN LATERAL (
            SELECT (metadata ->> 'scans')::bigint AS scans, (metadata ->> 'rows')::bigint AS rows
            FROM clock, system_metrics
            WHERE metric = 'health.missing-indexes' AND metadata ->> 'subject' = t.relname::text
                AND recorded_at > clock.at - interval '30 minutes' AND recorded_at < clock.at
            ORDER BY recorded_at DESC
            LIMIT 1
        ) AS b ON true",
    meaning: "A large table is read from end to end again and again: fifty times or more since the last look. A query has no index that it could use.",
};
