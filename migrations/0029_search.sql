-- Search: documents made of the words that people type, the functions that find candidates in them, and the dictionary by which
-- misspelt words are corrected and begun ones completed.
--
-- Rewrites five tables under an exclusive lock (300,000 contractors: about 15 s), since the expression of a generated column cannot
-- be changed in place.

-- ---- Words ----

-- `c10` and `x3` are words too.
ALTER TEXT SEARCH CONFIGURATION public.portal_names ALTER MAPPING FOR numword WITH public.unaccent, pg_catalog.simple;
ALTER TEXT SEARCH CONFIGURATION public.portal_prose ALTER MAPPING FOR numword WITH public.unaccent, pg_catalog.simple;

-- Most names have nothing to take apart: they pay for the first test alone. U+0300 to U+036F are accents that stand by themselves.
CREATE FUNCTION app.search_text(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN words ~ '[[:alnum:]][^[:alnum:][:space:],\u0300-\u036F]+[[:alnum:]]|[-+/.][0-9]' THEN
    regexp_replace(words, '[^[:alnum:]\u0300-\u036F]+', ' ', 'g') || ' '
    || regexp_replace(
        regexp_replace(words, '(^|\s)[[:alnum:]\u0300-\u036F]+(?=\s|$)', ' ', 'g'),
        '[^[:alnum:]\s,\u0300-\u036F]+', '', 'g')
    ELSE words END;
COMMENT ON FUNCTION app.search_text(text) IS
    'For search documents: what holds punctuation both in parts and as one word, so that O''BRIEN is found as obrien, o''brien and o brien.';

-- Not in SQL: array_to_string is only STABLE, so a function in SQL would not be put in its place, and cost more.
CREATE FUNCTION app.class_words(classes text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
    RETURN replace(array_to_string(array_replace(array_replace(classes, 'A', 'classA'), 'B', 'classB'), ' '), '-', '');
END
$$;
COMMENT ON FUNCTION app.class_words(text[]) IS
    'Licence classes as single words: c10 of C-10; classa and classb of the two whose letters are initials of many names.';

CREATE FUNCTION app.name_key(name text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT
AS $$
BEGIN
    RETURN regexp_replace(lower(public.unaccent('public.unaccent', name) COLLATE "C"), '[^[:alnum:]]+', '', 'g');
END
$$;
COMMENT ON FUNCTION app.name_key(text) IS
    'The letters and digits of a name, without case, accents, spaces and punctuation: whoever types it so has found it.';

-- In place of app.member_query, which took what people type as it is.
CREATE FUNCTION app.member_words(words text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE numnode(to_tsquery('public.portal_prose', words))
    WHEN 0 THEN to_tsquery('public.portal_names', words)
    ELSE to_tsquery('public.portal_prose', words) END;
COMMENT ON FUNCTION app.member_words(text) IS
    'A query in the form of to_tsquery for users.search; one of nothing but words that prose skips is taken as names.';
DROP FUNCTION app.member_query(text);
GRANT EXECUTE ON FUNCTION app.search_text(text), app.class_words(text[]), app.name_key(text), app.member_words(text) TO PUBLIC;

-- ---- Documents: A names and titles, B what is done, C where, D all else ----

-- The views keep their rules, whatever those are by now, and do without the column until it is there again: dropped first, it does not
-- take up room in the rows that are written anew.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'contractor_listings', 'project_listings', 'event_listings', 'course_listings', 'member_directory', 'member_locations'
    ] LOOP
        EXECUTE format('CREATE OR REPLACE VIEW %I AS %s', name,
            regexp_replace(pg_get_viewdef(name::regclass), '\m\w+\.search\M', 'NULL::tsvector AS search'));
    END LOOP;
END
$$;
ALTER TABLE california_contractors DROP COLUMN search;
ALTER TABLE projects DROP COLUMN search;
ALTER TABLE events DROP COLUMN search;
ALTER TABLE courses DROP COLUMN search;
ALTER TABLE users DROP COLUMN search;

-- Inline wherever it fits: it is read with every row that a search looks at, and the description moves out instead.
ALTER TABLE california_contractors
    ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (
        -- One call of to_tsvector for each weight: a call costs as much as the words in it.
        setweight(to_tsvector('public.portal_names', app.search_text(business_name
            || CASE WHEN full_business_name <> business_name THEN ' ' || full_business_name ELSE '' END
            || COALESCE(' ' || dba_name, ''))), 'A')
        || setweight(to_tsvector('public.portal_names', app.class_words(classifications) || COALESCE(' ' || city, '')
            || CASE WHEN county IS DISTINCT FROM city THEN COALESCE(' ' || county, '') ELSE '' END), 'B')
    ) STORED;
ALTER TABLE projects
    ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('public.portal_prose', app.search_text(title)), 'A')
        || setweight(to_tsvector('public.portal_prose',
            app.search_text(app.words(skills_required)) || ' ' || app.class_words(license_classes)), 'B')
        || setweight(to_tsvector('public.portal_prose',
            app.search_text(COALESCE(location, '') || ' ' || COALESCE(city, ''))), 'C')
        || setweight(to_tsvector('public.portal_prose', app.search_text(description)), 'D')
    ) STORED,
    ALTER COLUMN search SET STORAGE MAIN;
ALTER TABLE events
    ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('public.portal_prose', app.search_text(title)), 'A')
        || setweight(to_tsvector('public.portal_prose', type), 'B')
        || setweight(to_tsvector('public.portal_prose', app.search_text(COALESCE(place, '') || ' ' || COALESCE(city, ''))), 'C')
        || setweight(to_tsvector('public.portal_prose', app.search_text(description)), 'D')
    ) STORED,
    ALTER COLUMN search SET STORAGE MAIN;
