//! How long the oldest mail that is due has been waiting.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "outbox-backlog",
    metric: "OutboxBacklog",
    unit: Unit::Minutes,
    limit: Limit::Above(15.0),
    sql: "
        SELECT channel AS subject, extract(epoch FROM clock.at - min(not_before))::float8 / 60 AS value,
            jsonb_build_object('waiting', count(*)) AS details
        FROM clock, outbox
        WHERE state = 'PENDING' AND not_before <= clock.at
        GROUP BY channel, clock.at
        ORDER BY 2 DESC",
    meaning: "Mails that are due have been waiting for more than a quarter of an hour: people wait to confirm their address, or to sign in.",
};
