//! The size of the database: history, without an alarm.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "database-size",
    metric: "DatabaseSize",
    unit: Unit::Megabytes,
    limit: Limit::Never,
    sql: "
        SELECT '' AS subject, pg_database_size(current_database())::float8 / 1048576 AS value, '{}'::jsonb AS details",
    meaning: "The size of the database.",
};
