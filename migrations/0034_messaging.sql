-- Messages, notifications, announcements and tickets, as the function `messaging` needs them: who may write to whom and how often,
-- lists that reach their indexes, the daily digest, what members want to be told of and when, and mails about tickets.

-- ---- What a member wants to be told of, and when ----
-- Which topics are mailed stands in users.notification_preferences, which is part of the profile; here is what is no topic.

CREATE TABLE notification_settings (
    user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    time_zone text NOT NULL DEFAULT 'America/Los_Angeles' CHECK (length(time_zone) BETWEEN 1 AND 64),
    quiet_from time,
    quiet_until time,
    accepts_messages boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT notification_settings_quiet_hours CHECK (
        (quiet_from IS NULL) = (quiet_until IS NULL) AND quiet_from <> quiet_until)
);
COMMENT ON TABLE notification_settings IS 'Quiet hours and whether a member takes messages; without a row the defaults hold.';
COMMENT ON COLUMN notification_settings.time_zone IS 'An IANA name: quiet hours and the time of the digest are the member''s own.';
COMMENT ON COLUMN notification_settings.quiet_from IS 'From then, in the member''s zone, mails that can wait do so.';
COMMENT ON COLUMN notification_settings.quiet_until IS 'Until then; before quiet_from where the night lies between.';
SELECT app.version_rows('notification_settings');
SELECT app.protect('notification_settings');
SELECT app.classify('notification_settings', '{
    "private": ["user_id", "time_zone", "quiet_from", "quiet_until", "accepts_messages", "created_at", "updated_at", "version"]
}');
SELECT app.allow('notification_settings', 'portal_api', command, 'user_id = (SELECT app.user_id())')
FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) AS command;
SELECT app.allow('notification_settings', role_name, 'SELECT', 'true')
FROM unnest(ARRAY['portal_jobs', 'portal_definer']) AS role_name;
SELECT app.enable_audit('notification_settings');

CREATE FUNCTION app.is_time_zone(name text) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = ''
AS $$
BEGIN
    PERFORM now() AT TIME ZONE name;
    RETURN true;
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN false;
END
$$;
COMMENT ON FUNCTION app.is_time_zone(text) IS 'Whether the server knows a time zone by this name.';
GRANT EXECUTE ON FUNCTION app.is_time_zone(text) TO portal_api;

