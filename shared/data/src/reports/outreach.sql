-- $1 the days on which periods begin, and the day after the last; $2 classes and $3 counties in lower case, none filters nothing. A row tells of
-- period n, of a county (none where the state names none), of a class, or of all. Every firm is read once, which is most of what this
-- takes; the rest is done with what is the same for many.
WITH bounds AS (
    SELECT array_agg(day::timestamp AT TIME ZONE 'America/Los_Angeles' ORDER BY n) AS at
    FROM unnest($1::date[]) WITH ORDINALITY AS d (day, n)
), firms AS MATERIALIZED (
    SELECT c.county, c.classifications, c.is_namc_member, c.outreach_status, width_bucket(c.outreach_updated_at, b.at) AS n,
        count(*) AS firms
    FROM contractor_standings AS c
    CROSS JOIN bounds AS b
    WHERE ($2::text[] IS NULL OR c.classifications && $2)
        AND ($3::text[] IS NULL OR lower(c.county) = ANY ($3))
    GROUP BY 1, 2, 3, 4, 5
), told AS (
    SELECT 'PERIOD' AS about, n, NULL AS name, is_namc_member, outreach_status, firms
    FROM firms
    WHERE n BETWEEN 1 AND cardinality($1::date[]) - 1
    UNION ALL
    SELECT 'COUNTY', NULL, county, is_namc_member, outreach_status, firms FROM firms
    UNION ALL
    SELECT 'CLASS', NULL, class, is_namc_member, outreach_status, firms
    FROM firms
    -- Once each, whatever the state writes twice.
    CROSS JOIN LATERAL (SELECT DISTINCT unnest(classifications)) AS of_firm (class)
    UNION ALL
    SELECT 'ALL', NULL, NULL, is_namc_member, outreach_status, firms FROM firms
)
SELECT
    about AS "about!",
    n AS "n?",
    name AS "name?",
    sum(firms)::bigint AS "licences!",
    COALESCE(sum(firms) FILTER (WHERE is_namc_member), 0)::bigint AS "members!",
    COALESCE(sum(firms) FILTER (WHERE outreach_status = 'NEW'), 0)::bigint AS "new!",
    COALESCE(sum(firms) FILTER (WHERE outreach_status = 'CONTACTED'), 0)::bigint AS "contacted!",
    COALESCE(sum(firms) FILTER (WHERE outreach_status = 'INTERESTED'), 0)::bigint AS "interested!",
    COALESCE(sum(firms) FILTER (WHERE outreach_status = 'NOT_INTERESTED'), 0)::bigint AS "not_interested!",
    COALESCE(sum(firms) FILTER (WHERE outreach_status = 'JOINED'), 0)::bigint AS "joined!",
    COALESCE(sum(firms) FILTER (WHERE outreach_status = 'DO_NOT_CONTACT'), 0)::bigint AS "do_not_contact!"
FROM told
GROUP BY about, n, name
ORDER BY about, n, name COLLATE "C" NULLS LAST
