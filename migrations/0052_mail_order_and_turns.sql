-- What one member may not do to others by way of their mails: security mails go before all others, a mail that has been overtaken or
-- whose cause is gone is not sent, and what makes mails or rows for others is allowed so often and no more. Also: what waits for the
-- end of quiet hours comes back when those change, and members' requests write mails through functions alone.

-- ---- Lanes ----

CREATE FUNCTION app.mail_lane(kind text) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN kind IN (
        'VERIFY_EMAIL', 'ALREADY_REGISTERED', 'RESET_PASSWORD', 'PASSWORD_CHANGED', 'EMAIL_CHANGE_CONFIRM', 'EMAIL_CHANGED',
        'NEW_SIGN_IN', 'ACCOUNT_LOCKED', 'MFA_ENABLED', 'MFA_DISABLED', 'SECOND_FACTOR_GUESSED', 'RECOVERY_CODES_RENEWED',
        'RECOVERY_CODE_USED') THEN 0
    WHEN kind IN ('MESSAGE_DIGEST', 'SAVED_SEARCH_ALERT', 'URGENT_ANNOUNCEMENT') THEN 2
    ELSE 1
END::smallint;
COMMENT ON FUNCTION app.mail_lane(text) IS
    'The lane of a kind of mail: 0 about the sign-in, for which somebody waits; 2 to very many at once; 1 all others.';
GRANT EXECUTE ON FUNCTION app.mail_lane(text) TO PUBLIC;

CREATE FUNCTION app.mail_subject(payload jsonb) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (substring(COALESCE(payload ->> 'announcementId', payload ->> 'enrollmentId', payload ->> 'eventId')
    FROM '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'))::uuid;
COMMENT ON FUNCTION app.mail_subject(jsonb) IS 'The announcement, the enrolment or the event that a mail is about, out of its payload.';
GRANT EXECUTE ON FUNCTION app.mail_subject(jsonb) TO PUBLIC;

DROP INDEX outbox_due;
ALTER TABLE outbox
    DROP COLUMN is_bulk,
    ADD COLUMN lane smallint NOT NULL GENERATED ALWAYS AS (app.mail_lane(kind)) STORED,
    ADD COLUMN about uuid GENERATED ALWAYS AS (app.mail_subject(payload)) STORED,
    ADD COLUMN postponed_from timestamptz;
DELETE FROM column_classes WHERE table_name = 'outbox' AND column_name = 'is_bulk';
SELECT app.classify('outbox', '{"private": ["lane", "about", "postponed_from"]}');
COMMENT ON COLUMN outbox.lane IS 'Lower lanes go first: who waits for a new password waits for nobody''s news.';
COMMENT ON COLUMN outbox.about IS 'The announcement, the enrolment or the event that the mail is about.';
COMMENT ON COLUMN outbox.postponed_from IS 'When it would have gone out, had its receiver''s quiet hours not moved it.';
CREATE INDEX outbox_due ON outbox (channel, lane, not_before, id) WHERE state = 'PENDING';
CREATE INDEX outbox_about ON outbox (about, user_id) WHERE state = 'PENDING' AND about IS NOT NULL;
CREATE INDEX outbox_postponed ON outbox (user_id) WHERE state = 'PENDING' AND postponed_from IS NOT NULL;

-- ---- Who writes mails ----

-- Members' requests write through functions, each to the address of an account or an invitation, and none of them about a sign-in.
DROP POLICY portal_api_insert ON outbox;
REVOKE INSERT ON outbox FROM portal_api;
ALTER POLICY portal_definer_insert ON outbox WITH CHECK (state = 'PENDING' AND lane > 0);

-- ---- Mails that have been overtaken ----

-- In place of the one that may only write the payload of news about events.
DROP POLICY portal_definer_update ON outbox;
CREATE POLICY portal_definer_update ON outbox FOR UPDATE TO portal_definer USING (state = 'PENDING') WITH CHECK (true);
GRANT UPDATE (state, secret, claimed_until, not_before, postponed_from) ON outbox TO portal_definer;
GRANT SELECT (id, user_id, kind, state, about, claimed_until, postponed_from) ON outbox TO portal_definer;

