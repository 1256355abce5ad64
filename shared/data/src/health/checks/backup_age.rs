//! How old the newest backup is that a restore or a check has proven.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "backup-age",
    metric: "BackupAge",
    unit: Unit::Hours,
    limit: Limit::Above(26.0),
    sql: "
        SELECT '' AS subject, extract(epoch FROM clock.at - COALESCE(b.proven, b.since))::float8 / 3600 AS value,
            jsonb_build_object('newestProven', b.proven, 'newestStored', b.stored) AS details
        FROM clock, (
            SELECT (SELECT max(started_at) FROM backups WHERE state = 'PROVEN') AS proven,
                (SELECT max(started_at) FROM backups WHERE state IN ('PROVEN', 'STORED')) AS stored,
                -- While there has been none, as long as anything has run.
                least((SELECT min(started_at) FROM backups), (SELECT min(started_at) FROM job_runs)) AS since
        ) AS b
        WHERE COALESCE(b.proven, b.since) IS NOT NULL",
    meaning: "There is no proven backup of the last 26 hours: what happened since the newest one would be lost with the server.",
};
