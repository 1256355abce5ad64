//! WAL that is kept for somebody who does not fetch it.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "replication-slots",
    metric: "RetainedWal",
    unit: Unit::Megabytes,
    limit: Limit::Above(1024.0),
    sql: "
        SELECT slot_name::text AS subject, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::float8 / 1048576 AS value,
            jsonb_build_object('active', active, 'status', wal_status) AS details
        FROM pg_replication_slots
        WHERE restart_lsn IS NOT NULL
        ORDER BY 2 DESC",
    meaning: "More than a gigabyte of WAL is kept for a replica that does not fetch it: the disk fills.",
};