ALTER TABLE courses
    ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('public.portal_prose', app.search_text(title)), 'A')
        || setweight(to_tsvector('public.portal_prose', app.search_text(category || ' ' || difficulty)), 'B')
        || setweight(to_tsvector('public.portal_prose', app.search_text(description)), 'D')
    ) STORED,
    ALTER COLUMN search SET STORAGE MAIN;
-- Only what everybody who has signed in may see. Names stand both as they are and as prose has them.
ALTER TABLE users
    ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('public.portal_names',
            app.search_text(first_name || ' ' || last_name || COALESCE(' ' || company, ''))), 'A')
        || setweight(to_tsvector('public.portal_prose',
            app.search_text(first_name || ' ' || last_name || COALESCE(' ' || company, ''))), 'A')
        || setweight(to_tsvector('public.portal_prose',
            app.search_text(COALESCE(title, '') || ' ' || app.words(skill_names))), 'B')
        || setweight(to_tsvector('public.portal_prose', app.search_text(COALESCE(bio, ''))), 'D')
    ) STORED,
    ALTER COLUMN search SET STORAGE MAIN;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'contractor_listings', 'project_listings', 'event_listings', 'course_listings', 'member_directory', 'member_locations'
    ] LOOP
        EXECUTE format('CREATE OR REPLACE VIEW %I AS %s', name,
            replace(pg_get_viewdef(name::regclass), 'NULL::tsvector AS search', 'search'));
    END LOOP;
END
$$;
COMMENT ON COLUMN users.search IS 'Name, company, title, skills and bio, which no member can hide; nothing that one can.';

-- Without a list of entries that are yet to be sorted in: every search would read all of it.
CREATE INDEX california_contractors_search ON california_contractors USING gin (search) WITH (fastupdate = off);
CREATE INDEX projects_search ON projects USING gin (search) WITH (fastupdate = off);
CREATE INDEX events_search ON events USING gin (search) WITH (fastupdate = off);
CREATE INDEX courses_search ON courses USING gin (search) WITH (fastupdate = off);
CREATE INDEX users_search ON users USING gin (search) WITH (fastupdate = off) WHERE is_active AND deleted_at IS NULL;
-- Names as typed, and what they begin with.
CREATE INDEX california_contractors_name_key ON california_contractors ((app.name_key(display_name) COLLATE "C"));
CREATE INDEX california_contractors_dba_key ON california_contractors ((app.name_key(dba_name) COLLATE "C"))
    WHERE dba_name IS NOT NULL;
-- A fifth of the projects can still be won, and everybody looks for those.
CREATE INDEX projects_search_open ON projects USING gin (search) WITH (fastupdate = off)
    WHERE status IN ('PUBLISHED', 'BIDDING_OPEN') AND deleted_at IS NULL;
CREATE INDEX projects_open_newest ON projects (created_at DESC, id DESC)
    WHERE status IN ('PUBLISHED', 'BIDDING_OPEN') AND deleted_at IS NULL;

