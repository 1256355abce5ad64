-- The directory of members: what is searched, the indexes that its lists walk, views whose columns are all that the caller may
-- see, and the two steps that no member may take alone: claiming a contractor's licence and giving it back.

-- ---- Words that are found whatever their case ----

CREATE FUNCTION app.lowered(words text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY(SELECT lower(word) FROM unnest(words) AS word);
COMMENT ON FUNCTION app.lowered(text[]) IS 'The elements in lower case, for filters whose case does not matter.';

-- A surname may be a word that prose skips ("An", "Will"), so a query of nothing else is taken as names.
CREATE FUNCTION app.member_query(words text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE numnode(websearch_to_tsquery('public.portal_prose', words))
    WHEN 0 THEN websearch_to_tsquery('public.portal_names', words)
    ELSE websearch_to_tsquery('public.portal_prose', words) END;
COMMENT ON FUNCTION app.member_query(text) IS 'What people type into the search of the directory, for users.search.';
GRANT EXECUTE ON FUNCTION app.lowered(text[]), app.member_query(text) TO PUBLIC;

-- ---- The search document: only what everybody who has signed in may see. E-mail, phone and address are not in it. ----

ALTER TABLE users
    ADD COLUMN skill_names text[] NOT NULL DEFAULT '{}',
    ADD COLUMN search tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('public.portal_names', first_name || ' ' || last_name || COALESCE(' ' || company, '')), 'A')
        || setweight(to_tsvector('public.portal_prose', first_name || ' ' || last_name || COALESCE(' ' || company, '')), 'A')
        || setweight(to_tsvector('public.portal_prose', COALESCE(title, '') || ' ' || app.words(skill_names)), 'B')
        || setweight(to_tsvector('public.portal_prose', COALESCE(bio, '')), 'C')
    ) STORED;
COMMENT ON COLUMN users.skill_names IS 'The names in user_skills, kept by its triggers: one column to filter and to search.';
COMMENT ON COLUMN users.search IS 'Name, company, title, skills and bio, which no member can hide; nothing that one can.';
SELECT app.classify('users', '{"public": ["skill_names", "search"]}');
-- Made again, so that both stay out of the audit: what they come from is in it.
DROP TRIGGER audit ON users;
DO $$
DECLARE
    redacted text := (
        SELECT array_agg(column_name ORDER BY column_name)::text FROM column_classes WHERE table_name = 'users' AND class = 'SECRET');
BEGIN
    EXECUTE format(
        'CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON users FOR EACH ROW EXECUTE FUNCTION app.audit(%L, %L, %L)',
        '{id}', redacted, '{search,skill_names}');
END
$$;

UPDATE users AS u SET skill_names = s.names
FROM (SELECT user_id, array_agg(skill ORDER BY skill) AS names FROM user_skills GROUP BY user_id) AS s
WHERE s.user_id = u.id;

-- Every change of a member's skills is a new version of the profile that shows them.
CREATE FUNCTION app.note_skills() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    UPDATE public.users AS u
    SET skill_names = ARRAY(SELECT s.skill FROM public.user_skills AS s WHERE s.user_id = u.id ORDER BY s.skill)
    WHERE u.id IN (SELECT c.user_id FROM changed AS c);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION app.note_skills() IS 'Keeps users.skill_names; once a statement, however many rows it has.';
SELECT app.allow('user_skills', 'portal_definer', 'SELECT', 'true');
SELECT app.allow('users', 'portal_definer', 'UPDATE', 'true', 'skill_names, contractor_license');
ALTER FUNCTION app.note_skills() OWNER TO portal_definer;
CREATE TRIGGER note_inserted AFTER INSERT ON user_skills
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.note_skills();
CREATE TRIGGER note_updated AFTER UPDATE ON user_skills
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.note_skills();
CREATE TRIGGER note_deleted AFTER DELETE ON user_skills
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.note_skills();
-- Also while rows are loaded with triggers off: the column is data, not a consequence.
ALTER TABLE user_skills ENABLE ALWAYS TRIGGER note_inserted;
ALTER TABLE user_skills ENABLE ALWAYS TRIGGER note_updated;
ALTER TABLE user_skills ENABLE ALWAYS TRIGGER note_deleted;

-- ---- Indexes of the lists; a test explains them ----

CREATE INDEX users_search ON users USING gin (search) WHERE is_active AND deleted_at IS NULL;
CREATE INDEX users_skills ON users USING gin (app.lowered(skill_names)) WHERE is_active AND deleted_at IS NULL;
CREATE INDEX users_languages ON users USING gin (app.lowered(languages)) WHERE is_active AND deleted_at IS NULL;
CREATE INDEX users_state ON users (lower(state), last_name, first_name, id) WHERE is_active AND deleted_at IS NULL;

-- ---- Views: the directory with what the caller may see, and the part of it whose addresses the caller may know ----

CREATE OR REPLACE VIEW member_directory AS
SELECT
    u.id, u.first_name, u.last_name, u.company, u.title, u.member_type, u.member_since, u.bio, u.website, u.linkedin,
    u.profile_image_key, u.certifications, u.languages, u.contractor_license,
    CASE WHEN app.sees_field(u.field_visibility ->> 'email', u.id) THEN u.email END AS email,
    CASE WHEN app.sees_field(u.field_visibility ->> 'phone', u.id) THEN u.phone END AS phone,
    CASE WHEN app.sees_field(u.field_visibility ->> 'address', u.id) THEN u.street END AS street,
    CASE WHEN app.sees_field(u.field_visibility ->> 'address', u.id) THEN u.city END AS city,
    CASE WHEN app.sees_field(u.field_visibility ->> 'address', u.id) THEN u.state END AS state,
    CASE WHEN app.sees_field(u.field_visibility ->> 'address', u.id) THEN u.zip END AS zip,
    u.created_at, u.updated_at, u.version,
    CASE WHEN app.sees_field(u.field_visibility ->> 'address', u.id) THEN u.coordinates END AS coordinates,
    u.skill_names, u.search
