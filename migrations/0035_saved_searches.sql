-- Saved searches: how many a member may keep, and what lets the notify function look for what is new as the member.

CREATE FUNCTION app.admit_saved_search() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    -- One after the other: two at once would each count without the other.
    PERFORM pg_advisory_xact_lock(4203, hashtext(NEW.user_id::text));
    IF (SELECT count(*) FROM public.saved_searches AS s WHERE s.user_id = NEW.user_id) >= 50 THEN
        RAISE EXCEPTION 'You keep 50 saved searches already, as many as there may be: delete one first.' USING ERRCODE = 'PB409';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION app.admit_saved_search() IS 'Refuses the 51st saved search of a member, however many come at once.';
CREATE TRIGGER admit BEFORE INSERT ON saved_searches FOR EACH ROW EXECUTE FUNCTION app.admit_saved_search();

ALTER TABLE saved_searches ADD CONSTRAINT saved_searches_name_length CHECK (char_length(name) BETWEEN 1 AND 100);
COMMENT ON COLUMN saved_searches.query IS 'The parameters of GET /v1/search by name; what may be repeated is a list.';
COMMENT ON COLUMN saved_searches.matched_until IS
    'What could be found by then has been looked at, and is in a mail or was not for this member.';
COMMENT ON COLUMN saved_searches.last_alert_on IS 'The day (UTC) of the last mail that named this search.';

-- A row that is dated now() shows only once its transaction has committed, which may be long after. Whoever looks for what is new up to
-- some moment must not pass over rows that are dated before it and show later.
CREATE FUNCTION app.settled_until(margin interval) RETURNS timestamptz
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
    -- now() is the beginning of a transaction: what the oldest open one dates is not yet settled, hence the microsecond.
    SELECT least(clock_timestamp() - margin, min(a.xact_start)) - interval '1 microsecond'
    FROM pg_catalog.pg_stat_activity AS a
    WHERE a.datname = current_database() AND a.backend_type = 'client backend' AND a.xact_start IS NOT NULL
$$;
COMMENT ON FUNCTION app.settled_until(interval) IS
    'A moment before which every transaction that dates its rows with now() had begun and ended: at most `margin` ago, and before any transaction that is open. The margin is for those that begin while this looks.';
ALTER FUNCTION app.settled_until(interval) OWNER TO portal_definer;
GRANT EXECUTE ON FUNCTION app.settled_until(interval) TO portal_api, portal_jobs;

-- For app.act_as here and for app.begin_request.
CREATE FUNCTION app.permissions_of(member uuid) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = ''
AS $$
BEGIN
    RETURN (
        SELECT COALESCE(' ' || string_agg(DISTINCT p.name, ' ') || ' ', '')
        FROM public.user_roles AS ur
        JOIN public.role_permissions AS rp ON rp.role_id = ur.role_id
        JOIN public.permissions AS p ON p.id = rp.permission_id
        WHERE ur.user_id = member AND (ur.expires_at IS NULL OR ur.expires_at > now())
    );
END
$$;
COMMENT ON FUNCTION app.permissions_of(uuid) IS
    'The permissions of the roles that a member has now, as app.permissions holds them: each with a space before and after. In PL/pgSQL, whose plan stays with the connection.';
GRANT EXECUTE ON FUNCTION app.permissions_of(uuid) TO portal_definer;

-- A job sees by row-level security and the views what the member sees, and no more.
CREATE FUNCTION app.act_as(member uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    granted text := '';
BEGIN
    IF member IS NOT NULL THEN
        IF NOT EXISTS (
            SELECT FROM public.users AS u
            WHERE u.id = member AND u.is_active AND u.approved_at IS NOT NULL AND u.suspended_at IS NULL AND u.deleted_at IS NULL
        ) THEN
            RETURN false;
        END IF;
        granted := app.permissions_of(member);
    END IF;
    PERFORM
        set_config('app.user_id', COALESCE(member::text, ''), true),
        set_config('app.session_id', '', true),
        set_config('app.permissions', granted, true);
    RETURN true;
END
$$;
COMMENT ON FUNCTION app.act_as(uuid) IS
    'For jobs: the rest of the transaction reads as this member, by the roles that the member has now; as nobody again with NULL. False, and nothing changed, for who is not approved, suspended or gone.';
ALTER FUNCTION app.act_as(uuid) OWNER TO portal_definer;
GRANT EXECUTE ON FUNCTION app.act_as(uuid) TO portal_jobs;

-- ---- A member is new when staff let them in, which may be weeks after they signed up ----

CREATE INDEX users_approved ON users (approved_at) WHERE approved_at IS NOT NULL;
CREATE FUNCTION app.approved_since(moment timestamptz) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$ SELECT u.id FROM public.users AS u WHERE u.approved_at > moment $$;
COMMENT ON FUNCTION app.approved_since(timestamptz) IS 'The members who were let in after a moment.';
ALTER FUNCTION app.approved_since(timestamptz) OWNER TO portal_definer;
GRANT EXECUTE ON FUNCTION app.approved_since(timestamptz) TO portal_api, portal_jobs;

DO $$
DECLARE
    definition text := pg_get_functiondef('app.find_members'::regproc);
    changed text := replace(definition, 'since IS NULL OR created_at > since',
        'since IS NULL OR id IN (SELECT app.approved_since(since))');
BEGIN
    IF changed = definition THEN
        RAISE EXCEPTION 'app.find_members asks in other words than expected since when a member can be found';
    END IF;
    EXECUTE changed;
END
$$;
