-- Seats are written by functions of the database alone. What portal_api could set of its own seats was kept by code only: that a seat
-- is paid, what it costs, that somebody was let in. Each function below is one thing that members or the door do, and asks who calls.
-- With it: nobody is let in who owes something, holds that were not paid are counted, a check-in can be undone, suspended members are
-- passed over by offers, and the money of a seat goes back with it.

-- ---- Columns ----
ALTER TABLE event_registrations
    ADD COLUMN unpaid_holds integer NOT NULL DEFAULT 0 CHECK (unpaid_holds >= 0),
    ADD COLUMN checked_in_from text CHECK (checked_in_from IN ('REGISTERED', 'WAITLISTED', 'NO_SHOW', 'CANCELLED')),
    ADD CONSTRAINT event_registrations_from_when_in CHECK (checked_in_from IS NULL OR checked_in_at IS NOT NULL),
    -- Rows of a time before this are left as they are.
    ADD CONSTRAINT event_registrations_attended_paid CHECK (
        status <> 'ATTENDED' OR amount_cents = 0 OR paid_at IS NOT NULL) NOT VALID;
COMMENT ON COLUMN event_registrations.unpaid_holds IS
    'How often a seat that was held for its payment was given back or ran out: the next is held after a pause only.';
COMMENT ON COLUMN event_registrations.checked_in_from IS 'Where the registration stood before the member was let in.';
SELECT app.classify('event_registrations', '{"private": ["unpaid_holds", "checked_in_from"]}');

CREATE FUNCTION app.is_open_seat(status text, amount_cents bigint, paid_at timestamptz) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN status IN ('REGISTERED', 'ATTENDED') AND (amount_cents = 0 OR paid_at IS NOT NULL);
COMMENT ON FUNCTION app.is_open_seat(text, bigint, timestamptz) IS 'Whether a registration is a seat for which nothing is owed.';

CREATE OR REPLACE FUNCTION app.count_seat() RETURNS trigger
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
        -- Who comes after all has the seat that was kept for so long, and paid.
        IF TG_OP = 'UPDATE' AND OLD.status <> 'NO_SHOW' THEN
            NEW.seat_version := OLD.seat_version + 1;
        END IF;
    ELSIF had AND NOT has THEN
        UPDATE public.events SET registered_count = registered_count - 1 WHERE id = NEW.event_id;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF NEW.status = 'CANCELLED' AND OLD.status = 'REGISTERED' AND OLD.hold_expires_at IS NOT NULL AND OLD.paid_at IS NULL THEN
            NEW.unpaid_holds := OLD.unpaid_holds + 1;
        ELSIF OLD.paid_at IS NULL AND NEW.paid_at IS NOT NULL THEN
            -- Who pays, late as well, has held no seat for nothing.
            NEW.unpaid_holds := 0;
        END IF;
        -- The money of a seat that is gone pays for no other.
        IF NEW.status IN ('CANCELLED', 'WAITLISTED')
            OR OLD.status = 'CANCELLED' AND NEW.paid_at IS NOT DISTINCT FROM OLD.paid_at THEN
            NEW.paid_at := NULL;
        END IF;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION app.count_seat() IS
    'Keeps events.registered_count, refuses a seat too many, numbers the seats of a member, counts holds that were not paid, and takes the payment from what is no seat.';

-- ---- Nobody but the functions below ----
DROP POLICY portal_api_insert ON event_registrations;
DROP POLICY portal_api_update ON event_registrations;
REVOKE INSERT, UPDATE ON event_registrations FROM portal_api;
SELECT app.allow('event_registrations', 'portal_definer', 'INSERT', 'true',
    'id, event_id, user_id, status, amount_cents, price_kind, currency, hold_expires_at, waitlisted_at, registered_at');
GRANT UPDATE (
    amount_cents, price_kind, currency, paid_at, waitlisted_at, registered_at, checked_in_at, checked_in_by, checked_in_from
) ON event_registrations TO portal_definer;