-- ---- Candidates ----
-- Functions in PL/pgSQL, because their plans stay with the connection: behind a transaction pooler no statement may have a name,
-- and planning a search over five views took several times as long as running it. They run as their caller. Plans are made without
-- values, for which each is written; only where there are filters they are made with them.
--
-- Whatever the word, each looks at a bounded number of rows. A `common` word is met again and again on a short walk along an index.
-- All others come from GIN, whose bitmap is cheap: only as many rows are fetched as are wanted, since a CTE is read no further
-- than it is asked.

CREATE TYPE app.search_hit AS (
    id text, relevance real, literal boolean, whole integer, status text, category text, city text,
    happens_at timestamptz, live boolean, distance double precision
);
COMMENT ON TYPE app.search_hit IS
    'A candidate of a search: how well its text fits; whether by the words as they were typed; whether its name begins with them (1) or is them (2); and what scores and facets are made of.';

CREATE FUNCTION app.plan_for(filtered boolean) RETURNS void
LANGUAGE sql VOLATILE
AS $$ SELECT set_config('plan_cache_mode', CASE WHEN filtered THEN 'force_custom_plan' ELSE 'force_generic_plan' END, true) $$;
COMMENT ON FUNCTION app.plan_for(boolean) IS 'Whether the statements of the function that calls are planned with the values of its filters.';

CREATE FUNCTION app.find_contractors(
    wanted tsquery, literal tsquery, typed text, licence text, common boolean, cap integer,
    statuses text[], cities text[], near geography, radius double precision, since timestamptz
) RETURNS SETOF app.search_hit
LANGUAGE plpgsql STABLE
SET plan_cache_mode = auto SET enable_seqscan = off SET jit = off SET max_parallel_workers_per_gather = 0
AS $$
DECLARE
    key text := app.name_key(typed);
BEGIN
    PERFORM app.plan_for(COALESCE(statuses, cities) IS NOT NULL OR near IS NOT NULL OR since IS NOT NULL);
    RETURN QUERY
    WITH contractors AS NOT MATERIALIZED (
        SELECT license_number, display_name, dba_name, search, primary_status, city, coordinates,
            in_good_standing AND removed_from_source_on IS NULL AS live
        FROM contractor_listings
        WHERE (statuses IS NULL OR upper(primary_status) = ANY (statuses))
            AND (cities IS NULL OR lower(city) = ANY (cities))
            AND (near IS NULL OR coordinates && _ST_Expand(near, radius) AND coordinates <-> near <= radius)
            AND (since IS NULL OR created_at > since)
    ), walk AS MATERIALIZED (
        SELECT license_number FROM (
            (SELECT license_number, search FROM contractor_listings
             WHERE common AND near IS NULL ORDER BY license_number LIMIT 6000)
            UNION ALL
            (SELECT license_number, search FROM contractor_listings
             WHERE common AND near IS NOT NULL ORDER BY coordinates <-> near LIMIT 3000)
        ) AS w
        WHERE search @@ wanted
        LIMIT cap
    ), hits AS MATERIALIZED (
        SELECT * FROM contractors WHERE search @@ wanted AND (SELECT count(*) FROM walk) < cap
    ), begun AS MATERIALIZED (
        (SELECT license_number FROM contractor_listings
         WHERE app.name_key(display_name) COLLATE "C" > key AND app.name_key(display_name) COLLATE "C" < key || chr(1114111)
             AND length(key) > 2
         ORDER BY app.name_key(display_name) COLLATE "C" LIMIT 30)
        UNION ALL
        -- A number is that of a licence: twelve digits at most.
        (SELECT license_number FROM contractor_listings
         WHERE license_number > licence AND license_number <= licence || repeat('9', 12) AND length(licence) > 4
         ORDER BY license_number LIMIT 30)
    ), found AS (
        (SELECT *, 2 AS whole FROM contractors
         WHERE license_number = licence OR app.name_key(display_name) COLLATE "C" = key
             OR dba_name IS NOT NULL AND app.name_key(dba_name) COLLATE "C" = key
         LIMIT cap)
        UNION ALL
        SELECT c.*, 1 FROM begun JOIN contractors AS c USING (license_number)
        UNION ALL
        SELECT c.*, 0 FROM walk JOIN contractors AS c USING (license_number)
        UNION ALL
        (SELECT *, 0 FROM (SELECT * FROM hits LIMIT CASE WHEN near IS NULL THEN cap ELSE 1000 END) AS h
         ORDER BY h.coordinates <-> near LIMIT cap)
    ), distinct_found AS (
        SELECT DISTINCT ON (license_number COLLATE "C") * FROM found ORDER BY license_number COLLATE "C", whole DESC
    )
    SELECT f.license_number, ts_rank('{0.1,0.2,0.6,1}', f.search, wanted, 32), f.search @@ literal, f.whole,
        f.primary_status, NULL::text, f.city, NULL::timestamptz, f.live, f.coordinates <-> near
    FROM distinct_found AS f;