CREATE FUNCTION app.quiet_until(zone text, quiet_from time, quiet_until time, moment timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = ''
AS $$
    SELECT CASE
        WHEN quiet_from < quiet_until AND local::time >= quiet_from AND local::time < quiet_until
            OR quiet_from > quiet_until AND local::time < quiet_until
            THEN (local::date + quiet_until) AT TIME ZONE zone
        WHEN quiet_from > quiet_until AND local::time >= quiet_from
            THEN (local::date + 1 + quiet_until) AT TIME ZONE zone
    END
    FROM (SELECT moment AT TIME ZONE zone) AS clock (local)
$$;
COMMENT ON FUNCTION app.quiet_until(text, time, time, timestamptz) IS
    'When the quiet hours that a moment falls into end; NULL where it falls into none.';
GRANT EXECUTE ON FUNCTION app.quiet_until(text, time, time, timestamptz) TO portal_jobs;

-- By a link out of a mail, without a sign-in: the link proves whose it is before this is called.
CREATE FUNCTION app.unsubscribe(member uuid, topic text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    UPDATE public.users AS u
    SET notification_preferences = u.notification_preferences || jsonb_build_object(topic,
        CASE jsonb_typeof(u.notification_preferences -> topic)
            WHEN 'object' THEN u.notification_preferences -> topic ELSE '{}' END || '{"email": false}')
    WHERE u.id = member AND u.deleted_at IS NULL;
    RETURN FOUND;
END
$$;
COMMENT ON FUNCTION app.unsubscribe(uuid, text) IS 'No more mails of a topic to a member; false where there is no such account.';
GRANT UPDATE (notification_preferences) ON users TO portal_definer;
ALTER FUNCTION app.unsubscribe(uuid, text) OWNER TO portal_definer;
GRANT EXECUTE ON FUNCTION app.unsubscribe(uuid, text) TO portal_api;

-- ---- Who may write to whom, and how often ----

ALTER TABLE messages ADD COLUMN is_first boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN messages.is_first IS 'Whether it began the thread: of these a member writes only so many a day.';
COMMENT ON COLUMN messages.status IS
    'SENT, then READ or ARCHIVED by its receiver. DELIVERED is of the portal before this one, and counts as unread.';
SELECT app.classify('messages', '{"private": ["is_first"]}');

CREATE FUNCTION app.accepts_message(receiver uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT EXISTS (
            SELECT FROM public.users AS u
            WHERE u.id = receiver AND u.is_active AND u.approved_at IS NOT NULL AND u.deleted_at IS NULL)
        AND NOT EXISTS (
            SELECT FROM public.notification_settings AS s WHERE s.user_id = receiver AND NOT s.accepts_messages)
        AND NOT EXISTS (
            SELECT FROM public.member_blocks AS b WHERE b.user_id = receiver AND b.blocked_id = (SELECT app.user_id()))
$$;
COMMENT ON FUNCTION app.accepts_message(uuid) IS
    'Whether a member takes a message of the caller; it does not say whether one who does not has blocked the caller.';
ALTER FUNCTION app.accepts_message(uuid) OWNER TO portal_definer;
GRANT EXECUTE ON FUNCTION app.accepts_message(uuid) TO portal_api;
ALTER POLICY portal_api_insert ON messages WITH CHECK (sender_id = (SELECT app.user_id()) AND app.accepts_message(receiver_id));

-- One message of a sender at a time, so that many at once pass no limit; then one of the two people at a time, so that the thread is in
-- the order in which its messages were committed. Each statement of the function sees what those that it waited for have written.
CREATE FUNCTION app.hold_thread(
    receiver uuid,
    OUT sender_accepts boolean, OUT sender_since timestamptz,
    OUT is_member boolean, OUT is_blocked boolean, OUT accepts boolean, OUT is_first boolean,
    OUT at timestamptz,
    OUT minute_count bigint, OUT minute_oldest timestamptz, OUT hour_count bigint, OUT hour_oldest timestamptz,
    OUT day_count bigint, OUT day_oldest timestamptz,
    OUT first_hour_count bigint, OUT first_hour_oldest timestamptz, OUT first_day_count bigint, OUT first_day_oldest timestamptz
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    sender uuid := app.user_id();
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('messages of ' || sender, 1));
    PERFORM pg_advisory_xact_lock(hashtextextended(concat_ws(' ', 'thread of', LEAST(sender, receiver), GREATEST(sender, receiver)), 1));
    at := clock_timestamp();
    SELECT COALESCE(s.accepts_messages, true), u.created_at
    INTO sender_accepts, sender_since
    FROM public.users AS u LEFT JOIN public.notification_settings AS s ON s.user_id = u.id
    WHERE u.id = sender;
    is_member := EXISTS (
        SELECT FROM public.users AS u
        WHERE u.id = receiver AND u.is_active AND u.approved_at IS NOT NULL AND u.deleted_at IS NULL);
    is_blocked := EXISTS (SELECT FROM public.member_blocks AS b WHERE b.user_id = sender AND b.blocked_id = receiver);
    accepts := app.accepts_message(receiver);
    is_first := NOT EXISTS (SELECT FROM public.conversations AS c WHERE c.user_id = sender AND c.counterpart_id = receiver);
    SELECT count(*) FILTER (WHERE m.sent_at > at - interval '1 minute'), min(m.sent_at) FILTER (WHERE m.sent_at > at - interval '1 minute'),
        count(*) FILTER (WHERE m.sent_at > at - interval '1 hour'), min(m.sent_at) FILTER (WHERE m.sent_at > at - interval '1 hour'),
        count(*), min(m.sent_at),
        count(*) FILTER (WHERE m.is_first AND m.sent_at > at - interval '1 hour'),
        min(m.sent_at) FILTER (WHERE m.is_first AND m.sent_at > at - interval '1 hour'),
        count(*) FILTER (WHERE m.is_first), min(m.sent_at) FILTER (WHERE m.is_first)
    INTO minute_count, minute_oldest, hour_count, hour_oldest, day_count, day_oldest,
        first_hour_count, first_hour_oldest, first_day_count, first_day_oldest
    FROM (
        -- The index messages_sender; no member is allowed as many in a day.
        SELECT recent.sent_at, recent.is_first FROM public.messages AS recent
        WHERE recent.sender_id = sender AND recent.sent_at > at - interval '1 day'
        ORDER BY recent.sent_at DESC LIMIT 2000
    ) AS m;
END
$$;
COMMENT ON FUNCTION app.hold_thread(uuid) IS
    'Waits for the caller''s other messages and for the thread, and says what decides whether a message may be written now.';
ALTER FUNCTION app.hold_thread(uuid) OWNER TO portal_definer;
GRANT EXECUTE ON FUNCTION app.hold_thread(uuid) TO portal_api;

-- ---- The inbox ----

DROP INDEX conversations_recent;
CREATE INDEX conversations_inbox ON conversations (user_id, last_message_at DESC, counterpart_id DESC) WHERE archived_at IS NULL;
CREATE INDEX conversations_archive ON conversations (user_id, last_message_at DESC, counterpart_id DESC)
    WHERE archived_at IS NOT NULL;
CREATE INDEX conversations_unread ON conversations (user_id) INCLUDE (unread_count) WHERE unread_count > 0;

-- ---- The daily digest ----

CREATE TABLE message_digests (
    user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    since timestamptz NOT NULL,
    due_at timestamptz NOT NULL
);
CREATE INDEX message_digests_due ON message_digests (due_at);
COMMENT ON TABLE message_digests IS
    'Who is to be told of new messages, and when. A message puts its receiver in, the notify function takes the row out with the mail.';
COMMENT ON COLUMN message_digests.since IS 'When the first message was sent that the last digest could not tell of.';
SELECT app.protect('message_digests');
SELECT app.classify('message_digests', '{"private": ["user_id", "since", "due_at"]}');
SELECT app.allow('message_digests', 'portal_jobs', command, 'true') FROM unnest(ARRAY['SELECT', 'UPDATE', 'DELETE']) AS command;
SELECT app.allow('message_digests', 'portal_definer', command, 'true') FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) AS command;

CREATE FUNCTION app.next_digest(member uuid, moment timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT min(morning)
    FROM (
        SELECT COALESCE((SELECT s.time_zone FROM public.notification_settings AS s WHERE s.user_id = member), 'America/Los_Angeles')
    ) AS place (zone),
    LATERAL (
        SELECT ((moment AT TIME ZONE zone)::date + days + time '08:00') AT TIME ZONE zone AS morning FROM generate_series(0, 1) AS days
    ) AS mornings
    WHERE morning > moment
$$;
COMMENT ON FUNCTION app.next_digest(uuid, timestamptz) IS 'The next eight o''clock in the morning where the member is.';
ALTER FUNCTION app.next_digest(uuid, timestamptz) OWNER TO portal_definer;

CREATE OR REPLACE FUNCTION app.note_message(message uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
    INSERT INTO public.conversations AS c (user_id, counterpart_id, last_message_id, last_message_at, unread_count)
    SELECT side.user_id, side.counterpart_id, m.id, m.sent_at, side.unread
    FROM public.messages AS m
    CROSS JOIN LATERAL (VALUES (m.sender_id, m.receiver_id, 0), (m.receiver_id, m.sender_id, 1))
        AS side (user_id, counterpart_id, unread)
    WHERE m.id = message AND m.sender_id = (SELECT app.user_id())
    ORDER BY side.user_id
    ON CONFLICT (user_id, counterpart_id) DO UPDATE SET
        last_message_id = EXCLUDED.last_message_id,
        last_message_at = EXCLUDED.last_message_at,
        unread_count = c.unread_count + EXCLUDED.unread_count,
        archived_at = NULL;
    -- The row is locked even where it stays as it is: a digest that is being made waits for this message, or this message for it and
    -- then begins the next one.
    INSERT INTO public.message_digests AS d (user_id, since, due_at)
    SELECT m.receiver_id, m.sent_at, app.next_digest(m.receiver_id, m.sent_at)
    FROM public.messages AS m
    WHERE m.id = message AND m.sender_id = (SELECT app.user_id())
    ON CONFLICT (user_id) DO UPDATE SET since = EXCLUDED.since WHERE EXCLUDED.since < d.since;
$$;
COMMENT ON FUNCTION app.note_message(uuid) IS
    'After sending: puts a message of the caller''s on top of both sides'' conversations, of which the caller sees one, and into the receiver''s next digest.';

-- ---- Mails to many ----

ALTER TABLE outbox ADD COLUMN is_bulk boolean NOT NULL
    GENERATED ALWAYS AS (kind IN ('MESSAGE_DIGEST', 'SAVED_SEARCH_ALERT', 'URGENT_ANNOUNCEMENT')) STORED;
COMMENT ON COLUMN outbox.is_bulk IS 'Whether it is one of very many that come at once: who waits for a new password does not wait for them.';
SELECT app.classify('outbox', '{"private": ["is_bulk"]}');
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (channel, is_bulk, not_before, id) WHERE state = 'PENDING';

-- ---- Announcements ----

ALTER TABLE announcements ADD COLUMN notified_through uuid;
COMMENT ON COLUMN announcements.notified_at IS 'When everybody had been written to, or, where it is not urgent, when it was published.';
COMMENT ON COLUMN announcements.notified_through IS 'The last member who was written to: members are gone through by id.';
SELECT app.classify('announcements', '{"private": ["notified_through"]}');
DROP TRIGGER touch ON announcements;
SELECT app.version_rows('announcements', '{notified_at,notified_through}');
CREATE INDEX announcements_due ON announcements (publish_at) WHERE notified_at IS NULL AND deleted_at IS NULL;
-- What was published before members were written to at all is no news.
UPDATE announcements SET notified_at = publish_at WHERE publish_at <= now() AND notified_at IS NULL;
GRANT UPDATE (notified_through) ON announcements TO portal_jobs;
SELECT app.allow(name::regclass, 'portal_definer', 'SELECT', 'true')
FROM unnest(ARRAY['announcements', 'announcement_reads', 'roles']) AS name;

CREATE FUNCTION app.announcement_audience(announcement uuid, after uuid, most bigint) RETURNS TABLE (user_id uuid, email text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT u.id, u.email
    FROM public.announcements AS a
    JOIN public.users AS u ON CASE a.audience
        WHEN 'ALL' THEN true
        WHEN 'MEMBER_TYPE' THEN u.member_type = a.audience_member_type
        ELSE EXISTS (
            SELECT FROM public.user_roles AS r
            WHERE r.user_id = u.id AND r.role_id = a.audience_role_id AND (r.expires_at IS NULL OR r.expires_at > now()))
    END
    WHERE a.id = announcement AND u.is_active AND u.approved_at IS NOT NULL AND u.deleted_at IS NULL
      AND (after IS NULL OR u.id > after)
    ORDER BY u.id
    LIMIT most
$$;
COMMENT ON FUNCTION app.announcement_audience(uuid, uuid, bigint) IS 'The members that an announcement is for, by id.';

CREATE FUNCTION app.announcement_reach(announcement uuid, OUT audience_size bigint, OUT read_count bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    IF NOT app.has('announcements.manage') THEN
        RAISE EXCEPTION 'only those who write announcements see how far one has come' USING ERRCODE = '42501';
    END IF;
    audience_size := (SELECT count(*) FROM app.announcement_audience(announcement, NULL, NULL));
    read_count := (SELECT count(*) FROM public.announcement_reads AS r WHERE r.announcement_id = announcement);
END
$$;
COMMENT ON FUNCTION app.announcement_reach(uuid) IS 'How many members an announcement is for today, and how many have read it.';

CREATE FUNCTION app.role_named(name text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$ SELECT r.id FROM public.roles AS r WHERE r.name = role_named.name AND app.has('announcements.manage') $$;
COMMENT ON FUNCTION app.role_named(text) IS 'The role of a name, for those who write announcements.';

CREATE FUNCTION app.name_of_role(role uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$ SELECT r.name FROM public.roles AS r WHERE r.id = role $$;
COMMENT ON FUNCTION app.name_of_role(uuid) IS 'The name of a role, for the audience of an announcement.';

-- ---- Tickets ----

-- When a ticket was resolved follows from its state, whoever changes it.
CREATE FUNCTION app.note_resolution() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    NEW.resolved_at := CASE WHEN NEW.status IN ('RESOLVED', 'CLOSED') THEN COALESCE(OLD.resolved_at, now()) END;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION app.note_resolution() IS 'Keeps member_feedback.resolved_at.';
GRANT EXECUTE ON FUNCTION app.note_resolution() TO PUBLIC;
CREATE TRIGGER note_resolution BEFORE UPDATE OF status ON member_feedback
    FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION app.note_resolution();
-- That it is worked on or solved is for staff to say.
ALTER POLICY portal_api_update ON member_feedback
    USING (user_id = (SELECT app.user_id()))
    WITH CHECK (user_id = (SELECT app.user_id()) AND status IN ('OPEN', 'CLOSED'));

CREATE FUNCTION app.notify_about_ticket(ticket uuid, mail_kind text, occasion text, payload jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    feedback public.member_feedback;
    told uuid;
BEGIN
    SELECT * INTO feedback FROM public.member_feedback WHERE id = ticket;
    IF feedback.user_id = app.user_id() THEN
        told := feedback.assigned_to;
    ELSIF app.has('feedback.manage') THEN
        told := feedback.user_id;
    ELSE
        RAISE EXCEPTION 'only the member and staff write about a ticket' USING ERRCODE = '42501';
    END IF;
    INSERT INTO public.outbox (id, user_id, channel, kind, recipient, payload, deduplication_key)
    SELECT app.uuid_v7(), u.id, 'EMAIL', mail_kind, u.email, notify_about_ticket.payload, concat_ws('/', mail_kind, occasion, u.id)
    FROM public.users AS u
    WHERE u.id = told AND u.id <> app.user_id() AND u.is_active AND u.deleted_at IS NULL
    ON CONFLICT (deduplication_key) DO NOTHING;
END
$$;
COMMENT ON FUNCTION app.notify_about_ticket(uuid, text, text, jsonb) IS
    'One mail about a ticket, to the other side: from the member to who works on it, from staff to the member.';

DO $$
DECLARE
    signature text;
BEGIN
    FOREACH signature IN ARRAY ARRAY[
        'app.announcement_audience(uuid, uuid, bigint)', 'app.announcement_reach(uuid)', 'app.role_named(text)',
        'app.name_of_role(uuid)', 'app.notify_about_ticket(uuid, text, text, jsonb)'
    ] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO portal_definer', signature);
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION app.announcement_audience(uuid, uuid, bigint) TO portal_jobs;
GRANT EXECUTE ON FUNCTION app.announcement_reach(uuid), app.role_named(text), app.name_of_role(uuid) TO portal_api;
GRANT EXECUTE ON FUNCTION app.notify_about_ticket(uuid, text, text, jsonb) TO portal_api, portal_admin;