CREATE FUNCTION app.has_membership(member uuid, at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT EXISTS (SELECT FROM public.users AS u WHERE u.id = member AND u.membership_expires_at > at)
        OR EXISTS (SELECT FROM app.coverage(member) AS c WHERE c.starts_at <= at AND c.grace_ends_at > at)
$$;
COMMENT ON FUNCTION app.has_membership(uuid, timestamptz) IS
    'Whether a membership is in force for somebody. For functions of the definer: it asks nobody who they are.';

CREATE FUNCTION app.is_member_active(member uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$ SELECT EXISTS (SELECT FROM public.users AS u WHERE u.id = member AND u.is_active AND u.deleted_at IS NULL) $$;
COMMENT ON FUNCTION app.is_member_active(uuid) IS
    'Whether an account is neither suspended nor deleted. For functions of the definer: it asks nobody who they are.';

CREATE FUNCTION app.member_at_door(event uuid, member uuid, at timestamptz) RETURNS TABLE (standing text, in_force boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT
        CASE
            WHEN u.deleted_at IS NOT NULL THEN 'DELETED'
            WHEN NOT u.is_active THEN 'SUSPENDED'
            WHEN u.approved_at IS NULL THEN 'UNAPPROVED'
            ELSE 'ACTIVE'
        END,
        app.has_membership(u.id, at)
    FROM public.users AS u
    WHERE u.id = member AND app.runs_event(event)
$$;
COMMENT ON FUNCTION app.member_at_door(uuid, uuid, timestamptz) IS
    'What the door has to know of an account; nothing for who does not run the event, or where there is none.';

CREATE FUNCTION app.hold_registration(registration uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    PERFORM FROM public.event_registrations AS r WHERE r.id = registration AND r.user_id = (SELECT app.user_id()) FOR UPDATE;
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION app.hold_registration(uuid) IS
    'Lets nobody change a registration of the caller''s until the transaction ends; false where there is none.';

-- ---- The money of seats ----
ALTER TABLE refunds
    DROP CONSTRAINT refunds_cause_check,
    ADD CONSTRAINT refunds_cause_check CHECK (cause IN ('STAFF', 'NOT_GIVEN', 'GIVEN_BACK', 'CALLED_OFF', 'STRIPE'));
COMMENT ON COLUMN refunds.cause IS
    'STAFF asked for it; NOT_GIVEN: what was bought could not be given; GIVEN_BACK: the member gave the seat back in time; CALLED_OFF: the event does not take place; STRIPE: it was made there.';
-- A seat goes back once, whether its member or its event goes first.
CREATE UNIQUE INDEX refunds_of_seat_once ON refunds (payment_id) WHERE cause IN ('GIVEN_BACK', 'CALLED_OFF') AND status <> 'REFUSED';
SELECT app.allow('refunds', 'portal_definer', 'INSERT', 'cause IN (''GIVEN_BACK'', ''CALLED_OFF'') AND status = ''REQUESTED''',
    'id, payment_id, amount_cents, status, cause, reason');

CREATE FUNCTION app.owe_seat(registration uuid, refund_cause text, words text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    paid uuid;
BEGIN
    FOR paid IN
        SELECT p.id FROM public.payments AS p
        JOIN public.event_registrations AS r ON r.id = p.registration_id AND r.seat_version = p.seat_version
        WHERE p.registration_id = registration AND p.delivery = 'GIVEN' AND p.status = 'COMPLETED'
        ORDER BY p.id
    LOOP
        -- The lock of app.bound_refunds, before the sum is taken: a refund that staff ask for at this moment comes before or after.
        PERFORM pg_advisory_xact_lock(hashtextextended('refunds/' || paid::text, 0));
        INSERT INTO public.refunds (id, payment_id, amount_cents, status, cause, reason)
        SELECT app.uuid_v7(), o.id, o.amount, 'REQUESTED', refund_cause, words
        FROM (
            SELECT p.id, p.amount_cents - p.refunded_amount_cents - (
                SELECT COALESCE(sum(f.amount_cents), 0) FROM public.refunds AS f
                WHERE f.payment_id = p.id AND f.status = 'REQUESTED') AS amount
            FROM public.payments AS p WHERE p.id = paid) AS o
        WHERE o.amount > 0
        ON CONFLICT DO NOTHING;
    END LOOP;
END
$$;
COMMENT ON FUNCTION app.owe_seat(uuid, text, text) IS
    'Writes down once that what is left of the payment of a seat goes back. For functions of the definer: it asks nobody who they are.';

-- ---- What members do ----
CREATE FUNCTION app.seat_price(event public.events, member uuid, kind text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    -- A minute, since the clock of who worked the price out may be another.
    SELECT CASE kind
        WHEN 'STANDARD' THEN event.price_cents
        WHEN 'MEMBER' THEN CASE WHEN app.has_membership(member, clock_timestamp() - interval '1 minute') THEN event.member_price_cents END
        WHEN 'EARLY_BIRD' THEN
            CASE WHEN event.early_bird_deadline > clock_timestamp() - interval '1 minute' THEN event.early_bird_price_cents END
    END
$$;
COMMENT ON FUNCTION app.seat_price(public.events, uuid, text) IS
    'What a seat costs somebody at one of an event''s prices; NULL where that price is not theirs.';

CREATE FUNCTION app.take_seat(event uuid, member uuid, wanted text, kind text, hold_until timestamptz) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    runs boolean := app.runs_event(event);
    of public.events;
    before record;
    price bigint;
    hold timestamptz;
    waits timestamptz;
    seat uuid;
BEGIN
    IF NOT runs AND NOT (member = (SELECT app.user_id()) AND app.sees_event(event)) THEN
        RAISE EXCEPTION 'members take seats for themselves' USING ERRCODE = '42501';
    END IF;
    SELECT * INTO of FROM public.events AS e WHERE e.id = event FOR NO KEY UPDATE;
    IF NOT runs AND app.event_status(
        of.status, of.registration_opens_at, of.registration_deadline, of.starts_at, of.ends_at, clock_timestamp()) <> 'REGISTRATION_OPEN'
    THEN
        RAISE EXCEPTION 'This event takes no registrations now.' USING ERRCODE = 'PB409';
    END IF;
    SELECT r.id, r.status, r.amount_cents INTO before
    FROM public.event_registrations AS r WHERE r.event_id = event AND r.user_id = member
    FOR UPDATE;
    -- Who waits has asked at a price, which stays; at the door the wait may end with a seat.
    price := CASE WHEN before.status = 'WAITLISTED' AND runs THEN before.amount_cents ELSE app.seat_price(of, member, kind) END;
    IF price IS NULL THEN
        RAISE EXCEPTION 'this price is not the member''s' USING ERRCODE = '42501';
    END IF;
    IF wanted = 'WAITLISTED' THEN
        waits := clock_timestamp();
    ELSIF price > 0 THEN
        hold := LEAST(hold_until, clock_timestamp() + interval '8 days');
        IF hold IS NULL THEN
            RAISE EXCEPTION 'a seat that costs something is held for so long' USING ERRCODE = '42501';
        END IF;
    END IF;
    -- The times are those of the statement, not of the transaction's beginning: who waited for the event's row came later than who had it.
    IF before.id IS NULL THEN
        INSERT INTO public.event_registrations (
            id, event_id, user_id, status, amount_cents, price_kind, currency, hold_expires_at, waitlisted_at, registered_at)
        VALUES (app.uuid_v7(), event, member, wanted, price, kind, of.currency, hold, waits, clock_timestamp())
        RETURNING id INTO seat;
        RETURN seat;
    END IF;
    IF before.status = 'WAITLISTED' AND runs AND wanted = 'REGISTERED' THEN
        UPDATE public.event_registrations SET status = wanted, offer_expires_at = NULL, hold_expires_at = hold WHERE id = before.id;
        RETURN before.id;
    END IF;
    IF before.status <> 'CANCELLED' THEN
        RAISE EXCEPTION 'This member is registered already: the registration is %.', before.status USING ERRCODE = 'PB409';
    END IF;
    UPDATE public.event_registrations
    SET status = wanted, amount_cents = price, price_kind = kind, currency = of.currency, hold_expires_at = hold, hold_lapsed_at = NULL,
        waitlisted_at = waits, registered_at = clock_timestamp(), cancelled_at = NULL
    WHERE id = before.id;
    RETURN before.id;
END
$$;
COMMENT ON FUNCTION app.take_seat(uuid, uuid, text, text, timestamptz) IS
    'Gives the caller a seat (REGISTERED) or a place in line (WAITLISTED) at one of the prices that are theirs; held until then where it costs something. Who runs the event gives one to somebody at the door. One who has given a seat back keeps the old id.';

CREATE FUNCTION app.accept_seat(registration uuid, hold_until timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    UPDATE public.event_registrations AS r
    SET status = 'REGISTERED', offer_expires_at = NULL,
        hold_expires_at = CASE WHEN r.amount_cents > 0
            THEN LEAST(COALESCE(hold_until, clock_timestamp()), clock_timestamp() + interval '8 days') END
    WHERE r.id = registration AND r.user_id = (SELECT app.user_id()) AND r.status = 'WAITLISTED' AND r.offer_expires_at IS NOT NULL;
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION app.accept_seat(uuid, timestamptz) IS 'Takes the seat that is offered to the caller; false where none is.';

CREATE FUNCTION app.give_seat_back(registration uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    held uuid;
    paid timestamptz;
    until timestamptz;
    begins timestamptz;
BEGIN
    SELECT r.event_id INTO held FROM public.event_registrations AS r WHERE r.id = registration AND r.user_id = (SELECT app.user_id());
    SELECT COALESCE(e.registration_deadline, e.starts_at), e.starts_at INTO until, begins
    FROM public.events AS e WHERE e.id = held AND e.status <> 'CANCELLED'
    FOR NO KEY UPDATE;
    IF begins IS NULL OR begins <= clock_timestamp() THEN
        RETURN false;
    END IF;
    SELECT r.paid_at INTO paid FROM public.event_registrations AS r WHERE r.id = registration FOR UPDATE;
    -- Once registrations are closed, who organizes has paid for who comes: the seat is passed on, its price is not given back.
    IF paid IS NOT NULL AND clock_timestamp() < until THEN
        PERFORM app.owe_seat(registration, 'GIVEN_BACK', 'The seat was given back in time.');
    END IF;
    UPDATE public.event_registrations
    SET status = 'CANCELLED', cancelled_at = clock_timestamp(), hold_expires_at = NULL, offer_expires_at = NULL
    WHERE id = registration AND status IN ('REGISTERED', 'WAITLISTED');
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION app.give_seat_back(uuid) IS
    'Gives the caller''s seat, or place in line, back before the event begins; its price goes back while registrations are taken. False where there is nothing to give back.';

-- ---- What the door does ----
CREATE FUNCTION app.require_runner(event uuid) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    IF event IS NULL OR NOT app.runs_event(event) THEN
        RAISE EXCEPTION 'only the organizer of an event and staff may do this' USING ERRCODE = '42501';
    END IF;
END
$$;
COMMENT ON FUNCTION app.require_runner(uuid) IS 'Refuses (SQLSTATE 42501) who does not run the event.';

CREATE FUNCTION app.event_of(registration uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$ SELECT r.event_id FROM public.event_registrations AS r WHERE r.id = registration $$;
COMMENT ON FUNCTION app.event_of(uuid) IS 'The event of a registration. For functions of the definer: it asks nobody who they are.';

CREATE FUNCTION app.let_in(registration uuid, stood text, at timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    PERFORM app.require_runner(app.event_of(registration));
    UPDATE public.event_registrations
    SET status = 'ATTENDED', checked_in_at = at, checked_in_by = (SELECT app.user_id()), checked_in_from = stood,
        offer_expires_at = NULL, hold_expires_at = NULL, cancelled_at = NULL
    WHERE id = registration AND checked_in_at IS NULL AND (amount_cents = 0 OR paid_at IS NOT NULL);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'This member was let in already, or has not paid.' USING ERRCODE = 'PB409';
    END IF;
END
$$;
COMMENT ON FUNCTION app.let_in(uuid, text, timestamptz) IS
    'Lets a member in who owes nothing, and keeps where the registration stood before.';

CREATE FUNCTION app.release_seat(event uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    PERFORM app.require_runner(event);
    -- A seat that was never paid was none: its member may still pay for another.
    UPDATE public.event_registrations
    SET status = CASE WHEN amount_cents > 0 AND paid_at IS NULL THEN 'CANCELLED' ELSE 'NO_SHOW' END,
        cancelled_at = CASE WHEN amount_cents > 0 AND paid_at IS NULL THEN clock_timestamp() END, hold_expires_at = NULL
    WHERE id = (
        SELECT r.id FROM public.event_registrations AS r
        WHERE r.event_id = event AND r.status = 'REGISTERED'
        ORDER BY r.registered_at DESC, r.id DESC
        LIMIT 1);
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION app.release_seat(uuid) IS 'Frees the seat of the last who registered of those who have not come; false where all have.';

CREATE FUNCTION app.before_check_in(stood text, ends timestamptz) RETURNS text
LANGUAGE sql STABLE SET search_path = ''
RETURN CASE WHEN COALESCE(stood, 'REGISTERED') = 'REGISTERED' AND ends <= clock_timestamp() THEN 'NO_SHOW' ELSE COALESCE(stood, 'REGISTERED') END;
COMMENT ON FUNCTION app.before_check_in(text, timestamptz) IS
    'Where a registration stands whose check-in is undone: where it stood, but that a seat of an event that is over was not used.';

CREATE FUNCTION app.undo_check_in(registration uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    PERFORM app.require_runner(app.event_of(registration));
    UPDATE public.event_registrations AS r
    SET status = app.before_check_in(r.checked_in_from, e.ends_at),
        cancelled_at = CASE WHEN r.checked_in_from = 'CANCELLED' THEN clock_timestamp() END,
        checked_in_at = NULL, checked_in_by = NULL, checked_in_from = NULL
    FROM public.events AS e
    WHERE r.id = registration AND r.status = 'ATTENDED' AND e.id = r.event_id;
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION app.undo_check_in(uuid) IS 'Takes a check-in back; false where there is none.';

CREATE FUNCTION app.undo_early_check_ins(event uuid, opens timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    PERFORM app.require_runner(event);
    UPDATE public.event_registrations AS r
    SET status = app.before_check_in(r.checked_in_from, e.ends_at),
        cancelled_at = CASE WHEN r.checked_in_from = 'CANCELLED' THEN clock_timestamp() END,
        checked_in_at = NULL, checked_in_by = NULL, checked_in_from = NULL
    FROM public.events AS e
    WHERE r.event_id = undo_early_check_ins.event AND r.status = 'ATTENDED' AND r.checked_in_at < opens AND e.id = r.event_id;
END
$$;
COMMENT ON FUNCTION app.undo_early_check_ins(uuid, timestamptz) IS
    'Takes back the check-ins of an event that was moved: those of before its doors open now.';

CREATE FUNCTION app.call_off_seats(event uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    PERFORM app.require_runner(event);
    PERFORM FROM public.events AS e WHERE e.id = event AND e.status = 'CANCELLED' FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'This event was not called off.' USING ERRCODE = 'PB409';
    END IF;
    PERFORM app.owe_seat(r.id, 'CALLED_OFF', 'The event was called off.')
    FROM public.event_registrations AS r
    WHERE r.event_id = event AND r.paid_at IS NOT NULL AND r.status IN ('REGISTERED', 'ATTENDED', 'NO_SHOW');
    -- Who was let in before the start of what does not take place was not there.
    UPDATE public.event_registrations AS r
    SET status = 'CANCELLED', cancelled_at = now(), hold_expires_at = NULL, offer_expires_at = NULL,
        checked_in_at = NULL, checked_in_by = NULL, checked_in_from = NULL
    FROM public.events AS e
    WHERE r.event_id = call_off_seats.event AND e.id = r.event_id
        AND (r.status IN ('REGISTERED', 'WAITLISTED') OR r.status = 'ATTENDED' AND e.starts_at > now());
END
$$;
COMMENT ON FUNCTION app.call_off_seats(uuid) IS
    'Keeps no seat of an event that was called off, and writes down that what was paid for them goes back.';

-- ---- The waitlist ----
CREATE OR REPLACE FUNCTION app.settle_seats(event uuid, offer_until timestamptz) RETURNS integer
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
    -- Who is suspended keeps the place in line, and the next is asked.
    FOR next IN
        SELECT r.id, r.user_id FROM public.event_registrations AS r
        WHERE r.event_id = event AND r.status = 'WAITLISTED' AND r.offer_expires_at IS NULL AND app.is_member_active(r.user_id)
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

DO $$
DECLARE
    signature text;
BEGIN
    FOREACH signature IN ARRAY ARRAY[
        'app.has_membership(uuid, timestamptz)', 'app.is_member_active(uuid)', 'app.owe_seat(uuid, text, text)',
        'app.seat_price(public.events, uuid, text)', 'app.require_runner(uuid)', 'app.event_of(uuid)',
        'app.before_check_in(text, timestamptz)'
    ] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO portal_definer', signature);
    END LOOP;
    FOREACH signature IN ARRAY ARRAY[
        'app.member_at_door(uuid, uuid, timestamptz)', 'app.hold_registration(uuid)',
        'app.take_seat(uuid, uuid, text, text, timestamptz)', 'app.accept_seat(uuid, timestamptz)', 'app.give_seat_back(uuid)',
        'app.let_in(uuid, text, timestamptz)', 'app.release_seat(uuid)', 'app.undo_check_in(uuid)',
        'app.undo_early_check_ins(uuid, timestamptz)', 'app.call_off_seats(uuid)'
    ] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO portal_definer', signature);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_api', signature);
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION app.is_open_seat(text, bigint, timestamptz) TO portal_api, portal_jobs, portal_definer, portal_views;
