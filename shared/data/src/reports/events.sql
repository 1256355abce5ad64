-- $1 the days on which periods begin, and the day after the last. A row tells of the events that began in period n, or of all of a type.
WITH bounds AS (
    SELECT array_agg(day::timestamp AT TIME ZONE 'America/Los_Angeles' ORDER BY n) AS at
    FROM unnest($1::date[]) WITH ORDINALITY AS d (day, n)
), held AS (
    SELECT e.id, e.type, e.status = 'CANCELLED' AS is_cancelled, e.max_capacity, width_bucket(e.starts_at, b.at) AS n
    FROM events AS e
    CROSS JOIN bounds AS b
    WHERE e.starts_at >= b.at[1] AND e.starts_at < b.at[cardinality(b.at)] AND e.status <> 'DRAFT' AND e.deleted_at IS NULL
), people AS (
    SELECT r.event_id,
        count(*) FILTER (WHERE r.status IN ('REGISTERED', 'ATTENDED', 'NO_SHOW')) AS registrations,
        count(*) FILTER (WHERE r.status = 'ATTENDED') AS attended,
        count(*) FILTER (WHERE r.status = 'NO_SHOW') AS no_shows,
        count(*) FILTER (WHERE r.status = 'WAITLISTED') AS waitlisted,
        count(*) FILTER (WHERE r.status = 'CANCELLED') AS cancelled
    FROM event_registrations AS r
    WHERE r.event_id IN (SELECT h.id FROM held AS h WHERE NOT h.is_cancelled)
    GROUP BY r.event_id
)
SELECT
    h.n AS "n?",
    h.type AS "kind?",
    count(*) FILTER (WHERE NOT h.is_cancelled) AS "events!",
    count(*) FILTER (WHERE h.is_cancelled) AS "cancelled_events!",
    sum(h.max_capacity) FILTER (WHERE NOT h.is_cancelled)::bigint AS capacity,
    COALESCE(sum(p.registrations), 0)::bigint AS "registrations!",
    COALESCE(sum(p.registrations) FILTER (WHERE h.max_capacity IS NOT NULL), 0)::bigint AS "limited!",
    COALESCE(sum(p.attended), 0)::bigint AS "attended!",
    COALESCE(sum(p.no_shows), 0)::bigint AS "no_shows!",
    COALESCE(sum(p.waitlisted), 0)::bigint AS "waitlisted!",
    COALESCE(sum(p.cancelled), 0)::bigint AS "cancelled_registrations!"
FROM held AS h
LEFT JOIN people AS p ON p.event_id = h.id
GROUP BY GROUPING SETS ((h.n), (h.type))
