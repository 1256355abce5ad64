//! How far each standby is behind; one that is gone is so by all of that time, for a day, and for as long as a slot waits for it.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "replica-lag",
    metric: "ReplicaLag",
    unit: Unit::Seconds,
    limit: Limit::Above(30.0),
    sql: "
        WITH now AS (
            SELECT COALESCE(application_name, '') AS subject, COALESCE(extract(epoch FROM replay_lag), 0)::float8 AS lag, state, client_addr
            FROM pg_stat_replication
            WHERE state <> 'backup'
        ), seen AS (
            SELECT m.metadata ->> 'subject' AS subject, max(m.recorded_at) FILTER (WHERE m.metadata ? 'state') AS streaming,
                min((m.metadata ->> 'inactiveSince')::timestamptz) FILTER (WHERE m.recorded_at > clock.at - interval '1 hour') AS inactive
            FROM clock, system_metrics AS m
            WHERE m.metric = 'health.replica-lag' AND m.recorded_at > clock.at - interval '1 day' AND m.recorded_at < clock.at
            GROUP BY 1
        ), idle AS (
            SELECT 'slot ' || s.slot_name AS subject, COALESCE(h.inactive, clock.at) AS since
            FROM clock, pg_replication_slots AS s
            LEFT JOIN seen AS h ON h.subject = 'slot ' || s.slot_name
            WHERE NOT s.active AND NOT s.temporary
        )
        SELECT subject, lag AS value, jsonb_build_object('state', state, 'client', client_addr) AS details FROM now
        UNION ALL
        -- One that was there within the day and is not any more is as far behind as it is gone.
        SELECT s.subject, extract(epoch FROM clock.at - s.streaming)::float8, jsonb_build_object('missingSince', s.streaming)
        FROM clock, seen AS s
        WHERE s.streaming IS NOT NULL AND s.subject NOT IN (SELECT subject FROM now)
            AND s.subject NOT IN ('pg_basebackup', 'pg_receivewal')
        UNION ALL
        SELECT subject, extract(epoch FROM clock.at - since)::float8, jsonb_build_object('inactiveSince', since) FROM clock, idle
        ORDER BY 2 DESC",
    meaning: "A replica is more than half a minute behind, or is gone. Reads go to the primary meanwhile, which has that much more to do.",
};
