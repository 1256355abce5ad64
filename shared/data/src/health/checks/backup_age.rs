//! How old the newest backup is that a drill has proven. From where on that is too old can be set: PORTAL_HEALTH_BACKUP_HOURS.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "backup-age",
    metric: "BackupAge",
    unit: Unit::Hours,
    limit: Limit::Above(26.0),
    sql: "
        SELECT '' AS subject, extract(epoch FROM clock.at - COALESCE(b.proven, b.since))::float8 / 3600 AS value,
            jsonb_build_object('newestProven', b.proven, 'newestStored', b.stored, 'datedAhead', b.ahead) AS details
        FROM clock, LATERAL (
            -- What is dated from the future, by a clock that was wrong, says nothing of now.
            SELECT (SELECT max(started_at) FROM backups WHERE state = 'PROVEN' AND started_at <= clock.at + interval '1 hour') AS proven,
                (SELECT max(started_at) FROM backups
                    WHERE state IN ('PROVEN', 'STORED') AND started_at <= clock.at + interval '1 hour') AS stored,
                (SELECT count(*) FROM backups WHERE started_at > clock.at + interval '1 hour') AS ahead,
                -- While there has been none, as long as anything has run.
                least((SELECT min(started_at) FROM backups), (SELECT min(started_at) FROM job_runs)) AS since
        ) AS b
        WHERE COALESCE(b.proven, b.since) IS NOT NULL",
    meaning: "There is no proven backup that is young enough: what happened since the newest one would be lost with the server.",
};
