//! Runs that have shown no sign of life for long.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "stuck-jobs",
    metric: "StuckJobs",
    unit: Unit::Minutes,
    limit: Limit::Above(20.0),
    sql: "
        SELECT job AS subject, max(extract(epoch FROM clock.at - heartbeat_at))::float8 / 60 AS value, jsonb_build_object('runs', jsonb_agg(id)) AS details
        FROM clock, job_runs
        WHERE state = 'RUNNING' AND job <> 'health'
        GROUP BY job
        HAVING max(clock.at - heartbeat_at) > interval '0'
        ORDER BY 2 DESC
        LIMIT 20",
    meaning: "A run has shown no sign of life for longer than an invocation lasts: it died. The next one makes good what it left.",
};
