-- One page of a search: candidates of every type that is wanted, scored, and facets over all of them.
--
-- A score is made of how well the text fits (up to 0.5; the functions rank by weight and nearness of the words), of the name (0.3
-- where it begins with what was typed, 1 where it is just that), of the words being those that were typed and not their kin (0.1),
-- of the row being of use now (0.1: a licence in good standing, a project that takes bids, an event to come), of how new or near
-- in time it is (up to 0.05, half for every 60 days), and of how near in space (up to 0.15). It depends on nothing but the rows and
-- $20, the time by which the first page was scored, so that the pages of one list fit together.
WITH candidates AS MATERIALIZED (
    SELECT 'CONTRACTOR' AS type, h.*
    FROM app.find_contractors(
        to_tsquery('public.portal_names', $1), to_tsquery('public.portal_names', $6), $7, $8, $21, $23,
        $10, $12, $17::text::geography, $18, $19) AS h
    WHERE 'CONTRACTOR' = ANY ($9::text[])
    UNION ALL
    SELECT 'PROJECT', h.*
    FROM app.find_projects(
        to_tsquery('public.portal_prose', $2), to_tsquery('public.portal_prose', $6), $7, $22, $23,
        $10, $11, $12, $13, $14, $15, $16, $17::text::geography, $18, $19) AS h
    WHERE 'PROJECT' = ANY ($9::text[])
    UNION ALL
    SELECT 'EVENT', h.*
    FROM app.find_events(
        to_tsquery('public.portal_prose', $3), to_tsquery('public.portal_prose', $6), $7, $23, $20,
        $10, $11, $12, $13, $14, $17::text::geography, $18, $19) AS h
    WHERE 'EVENT' = ANY ($9::text[])
    UNION ALL
    SELECT 'COURSE', h.*
    FROM app.find_courses(
        to_tsquery('public.portal_prose', $4), to_tsquery('public.portal_prose', $6), $7, $23, $11, $19) AS h
    WHERE 'COURSE' = ANY ($9::text[])
    UNION ALL
    SELECT 'MEMBER', h.*
    FROM app.find_members(
        app.member_words($5), app.member_words($6), $7, $23, $12, $17::text::geography, $18, $19) AS h
    WHERE 'MEMBER' = ANY ($9::text[])
), scored AS MATERIALIZED (
    SELECT c.type COLLATE "C" AS type, c.id COLLATE "C" AS id, c.status, c.category, c.city, c.distance,
        c.relevance::float8
        + CASE c.whole WHEN 2 THEN 1 WHEN 1 THEN 0.3 ELSE 0 END
        + CASE WHEN c.literal THEN 0.1 ELSE 0 END
        + CASE WHEN c.live THEN 0.1 ELSE 0 END
        + CASE WHEN c.type = 'PROJECT' OR c.type = 'EVENT' AND c.live
            THEN 0.05 * power(2, -abs(extract(epoch FROM $20 - c.happens_at)::float8) / 5184000) ELSE 0 END
        + CASE WHEN c.distance IS NOT NULL THEN 0.15 * (1 - c.distance / greatest($18, 1)) ELSE 0 END AS score
    FROM candidates AS c
), page AS (
    SELECT s.type, s.id, s.score, s.distance
    FROM scored AS s
    WHERE $24::float8 IS NULL OR s.score < $24 OR s.score = $24 AND (s.type, s.id) > ($25::text, $26::text)
    ORDER BY s.score DESC, s.type, s.id
    LIMIT $27
), capped AS (
    SELECT s.type, count(*) >= $23 AS is_capped FROM scored AS s GROUP BY s.type
), counted AS (
    SELECT
        CASE 0 WHEN grouping(s.type) THEN 'TYPE' WHEN grouping(s.status) THEN 'STATUS' WHEN grouping(s.category) THEN 'CATEGORY'
            ELSE 'CITY' END AS facet,
        CASE 0 WHEN grouping(s.type) THEN s.type WHEN grouping(s.status) THEN s.status WHEN grouping(s.category) THEN s.category
            -- Of several spellings one in mixed case.
            ELSE max(s.city COLLATE "C") END AS value,
        count(*) AS documents, bool_or(k.is_capped) AS is_capped
    FROM scored AS s JOIN capped AS k USING (type)
    GROUP BY GROUPING SETS ((s.type), (s.status), (s.category), (lower(s.city)))
), facets AS (
    SELECT jsonb_agg(jsonb_build_array(f.facet, f.value, f.documents, f.is_capped) ORDER BY f.facet, f.place) AS facets
    FROM (
        SELECT c.*, row_number() OVER (PARTITION BY c.facet ORDER BY c.documents DESC, c.value COLLATE "C") AS place
        FROM counted AS c WHERE c.value IS NOT NULL
    ) AS f
    WHERE f.place <= 20
)
SELECT p.type AS "kind?", p.id AS "id?", p.score AS "score?", p.distance AS "distance?",
    (SELECT count(*) FROM scored) AS "total!",
    CASE WHEN row_number() OVER (ORDER BY p.score DESC, p.type, p.id) = 1 THEN f.facets END AS "facets?"
FROM facets AS f LEFT JOIN page AS p ON true
ORDER BY p.score DESC, p.type, p.id
