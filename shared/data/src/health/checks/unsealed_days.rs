//! Days of the audit that are over and not sealed.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "unsealed-days",
    metric: "UnsealedDays",
    unit: Unit::Count,
    limit: Limit::Above(1.0),
    sql: "
        SELECT '' AS subject,
            greatest((clock.at AT TIME ZONE 'UTC')::date - 1 - COALESCE(s.sealed, (s.earliest AT TIME ZONE 'UTC')::date - 1), 0)::float8 AS value,
            jsonb_build_object('sealedUntil', s.sealed) AS details
        FROM clock, (
            SELECT (SELECT max(day) FROM audit_seals) AS sealed,
                least((SELECT min(created_at) FROM audit_log), (SELECT min(created_at) FROM admin_actions)) AS earliest
        ) AS s
        WHERE s.sealed IS NOT NULL OR s.earliest IS NOT NULL",
    meaning: "More than a day of the audit is over and not sealed: whoever can write to the database could change it unseen. The answer of the step audit-seal says what it waits for.",
};
