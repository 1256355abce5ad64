//! Jobs whose last run failed.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "failed-jobs",
    metric: "FailedJobs",
    unit: Unit::Count,
    limit: Limit::Above(0.0),
    sql: "
        SELECT last.job AS subject, 1::float8 AS value, jsonb_build_object('run', last.id, 'error', left(last.error, 500)) AS details
        FROM clock, (
            SELECT DISTINCT ON (job) job, id, state, error, started_at
            FROM job_runs
            WHERE state <> 'RUNNING'
            ORDER BY job, started_at DESC
        ) AS last
        WHERE last.state = 'FAILED' AND last.started_at > clock.at - interval '8 days'
        ORDER BY 1
        LIMIT 20",
    meaning: "The last run of a job failed; the details say why.",
};
