-- The candidates of a search: those of each kind that is wanted, by the functions that know how to find them.
SELECT 'CONTRACTOR' AS "kind!", h.id AS "id!", h.relevance AS "relevance!", h.literal AS "is_literal!", h.whole AS "name!",
    h.live AS "is_live!", h.happens_at, h.distance, h.status, h.category, h.city
FROM app.find_contractors(
    to_tsquery('public.portal_names', $1), to_tsquery('public.portal_names', $6), $7, $8, $21, $23,
    $10, $12, $17::text::geography, $18, $19) AS h
WHERE 'CONTRACTOR' = ANY ($9::text[])
UNION ALL
SELECT 'PROJECT', h.id, h.relevance, h.literal, h.whole, h.live, h.happens_at, h.distance, h.status, h.category, h.city
FROM app.find_projects(
    to_tsquery('public.portal_prose', $2), to_tsquery('public.portal_prose', $6), $7, $22, $23,
    $10, $11, $12, $13, $14, $15, $16, $17::text::geography, $18, $19) AS h
WHERE 'PROJECT' = ANY ($9::text[])
UNION ALL
SELECT 'EVENT', h.id, h.relevance, h.literal, h.whole, h.live, h.happens_at, h.distance, h.status, h.category, h.city
FROM app.find_events(
    to_tsquery('public.portal_prose', $3), to_tsquery('public.portal_prose', $6), $7, $23, $20,
    $10, $11, $12, $13, $14, $17::text::geography, $18, $19) AS h
WHERE 'EVENT' = ANY ($9::text[])
UNION ALL
SELECT 'COURSE', h.id, h.relevance, h.literal, h.whole, h.live, h.happens_at, h.distance, h.status, h.category, h.city
FROM app.find_courses(
    to_tsquery('public.portal_prose', $4), to_tsquery('public.portal_prose', $6), $7, $23, $11, $19) AS h
WHERE 'COURSE' = ANY ($9::text[])
UNION ALL
SELECT 'MEMBER', h.id, h.relevance, h.literal, h.whole, h.live, h.happens_at, h.distance, h.status, h.category, h.city
FROM app.find_members(
    app.member_words($5), app.member_words($6), $7, $23, $12, $17::text::geography, $18, $19) AS h
WHERE 'MEMBER' = ANY ($9::text[])
