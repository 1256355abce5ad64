//! Mails of the last day that were given up.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "failed-mails",
    metric: "FailedMails",
    unit: Unit::Count,
    limit: Limit::Above(0.0),
    sql: "
        SELECT channel AS subject, count(*)::float8 AS value, '{}'::jsonb AS details
        FROM clock, outbox
        WHERE state = 'FAILED' AND created_at > clock.at - interval '1 day'
        GROUP BY channel
        ORDER BY 2 DESC",
    meaning: "Mails were given up after many tries, or refused for good; each row says why.",
};
