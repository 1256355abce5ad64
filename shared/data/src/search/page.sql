-- What is shown of the results of one page, with U+E000 and U+E001 around what matches; both are taken out of the text before.
-- Each kind is found by its key; one of which the page has none is no part of the plan.
SELECT 'CONTRACTOR' AS "kind!", c.license_number AS "id!", c.display_name AS "title!",
    NULLIF(array_to_string(c.classifications, ', '), '') AS subtitle,
    c.primary_status AS status, NULL::text AS category, c.city, NULL::timestamptz AS date,
    ts_headline('public.portal_names', translate(c.display_name, U&'\E000\E001', ''), to_tsquery('public.portal_names', $1), $11)
        AS "marked_title!",
    ts_headline('public.portal_names', translate(c.dba_name, U&'\E000\E001', ''), to_tsquery('public.portal_names', $1), $11)
        AS marked_text
FROM contractor_listings AS c
WHERE $6::text[] IS NOT NULL AND c.license_number = ANY ($6)
UNION ALL
SELECT 'PROJECT', p.id::text, p.title, p.location, p.status, p.category, p.city, p.deadline_date,
    ts_headline('public.portal_prose', translate(p.title, U&'\E000\E001', ''), to_tsquery('public.portal_prose', $2), $11),
    ts_headline('public.portal_prose', left(translate(p.description, U&'\E000\E001', ''), 5000),
        to_tsquery('public.portal_prose', $2), $12)
FROM project_listings AS p
WHERE $7::uuid[] IS NOT NULL AND p.id = ANY ($7)
UNION ALL
SELECT 'EVENT', e.id::text, e.title, e.place, e.status, e.type, e.city, e.starts_at,
    ts_headline('public.portal_prose', translate(e.title, U&'\E000\E001', ''), to_tsquery('public.portal_prose', $3), $11),
    ts_headline('public.portal_prose', left(translate(e.description, U&'\E000\E001', ''), 5000),
        to_tsquery('public.portal_prose', $3), $12)
FROM event_listings AS e
WHERE $8::uuid[] IS NOT NULL AND e.id = ANY ($8)
UNION ALL
SELECT 'COURSE', c.id::text, c.title, c.difficulty, NULL, c.category, NULL, c.published_at,
    ts_headline('public.portal_prose', translate(c.title, U&'\E000\E001', ''), to_tsquery('public.portal_prose', $4), $11),
    ts_headline('public.portal_prose', left(translate(c.description, U&'\E000\E001', ''), 5000),
        to_tsquery('public.portal_prose', $4), $12)
FROM course_listings AS c
WHERE $9::uuid[] IS NOT NULL AND c.id = ANY ($9)
UNION ALL
SELECT 'MEMBER', m.id::text, m.first_name || ' ' || m.last_name, NULLIF(concat_ws(', ', m.title, m.company), ''),
    NULL, NULL, m.city, NULL,
    ts_headline('public.portal_prose', translate(m.first_name || ' ' || m.last_name, U&'\E000\E001', ''),
        app.member_words($5), $11),
    ts_headline('public.portal_prose',
        left(translate(concat_ws('. ', m.title, m.company, NULLIF(array_to_string(m.skill_names, ', '), ''), m.bio),
            U&'\E000\E001', ''), 5000),
        app.member_words($5), $12)
FROM member_directory AS m
WHERE $10::uuid[] IS NOT NULL AND m.id = ANY ($10)
