-- Registering for events. Whoever takes, frees or moves a seat first takes hold of the event's row, so that seats and waitlist change
-- one after the other; a trigger keeps the number of seats that are taken, and refuses one too many. Also: what the clock alone
-- changes of an event's state, prices by kind, tickets that are good once, and tokens of private calendars.

-- ---- Events ----
ALTER TABLE events
    ADD COLUMN registration_opens_at timestamptz,
    ADD CONSTRAINT events_registration_order CHECK (registration_opens_at < registration_deadline);
COMMENT ON COLUMN events.registration_opens_at IS 'From when registrations are taken; from the publication on where it is NULL.';
COMMENT ON COLUMN events.registered_count IS
    'Seats that are taken, held for a payment or offered to the waitlist; who did not come has none. Raises no version.';
SELECT app.classify('events', '{"public": ["registration_opens_at"]}');
-- What is still to come is found by its end: an event that has begun is not over.
CREATE INDEX events_ends ON events (ends_at, id);
-- What is over and has not been closed yet, for the job that does.
CREATE INDEX events_unfinished ON events (ends_at, id)
    WHERE status IN ('PUBLISHED', 'REGISTRATION_OPEN', 'REGISTRATION_CLOSED', 'IN_PROGRESS');

-- Without SET, so that it is inlined where it stands.
CREATE FUNCTION app.event_status(
    stored text, opens timestamptz, deadline timestamptz, starts timestamptz, ends timestamptz, at timestamptz
) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE
        WHEN stored IN ('DRAFT', 'COMPLETED', 'CANCELLED') THEN stored
        WHEN at >= ends THEN 'COMPLETED'
        WHEN at >= starts THEN 'IN_PROGRESS'
        WHEN stored = 'PUBLISHED' AND opens IS NULL OR stored = 'REGISTRATION_CLOSED' THEN stored
        WHEN at < opens THEN 'PUBLISHED'
        WHEN at >= deadline THEN 'REGISTRATION_CLOSED'
        ELSE 'REGISTRATION_OPEN'
    END
$$;
COMMENT ON FUNCTION app.event_status(text, timestamptz, timestamptz, timestamptz, timestamptz, timestamptz) IS
    'Where an event stands at a moment: what people did to it, and what the clock has made of it since.';
GRANT EXECUTE ON FUNCTION app.event_status(text, timestamptz, timestamptz, timestamptz, timestamptz, timestamptz) TO PUBLIC;

CREATE OR REPLACE VIEW event_listings AS
SELECT
    e.id, e.organizer_id, e.title, e.description, e.type,
    app.event_status(e.status, e.registration_opens_at, e.registration_deadline, e.starts_at, e.ends_at, now()) AS status,
    e.visibility, e.starts_at, e.ends_at, e.time_zone,
    e.registration_deadline, e.max_capacity, e.registered_count, e.waitlist_enabled, e.place, e.address, e.city,
    CASE WHEN (SELECT app.user_id()) IS NOT NULL THEN e.virtual_url END AS virtual_url,
    e.coordinates, e.price_cents, e.member_price_cents, e.early_bird_price_cents, e.early_bird_deadline, e.currency,
    e.agenda, e.speakers, e.sponsors, e.calendar_sequence, e.published_at, e.cancelled_at,
    e.created_at, e.updated_at, e.version, e.search, e.registration_opens_at
FROM events AS e
WHERE e.deleted_at IS NULL
  AND (
      e.status <> 'DRAFT' AND (e.visibility = 'PUBLIC' OR (SELECT app.user_id()) IS NOT NULL)
      OR e.organizer_id = (SELECT app.user_id())
      OR (SELECT app.has('events.manage'))
  );
COMMENT ON VIEW event_listings IS 'The events that the caller may see, each where it stands now.';

-- A zone that this server does not know could be neither shown nor counted by day.
CREATE FUNCTION app.know_time_zone() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    PERFORM now() AT TIME ZONE NEW.time_zone;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION app.know_time_zone() IS 'Refuses a time zone that is none (SQLSTATE 22023).';
CREATE TRIGGER know_time_zone BEFORE INSERT OR UPDATE OF time_zone ON events
    FOR EACH ROW EXECUTE FUNCTION app.know_time_zone();

-- ---- Registrations ----
ALTER TABLE event_registrations
    ADD COLUMN price_kind text NOT NULL DEFAULT 'STANDARD' CHECK (price_kind IN ('STANDARD', 'MEMBER', 'EARLY_BIRD')),
    ADD COLUMN hold_lapsed_at timestamptz,
    ADD COLUMN seat_version integer NOT NULL DEFAULT 1 CHECK (seat_version > 0),
    ADD CONSTRAINT event_registrations_offers_to_waiting CHECK (offer_expires_at IS NULL OR status = 'WAITLISTED'),
    ADD CONSTRAINT event_registrations_holds_of_registered CHECK (hold_expires_at IS NULL OR status = 'REGISTERED');
