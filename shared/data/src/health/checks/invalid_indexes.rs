//! Indexes that no query uses, since their making was cut short.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "invalid-indexes",
    metric: "InvalidIndexes",
    unit: Unit::Count,
    limit: Limit::Above(0.0),
    sql: "
        SELECT c.relname::text AS subject, 1::float8 AS value, jsonb_build_object('table', i.indrelid::regclass::text) AS details
        FROM pg_index AS i
        JOIN pg_class AS c ON c.oid = i.indexrelid
        WHERE NOT i.indisvalid AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index AS p WHERE p.relid = i.indrelid)
        ORDER BY 1
        LIMIT 20",
    meaning: "An index was left half made: writes keep it and no query uses it. The step reindex ends or removes it.",
};
