//! Large indexes that nothing has read for a month: as long as every look found so, since the server does not say since when it counts.

use super::super::{Check, Limit};
use crate::metrics::Unit;

pub(super) const CHECK: Check = Check {
    name: "unused-indexes",
    metric: "UnusedIndex",
    unit: Unit::Hours,
    limit: Limit::Above(720.0),
    sql: "
        WITH unread AS (
            SELECT s.indexrelname::text AS subject, s.relname, pg_relation_size(s.indexrelid) AS bytes
            FROM pg_stat_user_indexes AS s
            JOIN pg_index AS i ON i.indexrelid = s.indexrelid
            JOIN pg_class AS c ON c.oid = s.relid
            WHERE s.idx_scan = 0 AND NOT i.indisunique AND NOT i.indisexclusion AND NOT c.relispartition
                AND pg_relation_size(s.indexrelid) > 10 * 1024 * 1024
            ORDER BY 3 DESC
            LIMIT 20
        ), last AS (
            -- The last looks that found it unread, too. Statistics that were reset, or lost in a crash, begin this anew for all others.
            SELECT DISTINCT ON (m.metadata ->> 'subject') m.metadata ->> 'subject' AS subject, (m.metadata ->> 'since')::timestamptz AS since
            FROM clock, system_metrics AS m
            WHERE m.metric = 'health.unused-indexes' AND m.recorded_at > clock.at - interval '6 hours' AND m.recorded_at < clock.at
            ORDER BY m.metadata ->> 'subject', m.recorded_at DESC
        )
        SELECT u.subject, extract(epoch FROM clock.at - COALESCE(l.since, clock.at))::float8 / 3600 AS value,
            jsonb_build_object('table', u.relname, 'megabytes', u.bytes / 1048576, 'since', COALESCE(l.since, clock.at)) AS details
        FROM clock, unread AS u
        LEFT JOIN last AS l ON l.subject = u.subject
        ORDER BY 2 DESC",
    meaning: "No query has read an index for a month, and every write keeps it.",
};
