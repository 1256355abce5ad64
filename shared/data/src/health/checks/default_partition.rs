//! Rows that found no partition.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "default-partition",
    metric: "DefaultPartition",
    unit: Unit::Count,
    limit: Limit::Above(0.0),
    sql: "
        SELECT p.table_name AS subject, c.rows::float8 AS value, '{}'::jsonb AS details
        FROM partition_policies AS p
        CROSS JOIN LATERAL app.default_rows(p.table_name) AS c (rows)
        WHERE c.rows > 0
        ORDER BY 2 DESC",
    meaning: "Rows are in a default partition, since their period had none. The next run of partitions moves them; they are as safe as others.",
};
