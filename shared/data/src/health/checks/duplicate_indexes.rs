//! Indexes that say the same as another.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "duplicate-indexes",
    metric: "DuplicateIndexes",
    unit: Unit::Count,
    limit: Limit::Above(0.0),
    sql: "
        SELECT min(n.relname::text) AS subject, (count(*) - 1)::float8 AS value, jsonb_build_object('indexes', jsonb_agg(n.relname)) AS details
        FROM pg_index AS i
        JOIN pg_class AS n ON n.oid = i.indexrelid AND n.relnamespace = 'public'::regnamespace
        JOIN pg_class AS t ON t.oid = i.indrelid AND NOT t.relispartition
        GROUP BY i.indrelid, i.indkey::text, i.indclass::text, i.indcollation::text, i.indoption::text,
            pg_get_expr(i.indexprs, i.indrelid), pg_get_expr(i.indpred, i.indrelid)
        HAVING count(*) > 1
        ORDER BY 1
        LIMIT 20",
    meaning: "Two indexes of a table are the same: every write keeps both, and one would do.",
};