COMMENT ON COLUMN event_registrations.price_kind IS 'Which of the event''s prices amount_cents is.';
COMMENT ON COLUMN event_registrations.hold_lapsed_at IS
    'When a held seat was taken back for want of its payment; one that comes late may still get a seat.';
COMMENT ON COLUMN event_registrations.seat_version IS 'Grows whenever the member gets a seat anew: the ticket of the one before is worth nothing then.';
SELECT app.classify('event_registrations', '{"private": ["price_kind", "hold_lapsed_at", "seat_version"]}');

CREATE FUNCTION app.holds_seat(status text, offer timestamptz) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT status IN ('REGISTERED', 'ATTENDED') OR status = 'WAITLISTED' AND offer IS NOT NULL $$;
COMMENT ON FUNCTION app.holds_seat(text, timestamptz) IS
    'Whether a registration has one of the event''s seats: taken, held for a payment, or offered.';

CREATE FUNCTION app.count_seat() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    had boolean := TG_OP = 'UPDATE' AND app.holds_seat(OLD.status, OLD.offer_expires_at);
    has boolean := app.holds_seat(NEW.status, NEW.offer_expires_at);
BEGIN
    IF has AND NOT had THEN
        UPDATE public.events SET registered_count = registered_count + 1
        WHERE id = NEW.event_id AND (max_capacity IS NULL OR registered_count < max_capacity);
        IF NOT FOUND THEN
            RAISE EXCEPTION 'This event has no free seat.' USING ERRCODE = 'PB409';
        END IF;
        IF TG_OP = 'UPDATE' THEN
            NEW.seat_version := OLD.seat_version + 1;
        END IF;
    ELSIF had AND NOT has THEN
        UPDATE public.events SET registered_count = registered_count - 1 WHERE id = NEW.event_id;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION app.count_seat() IS 'Keeps events.registered_count, refuses a seat too many, and numbers the seats of a member.';
SELECT app.allow('events', 'portal_definer', 'UPDATE', 'true', 'registered_count');
ALTER FUNCTION app.count_seat() OWNER TO portal_definer;
GRANT EXECUTE ON FUNCTION app.holds_seat(text, timestamptz) TO portal_definer, portal_api, portal_jobs;
CREATE TRIGGER count_seat BEFORE INSERT OR UPDATE OF status, offer_expires_at ON event_registrations
    FOR EACH ROW EXECUTE FUNCTION app.count_seat();

-- ---- What runs with more rights than its caller has ----
SELECT app.allow('event_registrations', 'portal_definer', 'SELECT', 'true');
SELECT app.allow('event_registrations', 'portal_definer', 'UPDATE', 'true',
    'status, hold_expires_at, hold_lapsed_at, offer_expires_at, cancelled_at');

