//! How much of the disk the server's databases and WAL take, where PORTAL_HEALTH_DISK_BYTES says how large it is.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "disk-use",
    metric: "DiskUse",
    unit: Unit::Percent,
    limit: Limit::Above(85.0),
    sql: "
        SELECT '' AS subject,
            100 * ((SELECT sum(pg_database_size(oid)) FROM pg_database) + (SELECT COALESCE(sum(size), 0) FROM pg_ls_waldir()))::float8
                / clock.disk_bytes AS value,
            '{}'::jsonb AS details
        FROM clock
        WHERE clock.disk_bytes IS NOT NULL",
    meaning: "Databases and WAL fill more than 85 % of the disk. When it is full the server stops.",
};
