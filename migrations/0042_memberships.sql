-- Memberships as a schedule of paid periods (`portal_domain::membership`), who is covered by them, and until when: said in one place.

-- ---- Periods ----
-- What a payment or a refund moves may overlap on the way; not in the end.
ALTER TABLE memberships
    DROP CONSTRAINT memberships_no_overlap,
    ADD CONSTRAINT memberships_no_overlap EXCLUDE USING gist (user_id WITH =, tstzrange(starts_at, ends_at) WITH &&)
        WHERE (state IN ('ACTIVE', 'GRACE')) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE memberships
    ADD COLUMN value_cents bigint NOT NULL DEFAULT 0 CHECK (value_cents >= 0),
    ADD COLUMN months integer NOT NULL DEFAULT 12 CHECK (months BETWEEN 1 AND 1200),
    ADD COLUMN anchor_day smallint CHECK (anchor_day BETWEEN 1 AND 31),
    ADD COLUMN grace_ends_at timestamptz,
    ADD COLUMN replaced_by uuid REFERENCES memberships DEFERRABLE INITIALLY DEFERRED,
    ADD COLUMN reminded_days integer CHECK (reminded_days > 0),
    ADD CONSTRAINT memberships_grace_order CHECK (grace_ends_at >= ends_at),
    ADD CONSTRAINT memberships_replaced CHECK (replaced_by IS NULL OR state = 'REPLACED'),
    ADD CONSTRAINT memberships_not_by_itself CHECK (replaced_by <> id);
UPDATE memberships AS m
SET months = t.duration_months, grace_ends_at = m.ends_at + interval '30 days',
    value_cents = COALESCE((SELECT p.amount_cents - p.refunded_amount_cents FROM payments AS p WHERE p.id = m.payment_id), 0)
FROM membership_tiers AS t
WHERE t.id = m.tier_id;
-- A payment brings one membership; another, when the money that went back has returned.
CREATE UNIQUE INDEX memberships_payment_key ON memberships (payment_id) WHERE state <> 'CANCELLED';
CREATE INDEX memberships_replaced_by ON memberships (replaced_by) WHERE replaced_by IS NOT NULL;
COMMENT ON COLUMN memberships.value_cents IS 'What the whole period is worth: what was paid and not given back, and what an upgrade has counted for it.';
COMMENT ON COLUMN memberships.anchor_day IS 'The day of the month that the row of periods has begun on.';
COMMENT ON COLUMN memberships.grace_ends_at IS 'Until then it is borne with that the period has ended.';
COMMENT ON COLUMN memberships.replaced_by IS 'The period that has taken its place.';
COMMENT ON COLUMN memberships.reminded_days IS 'Of the reminders before the end the last that was written: so many days before.';
SELECT app.classify('memberships', '{"private": [
    "value_cents", "months", "anchor_day", "grace_ends_at", "replaced_by", "reminded_days"]}');
ALTER TABLE membership_tiers
    ADD CONSTRAINT membership_tiers_most_seats CHECK (seats <= 500) NOT VALID,
    ADD CONSTRAINT membership_tiers_most_months CHECK (duration_months <= 1200) NOT VALID;

