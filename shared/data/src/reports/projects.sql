-- $1 the days on which periods begin, and the day after the last. Row n tells of the period that begins on day n. Deleted projects are left
-- out; the sums are of US dollars alone, since others cannot be added to them.
WITH bounds AS (
    SELECT array_agg(day::timestamp AT TIME ZONE 'America/Los_Angeles' ORDER BY n) AS at
    FROM unnest($1::date[]) WITH ORDINALITY AS d (day, n)
), posted AS (
    SELECT v.n,
        count(*) FILTER (WHERE v.what = 'created') AS created,
        count(*) FILTER (WHERE v.what = 'published') AS published,
        count(*) FILTER (WHERE v.what = 'closed') AS closed,
        count(*) FILTER (WHERE v.what = 'published' AND p.status IN ('AWARDED', 'COMPLETED')) AS awarded,
        count(*) FILTER (WHERE v.what = 'published' AND p.status = 'CANCELLED') AS cancelled,
        sum(p.application_count) FILTER (WHERE v.what = 'published') AS bids
    FROM projects AS p
    CROSS JOIN bounds AS b
    CROSS JOIN LATERAL (VALUES
        ('created', width_bucket(p.created_at, b.at)), ('published', width_bucket(p.published_at, b.at)),
        ('closed', width_bucket(p.closed_at, b.at))) AS v (what, n)
    WHERE p.deleted_at IS NULL
    GROUP BY v.n
), bid AS (
    SELECT width_bucket(a.submitted_at, b.at) AS n, count(*) AS bids, count(DISTINCT a.user_id) AS bidders
    FROM project_applications AS a
    JOIN projects AS p ON p.id = a.project_id AND p.deleted_at IS NULL
    CROSS JOIN bounds AS b
    WHERE a.submitted_at >= b.at[1] AND a.submitted_at < b.at[cardinality(b.at)]
    GROUP BY 1
), chosen AS (
    SELECT width_bucket(a.reviewed_at, b.at) AS n, count(*) AS awards,
        sum(a.bid_amount_cents) FILTER (WHERE a.currency = 'USD') AS cents
    FROM project_applications AS a
    JOIN projects AS p ON p.id = a.project_id AND p.deleted_at IS NULL
    CROSS JOIN bounds AS b
    WHERE a.status = 'APPROVED'
    GROUP BY 1
)
SELECT
    COALESCE(p.created, 0) AS "created!",
    COALESCE(p.published, 0) AS "published!",
    COALESCE(p.closed, 0) AS "closed!",
    COALESCE(p.awarded, 0) AS "awarded!",
    COALESCE(p.cancelled, 0) AS "cancelled!",
    COALESCE(p.bids, 0)::bigint AS "bids_on_published!",
    COALESCE(i.bids, 0) AS "bids!",
    COALESCE(i.bidders, 0) AS "bidders!",
    COALESCE(c.awards, 0) AS "awards!",
    COALESCE(c.cents, 0)::bigint AS "awarded_cents!"
FROM generate_series(1, cardinality($1::date[]) - 1) AS k (n)
LEFT JOIN posted AS p ON p.n = k.n
LEFT JOIN bid AS i ON i.n = k.n
LEFT JOIN chosen AS c ON c.n = k.n
ORDER BY k.n