END
$$;
COMMENT ON FUNCTION app.find_contractors(tsquery, tsquery, text, text, boolean, integer, text[], text[], geography, double precision, timestamptz) IS
    'Contractors by words, by the name as typed or what it begins with, and by the licence number or five digits that it begins with.';

CREATE FUNCTION app.find_projects(
    wanted tsquery, literal tsquery, typed text, common boolean, cap integer,
    statuses text[], categories text[], cities text[], from_time timestamptz, to_time timestamptz,
    budget_min bigint, budget_max bigint, near geography, radius double precision, since timestamptz
) RETURNS SETOF app.search_hit
LANGUAGE plpgsql STABLE
SET plan_cache_mode = auto SET enable_seqscan = off SET jit = off SET max_parallel_workers_per_gather = 0
AS $$
BEGIN
    PERFORM app.plan_for(COALESCE(statuses, categories, cities) IS NOT NULL OR COALESCE(from_time, to_time, since) IS NOT NULL
        OR COALESCE(budget_min, budget_max) IS NOT NULL OR near IS NOT NULL);
    RETURN QUERY
    WITH projects AS NOT MATERIALIZED (
        SELECT id, title, search, status, category, city, coordinates, created_at, published_at, accepting_applications
        FROM project_listings
        WHERE (statuses IS NULL OR status = ANY (statuses))
            AND (categories IS NULL OR category = ANY (categories))
            AND (cities IS NULL OR lower(city) = ANY (cities))
            AND (from_time IS NULL OR deadline_date >= from_time)
            AND (to_time IS NULL OR deadline_date < to_time)
            AND (budget_min IS NULL OR COALESCE(budget_max_cents, budget_min_cents) >= budget_min)
            AND (budget_max IS NULL OR COALESCE(budget_min_cents, budget_max_cents) <= budget_max)
            AND (near IS NULL OR coordinates && _ST_Expand(near, radius) AND coordinates <-> near <= radius)
            AND (since IS NULL OR COALESCE(published_at, created_at) > since)
    ), walk AS MATERIALIZED (
        SELECT w.* FROM (
            SELECT * FROM projects WHERE common AND status IN ('PUBLISHED', 'BIDDING_OPEN')
            ORDER BY created_at DESC, id DESC LIMIT 2000
        ) AS w
        WHERE w.search @@ wanted
        LIMIT cap
    ), open AS MATERIALIZED (
        SELECT * FROM projects
        WHERE status IN ('PUBLISHED', 'BIDDING_OPEN') AND search @@ wanted AND (SELECT count(*) FROM walk) < cap
    ), rest AS MATERIALIZED (
        SELECT * FROM projects WHERE status NOT IN ('PUBLISHED', 'BIDDING_OPEN') AND search @@ wanted
    ), found AS (
        SELECT * FROM walk WHERE (SELECT count(*) FROM walk) >= cap
        UNION ALL
        (SELECT * FROM (SELECT * FROM open LIMIT 800) AS o
         ORDER BY o.coordinates <-> near, o.created_at DESC, o.id DESC LIMIT cap)
        UNION ALL
        (SELECT * FROM rest LIMIT cap)
    )
    SELECT f.id::text, ts_rank('{0.1,0.2,0.6,1}', f.search, wanted, 32), f.search @@ literal,
        CASE WHEN starts_with(lower(f.title), typed) THEN CASE WHEN length(f.title) = length(typed) THEN 2 ELSE 1 END ELSE 0 END,
        f.status, f.category, f.city, COALESCE(f.published_at, f.created_at), f.accepting_applications, f.coordinates <-> near
    FROM (SELECT * FROM found LIMIT cap) AS f;
END
$$;
COMMENT ON FUNCTION app.find_projects(tsquery, tsquery, text, boolean, integer, text[], text[], text[], timestamptz, timestamptz, bigint, bigint, geography, double precision, timestamptz) IS
    'Projects by words: those that can still be won, the newest first, then others.';

