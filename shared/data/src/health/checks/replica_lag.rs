//! How far each standby is behind.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "replica-lag",
    metric: "ReplicaLag",
    unit: Unit::Seconds,
    limit: Limit::Above(30.0),
    sql: "
        SELECT COALESCE(application_name, '') AS subject, COALESCE(extract(epoch FROM replay_lag), 0)::float8 AS value,
            jsonb_build_object('state', state, 'client', client_addr) AS details
        FROM pg_stat_replication
        WHERE state <> 'backup'
        ORDER BY 2 DESC",
    meaning: "A replica is more than half a minute behind. Reads go to the primary meanwhile, which has that much more to do.",
};
