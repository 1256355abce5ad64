//! How much room a large index takes, by the least that it was seen to take for its rows.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "index-bloat",
    metric: "IndexBloat",
    unit: Unit::Percent,
    limit: Limit::Above(300.0),
    sql: "
        SELECT c.relname::text AS subject,
            100 * pg_relation_size(c.oid) / greatest(c.reltuples, 1) / b.bytes_per_row AS value,
            jsonb_build_object('bytes', pg_relation_size(c.oid), 'rows', c.reltuples) AS details
        FROM index_baselines AS b
        JOIN pg_class AS c ON c.oid = to_regclass(format('public.%I', b.index_name)) AND c.relkind = 'i'
        WHERE pg_relation_size(c.oid) > 10 * 1024 * 1024 AND c.reltuples > 0
        ORDER BY 2 DESC
        LIMIT 20",
    meaning: "An index takes three times the room that its rows need. The step reindex rebuilds at twice the room: it does not come to it, or fails.",
};