-- ---- Whom a company's membership covers ----
-- A person is with the holder, not with one period: renewed, the membership still covers the same people, the first as many as the tier
-- has seats for besides the holder.
CREATE TABLE membership_invitations (
    id uuid PRIMARY KEY,
    membership_id uuid NOT NULL REFERENCES memberships ON DELETE CASCADE,
    email text NOT NULL CHECK (email ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND length(email) <= 254),
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX membership_invitations_membership ON membership_invitations (membership_id);
CREATE INDEX membership_invitations_email ON membership_invitations (lower(email));
COMMENT ON TABLE membership_invitations IS
    'People who were invited by their address, until they accept. Whether the address has an account is not told to who invites.';
SELECT app.protect('membership_invitations');
SELECT app.classify('membership_invitations', '{"private": ["id", "membership_id", "email", "created_at"]}');
SELECT app.enable_audit('membership_invitations');
SELECT app.allow(name::regclass, 'portal_definer', command, 'true')
FROM (VALUES ('membership_people', 'SELECT'), ('membership_people', 'INSERT'), ('membership_tiers', 'SELECT'),
    ('membership_invitations', 'SELECT'), ('membership_invitations', 'DELETE')) AS rights (name, command);
SELECT app.allow('users', 'portal_definer', 'UPDATE', 'true', 'membership_expires_at')
WHERE NOT EXISTS (SELECT FROM pg_policies WHERE tablename = 'users' AND policyname = 'portal_definer_update');
GRANT UPDATE (membership_expires_at) ON users TO portal_definer;

CREATE FUNCTION app.is_invited(address text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT EXISTS (
        SELECT FROM public.users AS u
        WHERE u.id = (SELECT app.user_id()) AND u.is_verified AND u.deleted_at IS NULL AND lower(u.email) = lower(address))
$$;
COMMENT ON FUNCTION app.is_invited(text) IS 'Whether an address is the caller''s, and verified.';
SELECT app.allow('membership_invitations', 'portal_api', 'SELECT', 'app.is_membership_holder(membership_id) OR app.is_invited(email)');
SELECT app.allow('membership_invitations', 'portal_api', 'INSERT', 'app.is_membership_holder(membership_id)');
SELECT app.allow('membership_invitations', 'portal_api', 'DELETE', 'app.is_membership_holder(membership_id) OR app.is_invited(email)');

CREATE FUNCTION app.seat_people() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    holder uuid := (SELECT m.user_id FROM public.memberships AS m WHERE m.id = NEW.membership_id);
    address text := to_jsonb(NEW) ->> 'email';
    person uuid := (to_jsonb(NEW) ->> 'user_id')::uuid;
    seats integer;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('membership people/' || holder::text, 0));
    SELECT max(t.seats) INTO seats
    FROM public.memberships AS m
    JOIN public.membership_tiers AS t ON t.id = m.tier_id
    WHERE m.user_id = holder AND m.state IN ('ACTIVE', 'GRACE');
    IF COALESCE(seats, 1) = 1 THEN
        RAISE EXCEPTION 'This membership covers nobody but its holder.' USING ERRCODE = 'PB409';
    ELSIF person = holder THEN
        RAISE EXCEPTION 'The holder of a membership is covered by it already.' USING ERRCODE = 'PB409';
    ELSIF EXISTS (
        SELECT FROM public.membership_people AS p JOIN public.memberships AS m ON m.id = p.membership_id
        WHERE m.user_id = holder AND p.user_id = person
    ) OR EXISTS (
        SELECT FROM public.membership_invitations AS i JOIN public.memberships AS m ON m.id = i.membership_id
        WHERE m.user_id = holder AND lower(i.email) = lower(address)
    ) THEN
        RAISE EXCEPTION 'This person is among the people of this membership already.' USING ERRCODE = 'PB409';
    ELSIF seats <= 1 + (
        SELECT count(*) FROM public.membership_people AS p JOIN public.memberships AS m ON m.id = p.membership_id
        WHERE m.user_id = holder
    ) + (
        SELECT count(*) FROM public.membership_invitations AS i JOIN public.memberships AS m ON m.id = i.membership_id
        WHERE m.user_id = holder
    ) THEN
        RAISE EXCEPTION 'All % seats of this membership are taken.', seats USING ERRCODE = 'PB409';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION app.seat_people() IS 'Refuses more people than a membership has seats for, and a person twice.';
CREATE TRIGGER seat_people BEFORE INSERT ON membership_people FOR EACH ROW EXECUTE FUNCTION app.seat_people();
CREATE TRIGGER seat_people BEFORE INSERT ON membership_invitations FOR EACH ROW EXECUTE FUNCTION app.seat_people();

CREATE FUNCTION app.accept_membership(invitation uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    accepted record;
BEGIN
    -- Its seat is the person's: first it is given back, then taken, with nobody between (the lock is taken before).
    PERFORM pg_advisory_xact_lock(hashtextextended('membership people/' || m.user_id::text, 0))
    FROM public.membership_invitations AS i
    JOIN public.memberships AS m ON m.id = i.membership_id
    WHERE i.id = invitation AND app.is_invited(i.email);
    DELETE FROM public.membership_invitations AS i
    WHERE i.id = invitation AND app.is_invited(i.email)
    RETURNING i.membership_id INTO accepted;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO public.membership_people (membership_id, user_id) VALUES (accepted.membership_id, app.user_id());
    RETURN true;
END
$$;
COMMENT ON FUNCTION app.accept_membership(uuid) IS 'Makes the caller one of the people of the membership that they are invited to.';

CREATE FUNCTION app.notify_covered(membership uuid, person uuid, address text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    IF NOT app.is_membership_holder(membership) THEN
        RAISE EXCEPTION 'only the holder of a membership writes to the people whom it covers' USING ERRCODE = '42501';
    END IF;
    INSERT INTO public.outbox (id, user_id, channel, kind, recipient, payload, deduplication_key)
    SELECT app.uuid_v7(), u.id, 'EMAIL', CASE WHEN person IS NULL THEN 'MEMBERSHIP_INVITATION' ELSE 'MEMBERSHIP_COVERED' END,
        COALESCE(u.email, address),
        jsonb_build_object('company', COALESCE(h.company, concat_ws(' ', h.first_name, h.last_name))),
        concat_ws('/', 'MEMBERSHIP_PEOPLE', h.id, COALESCE(person::text, lower(address)), (now() AT TIME ZONE 'UTC')::date)
    FROM public.memberships AS m
    JOIN public.users AS h ON h.id = m.user_id
    LEFT JOIN public.users AS u ON u.id = person AND u.is_active AND u.deleted_at IS NULL
    WHERE m.id = membership AND COALESCE(u.email, address) IS NOT NULL
    ON CONFLICT (deduplication_key) DO NOTHING;
END
$$;
COMMENT ON FUNCTION app.notify_covered(uuid, uuid, text) IS
    'One mail a day at most to a member whom the caller''s membership covers now, or to an address that the caller invites.';

-- ---- Until when ----
CREATE FUNCTION app.coverage(member uuid) RETURNS TABLE (starts_at timestamptz, ends_at timestamptz, grace_ends_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT m.starts_at, m.ends_at, COALESCE(m.grace_ends_at, m.ends_at)
    FROM public.memberships AS m
    WHERE m.user_id = member AND m.state IN ('ACTIVE', 'GRACE')
    UNION ALL
    SELECT m.starts_at, m.ends_at, COALESCE(m.grace_ends_at, m.ends_at)
    FROM public.membership_people AS p
    JOIN public.memberships AS h ON h.id = p.membership_id
    JOIN public.memberships AS m ON m.user_id = h.user_id AND m.state IN ('ACTIVE', 'GRACE')
    JOIN public.membership_tiers AS t ON t.id = m.tier_id
    WHERE p.user_id = member
        AND t.seats > 1 + (
            SELECT count(*) FROM public.membership_people AS o
            JOIN public.memberships AS oh ON oh.id = o.membership_id
            WHERE oh.user_id = h.user_id AND (o.created_at, o.user_id) < (p.created_at, p.user_id))
$$;
COMMENT ON FUNCTION app.coverage(uuid) IS
    'The periods that cover a member: the own ones, and those of a company whose people the member is one of. For functions of the definer.';

CREATE FUNCTION app.is_membership_in_force(member uuid, at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT (session_user = 'portal_jobs' OR member = (SELECT app.user_id())) AND (
        EXISTS (SELECT FROM public.users AS u WHERE u.id = member AND u.membership_expires_at > at)
        OR EXISTS (SELECT FROM app.coverage(member) AS c WHERE c.starts_at <= at AND c.grace_ends_at > at))
$$;
COMMENT ON FUNCTION app.is_membership_in_force(uuid, timestamptz) IS
    'Whether a membership is in force for the caller (or anybody, for jobs): paid for, or borne with, also as one of a company''s people.';

CREATE FUNCTION app.keep_membership_expiry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    changed jsonb := to_jsonb(COALESCE(NEW, OLD));
    holder uuid := CASE TG_TABLE_NAME
        WHEN 'memberships' THEN (changed ->> 'user_id')::uuid
        ELSE (SELECT m.user_id FROM public.memberships AS m WHERE m.id = (changed ->> 'membership_id')::uuid)
    END;
BEGIN
    -- One after the other by their ids: the people of two companies may be the same. What has ended and is not followed stays the end.
    PERFORM FROM public.users AS u
    WHERE u.id IN (
        SELECT holder
        UNION SELECT (changed ->> 'user_id')::uuid
        UNION SELECT p.user_id FROM public.membership_people AS p JOIN public.memberships AS m ON m.id = p.membership_id
            WHERE m.user_id = holder)
    ORDER BY u.id
    FOR NO KEY UPDATE;
    UPDATE public.users AS u
    SET membership_expires_at = k.until
    FROM (
        SELECT w.id, COALESCE(
            (SELECT max(c.ends_at) FROM app.coverage(w.id) AS c), LEAST(w.membership_expires_at, now())) AS until
        FROM public.users AS w
        WHERE w.id IN (
            SELECT holder
            UNION SELECT (changed ->> 'user_id')::uuid
            UNION SELECT p.user_id FROM public.membership_people AS p JOIN public.memberships AS m ON m.id = p.membership_id
                WHERE m.user_id = holder)
    ) AS k
    WHERE u.id = k.id AND u.membership_expires_at IS DISTINCT FROM k.until;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION app.keep_membership_expiry() IS
    'Keeps users.membership_expires_at: the end of the last period that covers the member, of the holder and of the people alike.';
CREATE TRIGGER keep_membership_expiry AFTER INSERT OR UPDATE OF state, starts_at, ends_at OR DELETE ON memberships
    FOR EACH ROW EXECUTE FUNCTION app.keep_membership_expiry();
CREATE TRIGGER keep_membership_expiry AFTER INSERT OR DELETE ON membership_people
    FOR EACH ROW EXECUTE FUNCTION app.keep_membership_expiry();

DO $$
DECLARE
    signature text;
BEGIN
    FOREACH signature IN ARRAY ARRAY[
        'app.is_invited(text)', 'app.seat_people()', 'app.accept_membership(uuid)', 'app.notify_covered(uuid, uuid, text)',
        'app.coverage(uuid)', 'app.is_membership_in_force(uuid, timestamptz)', 'app.keep_membership_expiry()'
    ] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO portal_definer', signature);
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION app.is_invited(text), app.accept_membership(uuid), app.notify_covered(uuid, uuid, text),
    app.is_membership_in_force(uuid, timestamptz) TO portal_api;
GRANT EXECUTE ON FUNCTION app.is_membership_in_force(uuid, timestamptz) TO portal_jobs;