CREATE FUNCTION app.mail_story(kind text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN kind IN (
        'EVENT_REGISTERED', 'EVENT_HELD', 'EVENT_WAITLISTED', 'EVENT_SEAT_OFFERED', 'EVENT_OFFER_EXPIRED', 'EVENT_HOLD_EXPIRED')
        THEN 'SEAT'
    WHEN kind IN ('COURSE_ENROLLED', 'COURSE_HELD', 'COURSE_HOLD_EXPIRED') THEN 'COURSE'
    WHEN kind IN ('CERTIFICATE_REVOKED', 'CERTIFICATE_REINSTATED') THEN 'REVOCATION'
END;
COMMENT ON FUNCTION app.mail_story(text) IS
    'Mails of one story say where a thing stands: the last of them is true, and those before it are not any more.';
GRANT EXECUTE ON FUNCTION app.mail_story(text) TO PUBLIC;

CREATE FUNCTION app.overtake_mails() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    -- One that a run has claimed is on its way.
    UPDATE public.outbox AS o
    SET state = 'SUPPRESSED', secret = NULL, claimed_until = NULL
    WHERE o.about = NEW.about AND o.user_id = NEW.user_id AND o.state = 'PENDING' AND o.id <> NEW.id
        AND app.mail_story(o.kind) = app.mail_story(NEW.kind)
        AND (o.claimed_until IS NULL OR o.claimed_until <= clock_timestamp());
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION app.overtake_mails() IS 'A new mail takes the place of those of its story that still wait.';
ALTER FUNCTION app.overtake_mails() OWNER TO portal_definer;
GRANT EXECUTE ON FUNCTION app.overtake_mails() TO portal_auth, portal_api, portal_admin, portal_jobs, portal_definer;
CREATE TRIGGER overtake_mails AFTER INSERT ON outbox
    FOR EACH ROW WHEN (NEW.about IS NOT NULL AND app.mail_story(NEW.kind) IS NOT NULL) EXECUTE FUNCTION app.overtake_mails();

-- ---- Mails of an announcement that is over ----

CREATE FUNCTION app.withdraw_mails() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    UPDATE public.outbox AS o
    SET state = 'SUPPRESSED', secret = NULL, claimed_until = NULL
    WHERE o.about = NEW.id AND o.state = 'PENDING' AND o.kind = 'URGENT_ANNOUNCEMENT'
        AND (o.claimed_until IS NULL OR o.claimed_until <= clock_timestamp());
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION app.withdraw_mails() IS 'Takes the mails of an announcement back that have not gone out.';
ALTER FUNCTION app.withdraw_mails() OWNER TO portal_definer;
GRANT EXECUTE ON FUNCTION app.withdraw_mails() TO portal_api, portal_jobs;
CREATE TRIGGER withdraw_mails AFTER UPDATE OF deleted_at, expires_at ON announcements
    FOR EACH ROW WHEN (NEW.deleted_at IS NOT NULL OR NEW.expires_at <= clock_timestamp()) EXECUTE FUNCTION app.withdraw_mails();

-- ---- Quiet hours that have changed ----

CREATE FUNCTION app.recall_postponed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    UPDATE public.outbox AS o
    SET not_before = o.postponed_from, postponed_from = NULL
    WHERE o.user_id = NEW.user_id AND o.state = 'PENDING' AND o.postponed_from IS NOT NULL AND o.claimed_until IS NULL;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION app.recall_postponed() IS
    'Mails that were postponed are asked about again, by the quiet hours that hold now.';
ALTER FUNCTION app.recall_postponed() OWNER TO portal_definer;
GRANT EXECUTE ON FUNCTION app.recall_postponed() TO portal_api;
CREATE TRIGGER recall_postponed AFTER INSERT OR UPDATE OF time_zone, quiet_from, quiet_until ON notification_settings
    FOR EACH ROW EXECUTE FUNCTION app.recall_postponed();

-- ---- How often ----

CREATE TABLE member_turns (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    action text NOT NULL CHECK (action ~ '^[a-z-]{1,40}$'),
    taken timestamptz[] NOT NULL DEFAULT '{}' CHECK (cardinality(taken) <= 1000),
    PRIMARY KEY (user_id, action)
);
COMMENT ON TABLE member_turns IS 'How often members have lately done what makes mails or rows for others; no more is kept than is counted.';
COMMENT ON COLUMN member_turns.taken IS 'The moments within the longest window, the earliest first.';
SELECT app.protect('member_turns');
SELECT app.classify('member_turns', '{"private": ["user_id", "action", "taken"]}');
SELECT app.allow('member_turns', 'portal_definer', command, 'true') FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) AS command;

CREATE FUNCTION app.take_turn(
    action text, windows interval[], quotas integer[],
    OUT granted boolean, OUT at timestamptz, OUT counts bigint[], OUT oldest timestamptz[]
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    member uuid := app.user_id();
    turns timestamptz[];
BEGIN
    INSERT INTO public.member_turns AS t (user_id, action) VALUES (member, take_turn.action) ON CONFLICT DO NOTHING;
    SELECT t.taken INTO turns FROM public.member_turns AS t
    WHERE t.user_id = member AND t.action = take_turn.action
    FOR UPDATE;
    at := clock_timestamp();
    SELECT array_agg(w.n ORDER BY w.place), array_agg(w.first ORDER BY w.place), bool_and(w.n < w.quota)
    INTO counts, oldest, granted
    FROM (
        SELECT l.place, l.quota, count(s.moment) AS n, min(s.moment) AS first
        FROM unnest(windows, quotas) WITH ORDINALITY AS l (length, quota, place)
        LEFT JOIN unnest(turns) AS s (moment) ON s.moment > at - l.length
        GROUP BY l.place, l.quota
    ) AS w;
    IF granted THEN
        UPDATE public.member_turns AS t
        SET taken = ARRAY(
                SELECT s.moment FROM unnest(turns) AS s (moment)
                WHERE s.moment > at - (SELECT max(l.length) FROM unnest(windows) AS l (length))
                ORDER BY s.moment) || at
        WHERE t.user_id = member AND t.action = take_turn.action;
    END IF;
END
$$;
COMMENT ON FUNCTION app.take_turn(text, interval[], integer[]) IS
    'Counts one more time that the caller does something, unless one of the windows that end now is full. One of the caller''s turns after the other, so that no limit is passed by many at once; the count stands once the transaction does.';
ALTER FUNCTION app.take_turn(text, interval[], integer[]) OWNER TO portal_definer;
GRANT EXECUTE ON FUNCTION app.take_turn(text, interval[], integer[]) TO portal_api;
