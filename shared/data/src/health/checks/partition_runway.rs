//! For how many periods to come each table has partitions.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "partition-runway",
    metric: "PartitionRunway",
    unit: Unit::Count,
    limit: Limit::Below(2.0),
    sql: "
        SELECT p.table_name AS subject, count(f.name)::float8 AS value, jsonb_build_object('until', max(f.until_at)) AS details
        FROM clock, partition_policies AS p
        LEFT JOIN LATERAL app.partitions(p.table_name) AS f ON f.from_at > (SELECT at FROM clock)
        GROUP BY p.table_name
        ORDER BY 2, 1",
    meaning: "A table has partitions for fewer than two periods to come: the function partitions has not run, or fails. No row is lost, the default partition takes them.",
};
