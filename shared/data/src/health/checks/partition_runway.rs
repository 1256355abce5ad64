//! For how many periods to come each table has partitions.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "partition-runway",
    metric: "PartitionRunway",
    unit: Unit::Count,
    limit: Limit::Below(2.0),
    sql: "
        SELECT p.table_name AS subject, count(f.name) FILTER (WHERE f.from_at > clock.at)::float8 AS value,
            jsonb_build_object('until', max(f.until_at)) AS details
        FROM clock, partition_policies AS p
        LEFT JOIN LATERAL (
            -- Up to the first gap: what lies behind one prepares nothing.
            SELECT o.name, o.from_at, o.until_at, sum(o.gap) OVER (ORDER BY o.from_at) AS gaps
            FROM (
                SELECT a.*, (a.from_at > (SELECT at FROM clock) AND a.from_at IS DISTINCT FROM lag(a.until_at) OVER (ORDER BY a.from_at))::int
                    AS gap
                FROM app.partitions(p.table_name) AS a
                WHERE a.until_at > (SELECT at FROM clock)
            ) AS o
        ) AS f ON f.gaps = 0
        GROUP BY p.table_name, clock.at
        ORDER BY 2, 1",
    meaning: "A table has partitions for fewer than two periods to come: the function partitions has not run, or fails. No row is lost, the default partition takes them.",
};