CREATE FUNCTION app.find_events(
    wanted tsquery, literal tsquery, typed text, cap integer, at timestamptz,
    statuses text[], categories text[], cities text[], from_time timestamptz, to_time timestamptz,
    near geography, radius double precision, since timestamptz
) RETURNS SETOF app.search_hit
LANGUAGE plpgsql STABLE
SET plan_cache_mode = auto SET enable_seqscan = off SET jit = off SET max_parallel_workers_per_gather = 0
AS $$
BEGIN
    PERFORM app.plan_for(COALESCE(statuses, categories, cities) IS NOT NULL OR COALESCE(from_time, to_time, since) IS NOT NULL
        OR near IS NOT NULL);
    RETURN QUERY
    WITH hits AS MATERIALIZED (
        SELECT id, title, search, status, type, city, coordinates, starts_at
        FROM event_listings
        WHERE (statuses IS NULL OR status = ANY (statuses))
            AND (categories IS NULL OR type = ANY (categories))
            AND (cities IS NULL OR lower(city) = ANY (cities))
            AND (from_time IS NULL OR starts_at >= from_time)
            AND (to_time IS NULL OR starts_at < to_time)
            AND (near IS NULL OR coordinates && _ST_Expand(near, radius) AND coordinates <-> near <= radius)
            AND (since IS NULL OR COALESCE(published_at, created_at) > since)
            AND search @@ wanted
    ), found AS (
        -- What is to come, soonest first, before what has been, latest first.
        SELECT * FROM (SELECT * FROM hits LIMIT 1500) AS h
        ORDER BY h.starts_at < at, abs(extract(epoch FROM h.starts_at - at)), h.id
        LIMIT cap
    )
    SELECT f.id::text, ts_rank('{0.1,0.2,0.6,1}', f.search, wanted, 32), f.search @@ literal,
        CASE WHEN starts_with(lower(f.title), typed) THEN CASE WHEN length(f.title) = length(typed) THEN 2 ELSE 1 END ELSE 0 END,
        f.status, f.type, f.city, f.starts_at, f.starts_at >= at AND f.status <> 'CANCELLED', f.coordinates <-> near
    FROM found AS f;
END
$$;
COMMENT ON FUNCTION app.find_events(tsquery, tsquery, text, integer, timestamptz, text[], text[], text[], timestamptz, timestamptz, geography, double precision, timestamptz) IS
    'Events by words, seen from a moment.';

CREATE FUNCTION app.find_courses(
    wanted tsquery, literal tsquery, typed text, cap integer, categories text[], since timestamptz
) RETURNS SETOF app.search_hit
LANGUAGE plpgsql STABLE
SET plan_cache_mode = auto SET enable_seqscan = off SET jit = off SET max_parallel_workers_per_gather = 0
AS $$
BEGIN
    PERFORM app.plan_for(categories IS NOT NULL OR since IS NOT NULL);
    RETURN QUERY
    WITH hits AS MATERIALIZED (
        SELECT id, title, search, category, published_at
        FROM course_listings
        WHERE (categories IS NULL OR upper(category) = ANY (categories))
            AND (since IS NULL OR COALESCE(published_at, created_at) > since)
            AND search @@ wanted
    )
    SELECT f.id::text, ts_rank('{0.1,0.2,0.6,1}', f.search, wanted, 32), f.search @@ literal,
        CASE WHEN starts_with(lower(f.title), typed) THEN CASE WHEN length(f.title) = length(typed) THEN 2 ELSE 1 END ELSE 0 END,
        NULL::text, f.category, NULL::text, f.published_at, true, NULL::double precision
    FROM (SELECT * FROM hits LIMIT cap) AS f;
END
$$;
COMMENT ON FUNCTION app.find_courses(tsquery, tsquery, text, integer, text[], timestamptz) IS 'Courses by words.';

