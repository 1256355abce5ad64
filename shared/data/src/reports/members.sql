-- $1 the days on which periods begin, and the day after the last; $2 what time it is: a bound that is still to come is taken for now, so
-- that nobody is counted before it is known who stays. Row n tells of bound n: who is a member there, and who came and went since the one
-- before. Somebody who comes and goes between two bounds is in neither.
WITH bounds AS (
    SELECT array_agg(LEAST(day::timestamp AT TIME ZONE 'America/Los_Angeles', $2::timestamptz) ORDER BY n) AS at
    FROM unnest($1::date[]) WITH ORDINALITY AS d (day, n)
), periods AS (
    -- The bounds that a paid period with its days of grace holds: width_bucket counts those at an instant or before it. What was given
    -- back whole never was.
    SELECT m.user_id,
        1 + width_bucket(m.starts_at - interval '1 microsecond', b.at) AS first_n,
        width_bucket(COALESCE(m.grace_ends_at, m.ends_at) - interval '1 microsecond', b.at) AS last_n
    FROM memberships AS m
    CROSS JOIN bounds AS b
    WHERE m.state <> 'CANCELLED'
), members AS (
    -- Periods that follow each other without a bound between them are one.
    SELECT user_id, min(first_n) AS ever_n, range_agg(int4range(first_n, last_n + 1)) FILTER (WHERE first_n <= last_n) AS stays
    FROM periods
    GROUP BY user_id
), stays AS (
    SELECT m.ever_n, lower(s.stay) AS came_n, upper(s.stay) AS gone_n
    FROM members AS m
    CROSS JOIN LATERAL unnest(m.stays) AS s (stay)
), came AS (
    SELECT came_n AS n, count(*) AS all_of_them, count(*) FILTER (WHERE ever_n = came_n) AS first_time
    FROM stays
    GROUP BY came_n
), gone AS (
    SELECT gone_n AS n, count(*) AS all_of_them FROM stays GROUP BY gone_n
), accounts AS (
    SELECT v.n, count(*) FILTER (WHERE v.what = 'made') AS made, count(*) FILTER (WHERE v.what = 'approved') AS approved
    FROM account_dates AS a
    CROSS JOIN bounds AS b
    CROSS JOIN LATERAL (
        VALUES ('made', width_bucket(a.created_at, b.at)), ('approved', width_bucket(a.approved_at, b.at))) AS v (what, n)
    GROUP BY v.n
)
SELECT
    sum(COALESCE(c.all_of_them, 0) - COALESCE(g.all_of_them, 0)) OVER (ORDER BY k.n)::bigint AS "members!",
    COALESCE(c.first_time, 0) AS "joined!",
    COALESCE(c.all_of_them - c.first_time, 0) AS "returned!",
    COALESCE(g.all_of_them, 0) AS "gone!",
    COALESCE(a.made, 0) AS "accounts!",
    COALESCE(a.approved, 0) AS "approved!"
FROM generate_series(1, cardinality($1::date[])) AS k (n)
LEFT JOIN came AS c ON c.n = k.n
LEFT JOIN gone AS g ON g.n = k.n
LEFT JOIN accounts AS a ON a.n = k.n
ORDER BY k.n
