//! How many of the blocks that were asked for since the last look were in memory.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "cache-hits",
    metric: "CacheHits",
    unit: Unit::Percent,
    limit: Limit::Below(90.0),
    sql: "
        SELECT '' AS subject,
            CASE WHEN d.hit - b.hit + d.read - b.read >= 10000 AND d.hit >= b.hit AND d.read >= b.read
                THEN 100 * (d.hit - b.hit)::float8 / (d.hit - b.hit + d.read - b.read) ELSE 100 END AS value,
            jsonb_build_object('hit', d.hit, 'read', d.read) AS details
        FROM (SELECT blks_hit AS hit, blks_read AS read FROM pg_stat_database WHERE datname = current_database()) AS d
        LEFT JOIN LATERAL (
            SELECT (metadata ->> 'hit')::bigint AS hit, (metadata ->> 'read')::bigint AS read
            FROM clock, system_metrics
            WHERE metric = 'health.cache-hits' AND recorded_at > clock.at - interval '30 minutes' AND recorded_at < clock.at
            ORDER BY recorded_at DESC
            LIMIT 1
        ) AS b ON true",
    meaning: "More than a tenth of the blocks that queries asked for had to be read from disk. Memory is short, or a query reads far more than it should.",
};