-- What asks for a place reads the view whose addresses are bare and which leaves out those who hide theirs.
CREATE FUNCTION app.find_members(
    wanted tsquery, literal tsquery, typed text, cap integer, cities text[], near geography, radius double precision,
    since timestamptz
) RETURNS SETOF app.search_hit
LANGUAGE plpgsql STABLE
SET plan_cache_mode = auto SET enable_seqscan = off SET jit = off SET max_parallel_workers_per_gather = 0
AS $$
BEGIN
    PERFORM app.plan_for(cities IS NOT NULL OR near IS NOT NULL OR since IS NOT NULL);
    RETURN QUERY
    WITH hits AS MATERIALIZED (
        SELECT id, first_name, last_name, company, search, city, created_at, NULL::geography AS coordinates
        FROM member_directory
        WHERE cities IS NULL AND near IS NULL AND (since IS NULL OR created_at > since) AND search @@ wanted
        UNION ALL
        SELECT id, first_name, last_name, company, search, city, created_at, coordinates
        FROM member_locations
        WHERE (cities IS NOT NULL OR near IS NOT NULL)
            AND (cities IS NULL OR lower(city) = ANY (cities))
            AND (near IS NULL OR coordinates && _ST_Expand(near, radius) AND coordinates <-> near <= radius)
            AND (since IS NULL OR created_at > since)
            AND search @@ wanted
    )
    SELECT f.id::text, ts_rank('{0.1,0.2,0.6,1}', f.search, wanted, 32), f.search @@ literal,
        CASE WHEN typed IN (lower(f.first_name || ' ' || f.last_name), lower(f.company)) THEN 2
            WHEN starts_with(lower(f.first_name || ' ' || f.last_name), typed) OR starts_with(lower(f.company), typed) THEN 1
            ELSE 0 END,
        NULL::text, NULL::text, f.city, f.created_at, true, f.coordinates <-> near
    FROM (SELECT * FROM hits LIMIT cap) AS f;
END
$$;
COMMENT ON FUNCTION app.find_members(tsquery, tsquery, text, integer, text[], geography, double precision, timestamptz) IS
    'Members by words of what they cannot hide; by place only those who show theirs.';

DO $$
DECLARE
    signature regprocedure;
BEGIN
    FOR signature IN
        SELECT oid FROM pg_proc WHERE pronamespace = 'app'::regnamespace AND (proname LIKE 'find\_%' OR proname = 'plan_for')
    LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_api, portal_jobs', signature);
    END LOOP;
END
$$;

-- ---- The dictionary ----

ALTER INDEX search_terms_trigrams SET (fastupdate = off);
CREATE INDEX search_terms_first_letter ON search_terms (left(term, 1), document_count DESC);
CREATE INDEX search_terms_first_letters ON search_terms (left(term, 2), document_count DESC);
COMMENT ON TABLE search_terms IS
    'Distinct words of public rows without accents or stems, and how many rows have each: by them misspelt words are corrected and begun ones completed. Refreshed by jobs.';

SELECT app.allow('courses', 'portal_definer', 'SELECT', 'true', 'title, description, category, is_published, deleted_at');
SELECT app.allow('search_terms', 'portal_definer', command, 'true') FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS command;