CREATE FUNCTION app.is_registered(event uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$ SELECT EXISTS (
    SELECT FROM public.event_registrations AS r WHERE r.event_id = event AND r.user_id = (SELECT app.user_id())) $$;
COMMENT ON FUNCTION app.is_registered(uuid) IS 'Whether the caller is or was registered for the event, or waits.';

CREATE FUNCTION app.waitlist_position(registration uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT (
        SELECT count(*) FROM public.event_registrations AS o
        WHERE o.event_id = r.event_id AND o.status = 'WAITLISTED' AND o.offer_expires_at IS NULL
            AND (o.waitlisted_at, o.id) <= (r.waitlisted_at, r.id))
    FROM public.event_registrations AS r
    WHERE r.id = registration AND r.status = 'WAITLISTED' AND r.offer_expires_at IS NULL
        AND (r.user_id = (SELECT app.user_id()) OR app.runs_event(r.event_id))
$$;
COMMENT ON FUNCTION app.waitlist_position(uuid) IS
    'The place in line of a registration of the caller''s, or at an event that the caller runs; NULL where it does not wait, or has an offer.';

CREATE FUNCTION app.hold_event(event uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    -- Jobs have no caller; session_user is who has logged in, whatever the function runs as.
    PERFORM FROM public.events AS e
    WHERE e.id = event
        AND (session_user = 'portal_jobs' OR app.sees_event(event) OR app.is_registered(event))
    FOR NO KEY UPDATE;
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION app.hold_event(uuid) IS
    'Waits for whoever changes the event or its seats, and lets nobody change them until the transaction ends; false where the caller may not see it.';

CREATE FUNCTION app.write_about_event(event uuid, member uuid, mail_kind text, occasion text, payload jsonb) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
    INSERT INTO public.outbox (id, user_id, channel, kind, recipient, payload, deduplication_key)
    SELECT app.uuid_v7(), u.id, 'EMAIL', mail_kind, u.email,
        payload || jsonb_build_object(
            'firstName', u.first_name, 'eventId', e.id, 'title', e.title, 'timeZone', e.time_zone,
            'startsAt', to_char(e.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')),
        concat_ws('/', mail_kind, occasion, u.id)
    FROM public.users AS u, public.events AS e
    WHERE u.id = member AND u.is_active AND u.deleted_at IS NULL AND e.id = event
    ON CONFLICT (deduplication_key) DO NOTHING
$$;
COMMENT ON FUNCTION app.write_about_event(uuid, uuid, text, text, jsonb) IS
    'One mail to one member about an event; once for each occasion. For functions of the definer: it asks nobody who they are.';

CREATE FUNCTION app.notify_about_event(event uuid, member uuid, mail_kind text, occasion text, payload jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    IF NOT (session_user = 'portal_jobs' OR member = app.user_id() OR app.runs_event(event)) THEN
        RAISE EXCEPTION 'members are told of their own registrations' USING ERRCODE = '42501';
    END IF;
    PERFORM app.write_about_event(event, member, mail_kind, occasion, payload);
END
$$;
COMMENT ON FUNCTION app.notify_about_event(uuid, uuid, text, text, jsonb) IS
    'One mail about an event, to the caller or from who runs it; once for each occasion.';

CREATE FUNCTION app.notify_registered(event uuid, mail_kind text, occasion text, payload jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    notified bigint;
BEGIN
    IF NOT app.runs_event(event) THEN
        RAISE EXCEPTION 'only the organizer of an event and staff write to all who are registered' USING ERRCODE = '42501';
    END IF;
    PERFORM app.write_about_event(event, r.user_id, mail_kind, occasion, payload)
    FROM public.event_registrations AS r
    WHERE r.event_id = event AND r.status IN ('REGISTERED', 'WAITLISTED', 'ATTENDED');
    GET DIAGNOSTICS notified = ROW_COUNT;
    RETURN notified;
END
$$;
COMMENT ON FUNCTION app.notify_registered(uuid, text, text, jsonb) IS
    'One mail to each who has a seat or waits for one; once for each occasion, however often it is called.';

CREATE FUNCTION app.settle_seats(event uuid, offer_until timestamptz) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    at timestamptz := clock_timestamp();
    stood record;
    lapsed record;
    next record;
    until timestamptz;
BEGIN
    PERFORM FROM public.events AS e WHERE e.id = event FOR NO KEY UPDATE;
    FOR lapsed IN
        SELECT r.id, r.user_id, r.status, r.seat_version FROM public.event_registrations AS r
        WHERE r.event_id = event
            AND (r.status = 'REGISTERED' AND r.paid_at IS NULL AND r.hold_expires_at <= at
                OR r.status = 'WAITLISTED' AND r.offer_expires_at <= at)
        ORDER BY r.id
        FOR UPDATE
    LOOP
        UPDATE public.event_registrations
        SET status = 'CANCELLED', hold_expires_at = NULL, offer_expires_at = NULL, cancelled_at = at,
            hold_lapsed_at = CASE WHEN status = 'REGISTERED' THEN at END
        WHERE id = lapsed.id;
        PERFORM app.write_about_event(event, lapsed.user_id,
            CASE lapsed.status WHEN 'REGISTERED' THEN 'EVENT_HOLD_EXPIRED' ELSE 'EVENT_OFFER_EXPIRED' END,
            concat_ws('/', lapsed.id, lapsed.seat_version), '{}');
    END LOOP;
    SELECT e.max_capacity - e.registered_count AS free, e.starts_at,
        app.event_status(e.status, e.registration_opens_at, e.registration_deadline, e.starts_at, e.ends_at, at) AS status
    INTO stood
    FROM public.events AS e WHERE e.id = event AND e.deleted_at IS NULL;
    -- After the start nobody reads mail for a seat: who is at the door is let in there.
    IF NOT FOUND OR stood.status NOT IN ('PUBLISHED', 'REGISTRATION_OPEN', 'REGISTRATION_CLOSED') THEN
        RETURN stood.free;
    END IF;
    until := LEAST(offer_until, stood.starts_at);
    FOR next IN
        SELECT r.id, r.user_id FROM public.event_registrations AS r
        WHERE r.event_id = event AND r.status = 'WAITLISTED' AND r.offer_expires_at IS NULL
        ORDER BY r.waitlisted_at, r.id
        LIMIT stood.free
        FOR UPDATE
    LOOP
        UPDATE public.event_registrations SET offer_expires_at = until WHERE id = next.id;
        PERFORM app.write_about_event(event, next.user_id, 'EVENT_SEAT_OFFERED',
            concat_ws('/', next.id, extract(epoch FROM until)::bigint),
            jsonb_build_object('until', to_char(until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')));
        stood.free := stood.free - 1;
    END LOOP;
    RETURN stood.free;
END
$$;
COMMENT ON FUNCTION app.settle_seats(uuid, timestamptz) IS
    'Takes back seats whose hold or offer has run out, and offers what is free to the first who wait. Gives the seats that are free then; NULL where they are not counted. It does what the rules say, whoever calls it.';

DO $$
DECLARE
    signature text;
BEGIN
    FOREACH signature IN ARRAY ARRAY[
        'app.is_registered(uuid)', 'app.waitlist_position(uuid)', 'app.hold_event(uuid)', 'app.write_about_event(uuid, uuid, text, text, jsonb)',
        'app.notify_about_event(uuid, uuid, text, text, jsonb)', 'app.notify_registered(uuid, text, text, jsonb)',
        'app.settle_seats(uuid, timestamptz)'
    ] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO portal_definer', signature);
        IF signature <> 'app.write_about_event(uuid, uuid, text, text, jsonb)' THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_api, portal_jobs', signature);
        END IF;
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION app.is_registered(uuid) TO portal_views;
GRANT EXECUTE ON FUNCTION app.sees_event(uuid), app.runs_event(uuid) TO portal_jobs;

-- What an event was about, also for who was registered when it was taken away.
CREATE VIEW event_summaries AS
SELECT
    e.id, e.title, app.event_status(e.status, e.registration_opens_at, e.registration_deadline, e.starts_at, e.ends_at, now()) AS status,
    e.starts_at, e.ends_at, e.time_zone
FROM events AS e
WHERE e.organizer_id = (SELECT app.user_id()) OR (SELECT app.has('events.manage')) OR app.is_registered(e.id);
COMMENT ON VIEW event_summaries IS 'What an event was about, for who runs it and who is or was registered.';
ALTER VIEW event_summaries OWNER TO portal_views;
GRANT SELECT ON event_summaries TO portal_api;

-- ---- Private calendars ----
CREATE TABLE calendar_tokens (
    user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE calendar_tokens IS
    'Who may read a member''s calendar without signing in: whoever has the token, of which only the SHA-256 is kept.';
SELECT app.protect('calendar_tokens');
SELECT app.classify('calendar_tokens', '{"private": ["user_id", "created_at"], "secret": ["token_hash"]}');
SELECT app.enable_audit('calendar_tokens');
SELECT app.allow('calendar_tokens', 'portal_api', 'SELECT', 'user_id = (SELECT app.user_id())', 'user_id, created_at');
SELECT app.allow('calendar_tokens', 'portal_api', command, 'user_id = (SELECT app.user_id())')
FROM unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) AS command;
SELECT app.allow('calendar_tokens', 'portal_definer', 'SELECT', 'true');

CREATE FUNCTION app.calendar_owner(hash bytea) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT t.user_id FROM public.calendar_tokens AS t
    JOIN public.users AS u ON u.id = t.user_id
    WHERE t.token_hash = hash AND u.is_active AND u.approved_at IS NOT NULL AND u.deleted_at IS NULL
$$;
COMMENT ON FUNCTION app.calendar_owner(bytea) IS 'Whose calendar a token opens; NULL for one that opens none.';

CREATE FUNCTION app.calendar_entries(hash bytea, since timestamptz, most integer) RETURNS TABLE (
    id uuid, title text, description text, type text, status text, starts_at timestamptz, ends_at timestamptz, time_zone text,
    place text, address text, city text, virtual_url text, lat double precision, lng double precision,
    calendar_sequence integer, created_at timestamptz, updated_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT e.id, e.title, e.description, e.type, e.status, e.starts_at, e.ends_at, e.time_zone, e.place, e.address, e.city,
        e.virtual_url, public.ST_Y(e.coordinates::public.geometry), public.ST_X(e.coordinates::public.geometry),
        e.calendar_sequence, e.created_at, e.updated_at
    FROM public.event_registrations AS r
    JOIN public.events AS e ON e.id = r.event_id
    WHERE r.user_id = app.calendar_owner(hash)
        AND e.ends_at >= since
        AND (r.status IN ('REGISTERED', 'ATTENDED') OR r.status = 'CANCELLED' AND e.status = 'CANCELLED' AND r.cancelled_at >= e.cancelled_at)
    ORDER BY e.starts_at, e.id
    LIMIT most
$$;
COMMENT ON FUNCTION app.calendar_entries(bytea, timestamptz, integer) IS
    'The events that the owner of a token has a seat at, and those that were called off while they had one.';
ALTER FUNCTION app.calendar_owner(bytea) OWNER TO portal_definer;
ALTER FUNCTION app.calendar_entries(bytea, timestamptz, integer) OWNER TO portal_definer;
GRANT EXECUTE ON FUNCTION app.calendar_owner(bytea), app.calendar_entries(bytea, timestamptz, integer) TO portal_api;
