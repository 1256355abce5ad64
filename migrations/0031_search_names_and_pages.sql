-- ---- Names with & and "and" ----
-- "Lopez and Sons" is how people type LOPEZ & SONS, and the other way round.
CREATE OR REPLACE FUNCTION app.name_key(name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT
AS $$
BEGIN
    RETURN regexp_replace(lower(public.unaccent('public.unaccent', name) COLLATE "C"), '\mand\M|[^[:alnum:]]+', '', 'g');
END
$$;
COMMENT ON FUNCTION app.name_key(text) IS
    'The letters and digits of a name, without case, accents, spaces, punctuation and the word "and": whoever types it so has found it.';

-- Keys that were made before are made anew. (REINDEX does not do a partitioned index within a transaction.)
DROP INDEX california_contractors_name_key, california_contractors_dba_key;
CREATE INDEX california_contractors_name_key ON california_contractors ((app.name_key(display_name) COLLATE "C"));
CREATE INDEX california_contractors_dba_key ON california_contractors ((app.name_key(dba_name) COLLATE "C"))
    WHERE dba_name IS NOT NULL;

-- ---- Filters of lists ----
CREATE FUNCTION app.is_one_of(value text, wanted text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE cardinality(wanted) WHEN 1 THEN value = wanted[1] ELSE value = ANY (wanted) END;
COMMENT ON FUNCTION app.is_one_of(text, text[]) IS
    'value = ANY (wanted); planned with its values, a single one becomes an equality, after which an index yields its further columns in order.';
GRANT EXECUTE ON FUNCTION app.is_one_of(text, text[]) TO PUBLIC;

-- ---- What is shown of a page of results ----
-- A function for the sake of its plan, as those that find candidates are: planning five views took longer than reading twenty rows.
CREATE TYPE app.search_page_row AS (
    kind text, id text, title text, subtitle text, status text, category text, city text, happens_at timestamptz,
    marked_title text, marked_text text
);
COMMENT ON TYPE app.search_page_row IS
    'A result as it is shown; happens_at is the deadline of a project, the beginning of an event, the publication of a course.';
CREATE FUNCTION app.describe_found(
    contractor_query text, project_query text, event_query text, course_query text, member_query text,
    numbers text[], projects uuid[], events uuid[], courses uuid[], members uuid[], whole text, part text
) RETURNS SETOF app.search_page_row
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off
AS $$
BEGIN
    RETURN QUERY
    SELECT 'CONTRACTOR', c.license_number, c.display_name,
        NULLIF(array_to_string(c.classifications, ', '), ''),
        c.primary_status, NULL::text, c.city, NULL::timestamptz,
        ts_headline('public.portal_names', translate(c.display_name, U&'\E000\E001', ''), to_tsquery('public.portal_names', contractor_query), whole),
        ts_headline('public.portal_names', translate(c.dba_name, U&'\E000\E001', ''), to_tsquery('public.portal_names', contractor_query), whole)
           
    FROM contractor_listings AS c
    WHERE numbers IS NOT NULL AND c.license_number = ANY (numbers)
    UNION ALL
    SELECT 'PROJECT', p.id::text, p.title, p.location, p.status, p.category, p.city, p.deadline_date,
        ts_headline('public.portal_prose', translate(p.title, U&'\E000\E001', ''), to_tsquery('public.portal_prose', project_query), whole),
        ts_headline('public.portal_prose', left(translate(p.description, U&'\E000\E001', ''), 5000),
            to_tsquery('public.portal_prose', project_query), part)
    FROM project_listings AS p
    WHERE projects IS NOT NULL AND p.id = ANY (projects)
    UNION ALL
    SELECT 'EVENT', e.id::text, e.title, e.place, e.status, e.type, e.city, e.starts_at,
        ts_headline('public.portal_prose', translate(e.title, U&'\E000\E001', ''), to_tsquery('public.portal_prose', event_query), whole),
        ts_headline('public.portal_prose', left(translate(e.description, U&'\E000\E001', ''), 5000),
            to_tsquery('public.portal_prose', event_query), part)
    FROM event_listings AS e
    WHERE events IS NOT NULL AND e.id = ANY (events)
    UNION ALL
    SELECT 'COURSE', c.id::text, c.title, c.difficulty, NULL, c.category, NULL, c.published_at,
        ts_headline('public.portal_prose', translate(c.title, U&'\E000\E001', ''), to_tsquery('public.portal_prose', course_query), whole),
        ts_headline('public.portal_prose', left(translate(c.description, U&'\E000\E001', ''), 5000),
            to_tsquery('public.portal_prose', course_query), part)
    FROM course_listings AS c
    WHERE courses IS NOT NULL AND c.id = ANY (courses)
    UNION ALL
    SELECT 'MEMBER', m.id::text, m.first_name || ' ' || m.last_name, NULLIF(concat_ws(', ', m.title, m.company), ''),
        NULL, NULL, m.city, NULL,
        ts_headline('public.portal_prose', translate(m.first_name || ' ' || m.last_name, U&'\E000\E001', ''),
            app.member_words(member_query), whole),
        ts_headline('public.portal_prose',
            left(translate(concat_ws('. ', m.title, m.company, NULLIF(array_to_string(m.skill_names, ', '), ''), m.bio),
                U&'\E000\E001', ''), 5000),
            app.member_words(member_query), part)
    FROM member_directory AS m
    WHERE members IS NOT NULL AND m.id = ANY (members);
END
$$;
COMMENT ON FUNCTION app.describe_found(text, text, text, text, text, text[], uuid[], uuid[], uuid[], uuid[], text, text) IS
    'What is shown of results, with U+E000 and U+E001 around what matches; both are taken out of the text before.';
GRANT EXECUTE ON FUNCTION app.describe_found(text, text, text, text, text, text[], uuid[], uuid[], uuid[], uuid[], text, text) TO PUBLIC;