CREATE FUNCTION app.refresh_search_terms(kinds text[]) RETURNS TABLE (added bigint, changed bigint, removed bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    -- Public rows alone, whoever calls. Members are not among them.
    sources constant jsonb := jsonb_build_object(
        'CONTRACTOR', 'SELECT search FROM public.california_contractors',
        'PROJECT', $q$
            SELECT to_tsvector('public.portal_names', app.search_text(concat_ws(' ',
                title, app.words(skills_required), location, city, description)) || ' ' || app.class_words(license_classes))
            FROM public.projects WHERE deleted_at IS NULL AND visibility = 'PUBLIC' AND status <> 'DRAFT'$q$,
        'EVENT', $q$
            SELECT to_tsvector('public.portal_names', app.search_text(concat_ws(' ', title, place, city, description)))
            FROM public.events WHERE deleted_at IS NULL AND visibility = 'PUBLIC' AND status <> 'DRAFT'$q$,
        'COURSE', $q$
            SELECT to_tsvector('public.portal_names', app.search_text(concat_ws(' ', title, category, description)))
            FROM public.courses WHERE deleted_at IS NULL AND is_published$q$);
BEGIN
    -- One after the other: two at once would write the same rows.
    PERFORM pg_advisory_xact_lock(4202);
    RETURN QUERY
    WITH fresh AS MATERIALIZED (
        SELECT s.word AS term, k.kind, s.ndoc AS document_count
        FROM unnest(kinds) AS k (kind), ts_stat(sources ->> k.kind) AS s
        WHERE s.word ~ '^([[:alpha:]]{2,40}|[a-z]{1,3}[0-9]{1,3})$' AND s.word NOT IN ('classa', 'classb')
    ), gone AS (
        DELETE FROM public.search_terms AS t
        WHERE t.kind = ANY (kinds) AND NOT EXISTS (SELECT FROM fresh AS f WHERE f.term = t.term AND f.kind = t.kind)
        RETURNING 1
    ), written AS (
        INSERT INTO public.search_terms AS t (term, kind, document_count)
        SELECT f.term, f.kind, f.document_count
        FROM fresh AS f
        WHERE NOT EXISTS (
            SELECT FROM public.search_terms AS old
            WHERE old.term = f.term AND old.kind = f.kind AND old.document_count = f.document_count)
        ON CONFLICT (term, kind) DO UPDATE SET document_count = excluded.document_count
        RETURNING xmax = 0 AS is_new
    )
    SELECT (SELECT count(*) FROM written AS w WHERE w.is_new), (SELECT count(*) FROM written AS w WHERE NOT w.is_new),
        (SELECT count(*) FROM gone);
END
$$;
COMMENT ON FUNCTION app.refresh_search_terms(text[]) IS
    'Brings the words of CONTRACTOR, PROJECT, EVENT or COURSE up to date, writing what differs, and says how many words were added, counted anew and removed.';
ALTER FUNCTION app.refresh_search_terms(text[]) OWNER TO portal_definer;
GRANT EXECUTE ON FUNCTION app.refresh_search_terms(text[]) TO portal_jobs, portal_maintenance;

-- A parameter of a library is known once the library is loaded, which its first function does.
SELECT similarity('', '');
CREATE FUNCTION app.look_up_words(words text[], begun text)
RETURNS TABLE (word text, term text, is_like boolean, contractors real, projects real, documents bigint)
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET pg_trgm.similarity_threshold = 0.25
AS $$
DECLARE
    -- As the statistics have it: what is common is known well enough by them.
    of_contractors real := (
        SELECT greatest(sum(c.reltuples), 1) FROM pg_catalog.pg_inherits AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'california_contractors'::regclass);
    of_projects real := (SELECT greatest(c.reltuples, 1) FROM pg_catalog.pg_class AS c WHERE c.oid = 'projects'::regclass);
BEGIN
    RETURN QUERY
    WITH known AS MATERIALIZED (
        SELECT w AS word, COALESCE(sum(t.document_count) FILTER (WHERE t.kind = 'CONTRACTOR'), 0) / of_contractors AS contractors,
            COALESCE(sum(t.document_count) FILTER (WHERE t.kind = 'PROJECT'), 0) / of_projects AS projects,
            COALESCE(sum(t.document_count), 0)::bigint AS documents
        FROM unnest(words) AS w LEFT JOIN search_terms AS t ON t.term = w
        GROUP BY w
    ), completions AS (
        SELECT t.term, COALESCE(sum(t.document_count) FILTER (WHERE t.kind = 'CONTRACTOR'), 0) / of_contractors AS contractors,
            COALESCE(sum(t.document_count) FILTER (WHERE t.kind = 'PROJECT'), 0) / of_projects AS projects,
            sum(t.document_count)::bigint AS documents
        FROM search_terms AS t
        WHERE t.term > begun AND t.term < begun || chr(1114111)
        GROUP BY t.term
        ORDER BY documents DESC, t.term LIMIT 5
    )
    SELECT k.word, k.word, false, k.contractors::real, k.projects::real, k.documents FROM known AS k
    UNION ALL
    SELECT begun, c.term, false, c.contractors::real, c.projects::real, c.documents FROM completions AS c
    UNION ALL
    SELECT k.word, n.term, true, 0::real, 0::real, n.documents
    FROM known AS k, LATERAL (
        SELECT t.term, sum(t.document_count)::bigint AS documents
        FROM search_terms AS t
        WHERE t.term % k.word AND length(t.term) BETWEEN length(k.word) - 2 AND length(k.word) + 2 AND t.term <> k.word
        GROUP BY t.term
        ORDER BY similarity(t.term, k.word) DESC, documents DESC, t.term LIMIT 20
    ) AS n
    WHERE k.documents < 3 AND length(k.word) > 3 AND k.word !~ '[0-9]';
END
$$;
COMMENT ON FUNCTION app.look_up_words(text[], text) IS
    'What the dictionary knows of words: how many rows have each, and what shares of the contractors and projects; the likeliest words that `begun` begins; and, of words that fewer than three rows have, those like them.';
GRANT EXECUTE ON FUNCTION app.look_up_words(text[], text) TO portal_api, portal_jobs;
