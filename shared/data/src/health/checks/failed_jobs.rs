//! Jobs whose last run failed.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "failed-jobs",
    metric: "FailedJobs",
    unit: Unit::Count,
    limit: Limit::Above(0.0),
    sql: r#"
        SELECT last.job AS subject, 1::float8 AS value, jsonb_build_object('run', last.id, 'error', left(last.error, 500)) AS details
        FROM (
            SELECT DISTINCT ON (job) job, id, state, error, started_at
            FROM job_runs
            -- One that found another at work, or only said what would be done, has ended nothing.
            WHERE state <> 'RUNNING' AND NOT details @> '{"skipped": true}' AND NOT details @> '{"dryRun": true}'
            ORDER BY job, started_at DESC
        ) AS last
        WHERE last.state = 'FAILED'
        ORDER BY 1
        LIMIT 20"#,
    meaning: "The last run of a job failed; the details say why.",
};
