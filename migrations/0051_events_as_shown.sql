-- What is shown of events, to whom, and what is written about them. What was never announced stays with who could see the draft, also
-- when it is called off. Where an event is online, and its papers, are for those with a seat for which nothing is owed. Members are
-- reminded a day before, and told once of several changes.

-- ---- What was announced ----
UPDATE events AS e SET published_at = e.created_at
WHERE e.published_at IS NULL
    AND (e.status NOT IN ('DRAFT', 'CANCELLED')
        OR e.status = 'CANCELLED' AND EXISTS (SELECT FROM event_registrations AS r WHERE r.event_id = e.id));

CREATE FUNCTION app.note_publication() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    IF NEW.published_at IS NULL AND NEW.status NOT IN ('DRAFT', 'CANCELLED') THEN
        NEW.published_at := now();
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION app.note_publication() IS 'Notes when an event was first more than a draft, whatever writes; what has no such time is shown to nobody new.';
CREATE TRIGGER note_publication BEFORE INSERT OR UPDATE OF status, published_at ON events
    FOR EACH ROW EXECUTE FUNCTION app.note_publication();

-- ---- Time zones ----
-- A name for a clock that nobody has set yet. Moments stay what they are.
UPDATE events SET time_zone = 'UTC' WHERE time_zone = 'Factory';
UPDATE notification_settings SET time_zone = 'UTC' WHERE time_zone = 'Factory';
CREATE OR REPLACE FUNCTION app.know_time_zone() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    PERFORM now() AT TIME ZONE NEW.time_zone;
    IF lower(NEW.time_zone) = 'factory' THEN
        RAISE EXCEPTION 'time zone "%" is none', NEW.time_zone USING ERRCODE = '22023';
    END IF;
    RETURN NEW;
END
$$;

