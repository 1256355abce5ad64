//! Jobs that have not been done for longer than their schedule allows.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "late-jobs",
    metric: "LateJobs",
    unit: Unit::Hours,
    limit: Limit::Above(0.0),
    sql: "
        SELECT expected.job AS subject,
            extract(epoch FROM clock.at - COALESCE(last.at, since.at))::float8 / 3600 - expected.hours AS value,
            jsonb_build_object('last', last.at, 'everyHours', expected.hours) AS details
        FROM clock
        CROSS JOIN LATERAL (VALUES ('audit-seal', 26), ('purge', 26), ('search-terms', 26), ('vacuum', 26), ('refresh-views', 26),
            ('reindex', 26), ('partitions', 26), ('billing', 26), ('files-sweep', 3), ('backup', 26),
            ('restore-drill', clock.backup_hours)) AS expected (job, hours)
        CROSS JOIN (SELECT min(started_at) AS at FROM job_runs) AS since
        LEFT JOIN LATERAL (
            SELECT max(started_at) AS at FROM job_runs
            WHERE job = expected.job AND state = 'COMPLETED' AND NOT details @> '{\"skipped\": true}' AND NOT details @> '{\"dryRun\": true}'
        ) AS last ON true
        WHERE COALESCE(last.at, since.at) < clock.at - expected.hours * interval '1 hour'
        ORDER BY 2 DESC",
    meaning: "A job has not come to a good end for longer than its schedule allows: that is off, or the job fails.",
};
