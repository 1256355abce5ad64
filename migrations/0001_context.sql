-- The ground that every table stands on: who is asking (the request's context), text search that ignores accents, and the
-- helpers by which the tables that follow are protected, versioned and classed.

-- Functions are called by those who are granted them, not by everybody.
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- ---- The request's context: transaction-local settings, written by app.begin_request and app.begin_job alone. ----
-- A setting that was set in an earlier transaction of the same connection reads as '', hence the NULLIF.

CREATE FUNCTION app.user_id() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
RETURN NULLIF(current_setting('app.user_id', true), '')::uuid;
COMMENT ON FUNCTION app.user_id() IS 'The signed-in caller, NULL when anonymous or a job.';

CREATE FUNCTION app.session_id() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
RETURN NULLIF(current_setting('app.session_id', true), '')::uuid;
COMMENT ON FUNCTION app.session_id() IS 'The sign-in that the caller uses.';

CREATE FUNCTION app.request_id() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
RETURN NULLIF(current_setting('app.request_id', true), '')::uuid;
COMMENT ON FUNCTION app.request_id() IS 'The request or job run that this transaction serves.';

CREATE FUNCTION app.has(permission text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN position(' ' || permission || ' ' IN COALESCE(current_setting('app.permissions', true), '')) > 0;
COMMENT ON FUNCTION app.has(text) IS 'Whether the caller has a permission, a resource.action string.';

GRANT EXECUTE ON FUNCTION app.user_id(), app.session_id(), app.request_id(), app.has(text) TO PUBLIC;

-- ---- Text search ----
-- Accents never matter: MUÑOZ is found as munoz. Names keep every word as it is; prose is stemmed.

CREATE TEXT SEARCH CONFIGURATION public.portal_names (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION public.portal_names
    ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, pg_catalog.simple;

CREATE TEXT SEARCH CONFIGURATION public.portal_prose (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION public.portal_prose
    ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, pg_catalog.english_stem;

-- array_to_string is only STABLE because an element's output function may be; that of text is not.
CREATE FUNCTION app.words(words text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN array_to_string(words, ' ');
GRANT EXECUTE ON FUNCTION app.words(text[]) TO PUBLIC;
COMMENT ON FUNCTION app.words(text[]) IS 'The elements with a space between, for generated search columns.';

-- ---- Row versions ----

CREATE FUNCTION app.touch() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.updated_at := now();
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION app.touch() IS
    'Raises version, which the ETag comes from, and updated_at; counters are left out by the trigger''s WHEN.';
GRANT EXECUTE ON FUNCTION app.touch() TO PUBLIC;

CREATE FUNCTION app.version_rows(target regclass, counters text[] DEFAULT '{}') RETURNS void
LANGUAGE plpgsql SET search_path = ''
AS $$
DECLARE
    unchanged text := (
        SELECT COALESCE(string_agg(format('OLD.%1$I IS NOT DISTINCT FROM NEW.%1$I', name), ' AND '), 'true')
        FROM unnest(counters) AS name
    );
BEGIN
    EXECUTE format(
        'CREATE TRIGGER touch BEFORE UPDATE ON %s FOR EACH ROW WHEN (%s) EXECUTE FUNCTION app.touch()', target, unchanged);
END
$$;
COMMENT ON FUNCTION app.version_rows(regclass, text[]) IS
    'Migrations: version every update of a table, except one that changes a counter.';

-- ---- Row-level security ----

CREATE FUNCTION app.protect(target regclass) RETURNS void
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', target);
    -- FORCE binds the owner too: without a policy of its own a migration's backfill would change no row.
    EXECUTE format('CREATE POLICY owner_all ON %s TO portal_owner USING (true) WITH CHECK (true)', target);
    EXECUTE format('CREATE POLICY backup_read ON %s FOR SELECT TO portal_backup USING (true)', target);
    EXECUTE format('GRANT SELECT ON %s TO portal_backup', target);
END
$$;
COMMENT ON FUNCTION app.protect(regclass) IS
    'Migrations: force row-level security on a table; only the owner and the backup see rows until more policies are added.';

-- ---- Column classes ----

CREATE TABLE column_classes (
    table_name text NOT NULL,
    column_name text NOT NULL,
    class text NOT NULL CHECK (class IN ('PUBLIC', 'PRIVATE', 'SECRET')),
    PRIMARY KEY (table_name, column_name)
);
COMMENT ON TABLE column_classes IS
    'PUBLIC may be shown to anyone who may see the row, PRIVATE to its owner and staff, SECRET never leaves the database.';
SELECT app.protect('column_classes');

CREATE FUNCTION app.classify(target text, columns jsonb) RETURNS void
LANGUAGE sql SET search_path = ''
AS $$
    INSERT INTO public.column_classes (table_name, column_name, class)
    SELECT target, name, upper(class)
    FROM jsonb_each(columns) AS entry (class, names), jsonb_array_elements_text(names) AS name
$$;
COMMENT ON FUNCTION app.classify(text, jsonb) IS 'Migrations: class columns, {"public": [..], "private": [..], "secret": [..]}.';

SELECT app.classify('column_classes', '{"public": ["table_name", "column_name", "class"]}');