-- ---- Where it is online, and its papers ----
CREATE FUNCTION app.opens_event(event uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT app.has('events.manage')
        OR EXISTS (SELECT FROM public.events AS e WHERE e.id = event AND e.organizer_id = (SELECT app.user_id()))
        OR EXISTS (
            SELECT FROM public.event_registrations AS r
            WHERE r.event_id = event AND r.user_id = (SELECT app.user_id()) AND app.is_open_seat(r.status, r.amount_cents, r.paid_at))
$$;
COMMENT ON FUNCTION app.opens_event(uuid) IS
    'Whether the caller may go into an event''s meeting and read its papers: who runs it, and who has a seat for which nothing is owed.';
ALTER FUNCTION app.opens_event(uuid) OWNER TO portal_definer;
GRANT EXECUTE ON FUNCTION app.opens_event(uuid) TO portal_api, portal_views;

CREATE OR REPLACE VIEW event_listings AS
SELECT
    e.id, e.organizer_id, e.title, e.description, e.type,
    app.event_status(e.status, e.registration_opens_at, e.registration_deadline, e.starts_at, e.ends_at, now()) AS status,
    e.visibility, e.starts_at, e.ends_at, e.time_zone,
    e.registration_deadline, e.max_capacity, e.registered_count, e.waitlist_enabled, e.place, e.address, e.city,
    CASE WHEN e.virtual_url IS NOT NULL AND (SELECT app.user_id()) IS NOT NULL AND app.opens_event(e.id) THEN e.virtual_url END
        AS virtual_url,
    e.coordinates, e.price_cents, e.member_price_cents, e.early_bird_price_cents, e.early_bird_deadline, e.currency,
    e.agenda, e.speakers, e.sponsors, e.calendar_sequence, e.published_at, e.cancelled_at,
    e.created_at, e.updated_at, e.version, e.search, e.registration_opens_at,
    e.virtual_url IS NOT NULL AS is_online
FROM events AS e
WHERE e.deleted_at IS NULL
  AND (
      e.status <> 'DRAFT' AND e.published_at IS NOT NULL AND (e.visibility = 'PUBLIC' OR (SELECT app.user_id()) IS NOT NULL)
      OR e.organizer_id = (SELECT app.user_id())
      OR (SELECT app.has('events.manage'))
  );
COMMENT ON VIEW event_listings IS 'The events that the caller may see, each where it stands now.';

ALTER POLICY portal_api_select ON event_files USING (app.sees_event(event_id) AND app.opens_event(event_id));

CREATE OR REPLACE FUNCTION app.refresh_search_terms(kinds text[]) RETURNS TABLE (added bigint, changed bigint, removed bigint)
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
            FROM public.events
            WHERE deleted_at IS NULL AND visibility = 'PUBLIC' AND status <> 'DRAFT' AND published_at IS NOT NULL$q$,
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

-- ---- Calendars ----
DROP FUNCTION app.calendar_entries(bytea, timestamptz, integer);
CREATE FUNCTION app.calendar_entries(hash bytea, since timestamptz, most integer) RETURNS TABLE (
    id uuid, title text, description text, type text, status text, starts_at timestamptz, ends_at timestamptz, time_zone text,
    place text, address text, city text, virtual_url text, lat double precision, lng double precision,
    calendar_sequence integer, created_at timestamptz, updated_at timestamptz, is_held boolean
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT e.id, e.title, e.description, e.type, e.status, e.starts_at, e.ends_at, e.time_zone, e.place, e.address, e.city,
        CASE WHEN app.is_open_seat(r.status, r.amount_cents, r.paid_at) THEN e.virtual_url END,
        public.ST_Y(e.coordinates::public.geometry), public.ST_X(e.coordinates::public.geometry),
        e.calendar_sequence, e.created_at, GREATEST(e.updated_at, r.updated_at),
        r.status = 'REGISTERED' AND NOT app.is_open_seat(r.status, r.amount_cents, r.paid_at)
    FROM public.event_registrations AS r
    JOIN public.events AS e ON e.id = r.event_id
    WHERE r.user_id = app.calendar_owner(hash)
        AND e.ends_at >= since
        AND (r.status IN ('REGISTERED', 'ATTENDED') OR r.status = 'CANCELLED' AND e.status = 'CANCELLED' AND r.cancelled_at >= e.cancelled_at)
    ORDER BY e.starts_at, e.id
    LIMIT most
$$;
COMMENT ON FUNCTION app.calendar_entries(bytea, timestamptz, integer) IS
    'The events that the owner of a token has a seat at, and those that were called off while they had one; where they are online once nothing is owed.';
ALTER FUNCTION app.calendar_entries(bytea, timestamptz, integer) OWNER TO portal_definer;
GRANT EXECUTE ON FUNCTION app.calendar_entries(bytea, timestamptz, integer) TO portal_api;

-- ---- Mails ----
CREATE FUNCTION app.event_facts(event public.events) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = ''
AS $$
    SELECT jsonb_build_object(
        'eventId', event.id, 'title', event.title, 'timeZone', event.time_zone,
        'startsAt', to_char(event.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'endsAt', to_char(event.ends_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'place', event.place, 'address', event.address, 'city', event.city, 'isOnline', event.virtual_url IS NOT NULL)
$$;
COMMENT ON FUNCTION app.event_facts(public.events) IS
    'What mails say of an event. Not where it is online: that is told to who is signed in and has a seat.';

CREATE OR REPLACE FUNCTION app.write_about_event(event uuid, member uuid, mail_kind text, occasion text, payload jsonb) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
    INSERT INTO public.outbox (id, user_id, channel, kind, recipient, payload, deduplication_key)
    SELECT app.uuid_v7(), u.id, 'EMAIL', mail_kind, u.email,
        payload || jsonb_build_object('firstName', u.first_name) || app.event_facts(e),
        concat_ws('/', mail_kind, occasion, u.id)
    FROM public.users AS u, public.events AS e
    WHERE u.id = member AND u.is_active AND u.deleted_at IS NULL AND e.id = event
    ON CONFLICT (deduplication_key) DO NOTHING
$$;

GRANT SELECT (user_id, kind, state, payload, claimed_until) ON outbox TO portal_definer;
SELECT app.allow('outbox', 'portal_definer', 'UPDATE', 'state = ''PENDING''', 'payload');
-- The mail about a change that waits to be sent is found by its member and event.
CREATE INDEX outbox_event_changes ON outbox (user_id, (payload ->> 'eventId'))
    WHERE kind = 'EVENT_CHANGED' AND state = 'PENDING';

CREATE FUNCTION app.tell_of_change(event uuid, occasion text, payload jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    of public.events;
    told record;
BEGIN
    PERFORM app.require_runner(event);
    SELECT * INTO of FROM public.events AS e WHERE e.id = event;
    FOR told IN
        SELECT r.user_id FROM public.event_registrations AS r
        WHERE r.event_id = event AND r.status IN ('REGISTERED', 'WAITLISTED', 'ATTENDED')
        ORDER BY r.user_id
    LOOP
        -- Before it is sent the mail says what is true now, and what was before the first change. One that is on its way is left alone.
        UPDATE public.outbox AS o
        SET payload = tell_of_change.payload || jsonb_strip_nulls(o.payload) || app.event_facts(of)
        WHERE o.user_id = told.user_id AND o.kind = 'EVENT_CHANGED' AND o.state = 'PENDING' AND o.payload ->> 'eventId' = event::text
            AND (o.claimed_until IS NULL OR o.claimed_until <= now());
        IF NOT FOUND THEN
            PERFORM app.write_about_event(event, told.user_id, 'EVENT_CHANGED', occasion, tell_of_change.payload);
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION app.tell_of_change(uuid, text, jsonb) IS
    'Tells each who has a seat or waits for one that an event is at another time or place; several changes in one mail while it is not sent.';

DO $$
DECLARE
    signature text;
BEGIN
    FOREACH signature IN ARRAY ARRAY['app.event_facts(public.events)', 'app.tell_of_change(uuid, text, jsonb)'] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO portal_definer', signature);
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION app.tell_of_change(uuid, text, jsonb) TO portal_api;

-- ---- Reminders ----
ALTER TABLE events ADD COLUMN reminded_for timestamptz;
COMMENT ON COLUMN events.reminded_for IS
    'The start of which those with a seat were reminded: one that is moved has another, of which they are reminded anew. Raises no version.';
SELECT app.classify('events', '{"private": ["reminded_for"]}');
DROP TRIGGER touch ON events;
SELECT app.version_rows('events', '{registered_count, reminded_for}');
