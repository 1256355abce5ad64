//! How far the ids of transactions are used up.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "wraparound",
    metric: "Wraparound",
    unit: Unit::Percent,
    limit: Limit::Above(25.0),
    sql: "
        SELECT datname::text AS subject, 100 * greatest(age(datfrozenxid), mxid_age(datminmxid)) / 2147483648.0::float8 AS value,
            jsonb_build_object('transactions', age(datfrozenxid), 'multixacts', mxid_age(datminmxid)) AS details
        FROM pg_database
        WHERE datallowconn
        ORDER BY 2 DESC
        LIMIT 3",
    meaning: "A quarter of the ids of transactions is used up since the oldest row was frozen, and VACUUM should have begun at a tenth. At the end the server takes no writes any more.",
};
