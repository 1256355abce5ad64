//! Rows that found no partition.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "default-partition",
    metric: "DefaultPartition",
    unit: Unit::Count,
    limit: Limit::Above(0.0),
    sql: "
        SELECT p.table_name AS subject, s.n_live_tup::float8 AS value, '{}'::jsonb AS details
        FROM partition_policies AS p
        JOIN pg_stat_user_tables AS s ON s.relname = p.table_name || '_default' AND s.schemaname = 'public'
        WHERE s.n_live_tup > 0
        ORDER BY 2 DESC",
    meaning: "Rows are in a default partition, since their period had none. The next run of partitions moves them; they are as safe as others.",
};
