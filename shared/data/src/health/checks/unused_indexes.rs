//! Large indexes that nothing has read for a month.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "unused-indexes",
    metric: "UnusedIndex",
    unit: Unit::Megabytes,
    limit: Limit::Above(10.0),
    sql: "
        SELECT s.indexrelname::text AS subject, pg_relation_size(s.indexrelid) / 1048576.0::float8 AS value,
            jsonb_build_object('table', s.relname, 'since', d.stats_reset) AS details
        FROM clock, pg_stat_user_indexes AS s
        JOIN pg_index AS i ON i.indexrelid = s.indexrelid
        JOIN pg_class AS c ON c.oid = s.relid
        JOIN pg_stat_database AS d ON d.datname = current_database()
        WHERE s.idx_scan = 0 AND NOT i.indisunique AND NOT i.indisexclusion AND NOT c.relispartition
            AND d.stats_reset < clock.at - interval '30 days' AND pg_relation_size(s.indexrelid) > 10 * 1024 * 1024
        ORDER BY 2 DESC
        LIMIT 20",
    meaning: "No query has read an index for a month, and every write keeps it.",
};