FROM users AS u
WHERE u.is_active AND u.approved_at IS NOT NULL AND u.deleted_at IS NULL AND (SELECT app.user_id()) IS NOT NULL;

-- Not one view with the other: there an address is a CASE, which no index serves.
CREATE OR REPLACE VIEW member_locations AS
SELECT
    u.id, u.city, u.state, u.coordinates,
    u.first_name, u.last_name, u.company, u.title, u.member_type, u.member_since, u.bio, u.website, u.linkedin,
    u.profile_image_key, u.certifications, u.languages, u.contractor_license,
    CASE WHEN app.sees_field(u.field_visibility ->> 'email', u.id) THEN u.email END AS email,
    CASE WHEN app.sees_field(u.field_visibility ->> 'phone', u.id) THEN u.phone END AS phone,
    u.street, u.zip, u.created_at, u.updated_at, u.version, u.skill_names, u.search
FROM users AS u
WHERE u.is_active AND u.approved_at IS NOT NULL AND u.deleted_at IS NULL AND (SELECT app.user_id()) IS NOT NULL
  AND app.sees_field(u.field_visibility ->> 'address', u.id);
COMMENT ON VIEW member_locations IS
    'The members that let the caller know where they are, with the columns of member_directory; the address is bare, so that filters and distances reach their indexes.';

-- ---- Licences ----

-- That a licence is a member's is checked: only the functions below write it.
REVOKE UPDATE (contractor_license) ON users FROM portal_api;
SELECT app.allow('california_contractors', 'portal_definer', 'SELECT', 'true');
SELECT app.allow('california_contractors', 'portal_definer', 'UPDATE', 'true', 'is_namc_member');

CREATE FUNCTION app.claim_license(wanted text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    claimant record;
    contractor record;
BEGIN
    -- The own account first, then the licence: whoever waits for one holds nothing that its holder waits for.
    SELECT u.approved_at, u.contractor_license INTO claimant
    FROM public.users AS u
    WHERE u.id = app.user_id() AND u.deleted_at IS NULL
    FOR UPDATE;
    IF claimant.approved_at IS NULL THEN
        RETURN 'NOT_APPROVED';
    ELSIF claimant.contractor_license = wanted THEN
        RETURN 'CLAIMED';
    ELSIF claimant.contractor_license IS NOT NULL THEN
        RETURN 'HAS_ANOTHER';
    END IF;
    SELECT c.removed_from_source_on INTO contractor
    FROM public.california_contractors AS c
    WHERE c.license_number = wanted
    FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 'UNKNOWN';
    ELSIF contractor.removed_from_source_on IS NOT NULL THEN
        RETURN 'REMOVED';
    ELSIF EXISTS (
        SELECT FROM public.users AS u WHERE u.contractor_license = wanted AND u.deleted_at IS NULL) THEN
        RETURN 'TAKEN';
    END IF;
    UPDATE public.users SET contractor_license = wanted WHERE id = app.user_id();
    UPDATE public.california_contractors SET is_namc_member = true WHERE license_number = wanted;
    RETURN 'CLAIMED';
END
$$;
COMMENT ON FUNCTION app.claim_license(text) IS
    'Makes an imported licence the caller''s, and the firm a member: CLAIMED, UNKNOWN, REMOVED, TAKEN, HAS_ANOTHER or NOT_APPROVED.';

CREATE FUNCTION app.release_license() RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    held text;
BEGIN
    SELECT u.contractor_license INTO held FROM public.users AS u WHERE u.id = app.user_id() FOR UPDATE;
    IF held IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE public.users SET contractor_license = NULL WHERE id = app.user_id();
    UPDATE public.california_contractors SET is_namc_member = false WHERE license_number = held;
    RETURN held;
END
$$;
COMMENT ON FUNCTION app.release_license() IS 'Gives the caller''s licence back, which it names; NULL when there is none.';

ALTER FUNCTION app.claim_license(text) OWNER TO portal_definer;
ALTER FUNCTION app.release_license() OWNER TO portal_definer;
GRANT EXECUTE ON FUNCTION app.claim_license(text), app.release_license() TO portal_api;

-- ---- Outreach ----

-- Apart from the row's own version, which is the state's record's: neither side's change spoils the other's If-Match.
ALTER TABLE california_contractors
    ADD COLUMN outreach_version integer NOT NULL DEFAULT 1,
    ALTER outreach_version SET STATISTICS 0;
COMMENT ON COLUMN california_contractors.outreach_version IS 'Counts the changes of the outreach columns, for their ETag.';
SELECT app.classify('california_contractors', '{"private": ["outreach_version"]}');
GRANT UPDATE (outreach_version) ON california_contractors TO portal_api, portal_admin;

CREATE OR REPLACE VIEW contractor_outreach AS
SELECT license_number, region, outreach_status, outreach_notes, outreach_updated_at, outreach_updated_by, outreach_version
FROM california_contractors
WHERE (SELECT app.has('contractors.outreach'));
