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
