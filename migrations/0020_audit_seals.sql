-- What keeps the audit honest: nobody edits what was logged, rows carry the server's own time, and one job at a time seals them.
-- Below that, policies that let a caller write more than the rules of the product allow are narrowed.

-- ---- One worker at a time ----

CREATE TABLE job_locks (
    job text PRIMARY KEY CHECK (job ~ '^[a-z][a-z-]*$')
);
COMMENT ON TABLE job_locks IS 'A row for each kind of scheduled work; who works on it holds the row''s lock until the transaction ends.';
SELECT app.protect('job_locks');
SELECT app.classify('job_locks', '{"private": ["job"]}');
GRANT EXECUTE ON FUNCTION app.begin_request(uuid, uuid, uuid, integer, bigint, integer) TO portal_maintenance;
GRANT EXECUTE ON FUNCTION app.consistency_token() TO portal_maintenance;

-- ---- Logged is logged ----

-- The maintenance role inherits the owner's rights, so a missing grant does not stop it: this does. The owner can take the
-- triggers away, which the seals make evident.
CREATE FUNCTION app.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    RAISE EXCEPTION '% keeps what was written: rows are added, and whole partitions dropped after their retention', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;
COMMENT ON FUNCTION app.refuse_change() IS 'Trigger of tables that only grow.';
GRANT EXECUTE ON FUNCTION app.refuse_change() TO PUBLIC;

DO $$
DECLARE
    target text;
BEGIN
    FOREACH target IN ARRAY ARRAY['audit_log', 'admin_actions', 'audit_seals'] LOOP
        EXECUTE format(
            'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON public.%I FOR EACH ROW EXECUTE FUNCTION app.refuse_change()',
            target);
        EXECUTE format(
            'CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON public.%I FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change()',
            target);
    END LOOP;
END
$$;

-- A change of a partition is a change of its table: the history of a row is looked up by the table's name.
CREATE OR REPLACE FUNCTION app.audit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    -- TG_ARGV: the key columns, the columns that are redacted, the columns that are derived.
    key_columns text[] := TG_ARGV[0]::text[];
    redacted text[] := TG_ARGV[1]::text[];
    derived text[] := TG_ARGV[2]::text[];
    was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - derived END;
    becomes jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - derived END;
    row_key text := (
        SELECT string_agg(COALESCE(becomes, was) ->> name, '/' ORDER BY position)
        FROM unnest(key_columns) WITH ORDINALITY AS k (name, position));
    changed text[];
    target text := TG_TABLE_NAME;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        changed := ARRAY(
            SELECT key FROM jsonb_each(becomes) AS n (key, value) WHERE value IS DISTINCT FROM was -> key);
        IF changed <@ ARRAY['updated_at', 'version'] THEN
            RETURN NULL;
        END IF;
        was := (SELECT jsonb_object_agg(key, was -> key) FROM unnest(changed) AS key);
        becomes := (SELECT jsonb_object_agg(key, becomes -> key) FROM unnest(changed) AS key);
    END IF;

    IF (SELECT relispartition FROM pg_catalog.pg_class WHERE oid = TG_RELID) THEN
        target := (SELECT relname FROM pg_catalog.pg_class WHERE oid = pg_partition_root(TG_RELID));
    END IF;
    INSERT INTO public.audit_log (
        id, table_name, row_key, operation, before, after, user_id, database_role, application, request_id)
    VALUES (
        nextval('public.audit_log_id'), target, row_key, TG_OP,
        app.redact(was, redacted), app.redact(becomes, redacted),
        app.user_id(), session_user, current_setting('application_name'), app.request_id());
    RETURN NULL;
END
$$;

-- A row that a caller could date back would fall into a day that is sealed already.
REVOKE INSERT ON admin_actions FROM portal_admin, portal_api;
GRANT INSERT (id, action, user_id, target_user_id, target_table, target_id, reason, details) ON admin_actions
    TO portal_admin, portal_api;
ALTER TABLE admin_actions ALTER COLUMN request_id SET DEFAULT app.request_id();

ALTER TABLE audit_seals
    ALTER COLUMN object_key SET NOT NULL,
    ADD CONSTRAINT audit_seals_digest_length CHECK (length(digest) = 32),
    ADD CONSTRAINT audit_seals_previous_length CHECK (length(previous_digest) = 32),
    ADD CONSTRAINT audit_seals_row_count CHECK (row_count >= 0);
COMMENT ON COLUMN audit_seals.digest IS 'SHA-256 over the day''s rows and the digest of the day before; docs/audit.md says how.';
COMMENT ON COLUMN audit_seals.previous_digest IS 'The digest of the day before; NULL for the first day of all.';

-- ---- Secrets of the accounts are for the sign-in alone ----

DO $$
DECLARE
    shown text := (
        SELECT string_agg(quote_ident(column_name), ', ' ORDER BY column_name)
        FROM public.column_classes
        WHERE table_name = 'users' AND class <> 'SECRET');
BEGIN
    REVOKE SELECT ON public.users FROM portal_api, portal_admin;
    EXECUTE format('GRANT SELECT (%s) ON public.users TO portal_api, portal_admin', shown);
END
$$;

-- ---- Who runs what ----
-- Running one's own projects or events takes the permission too, so that it ends with the role.

CREATE FUNCTION app.runs_project(project uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT app.has('projects.manage') OR app.has('projects.create') AND EXISTS (
        SELECT FROM public.projects WHERE id = project AND owner_id = (SELECT app.user_id()))
$$;
COMMENT ON FUNCTION app.runs_project(uuid) IS 'Whether the caller may change a project and what hangs on it.';

CREATE FUNCTION app.runs_event(event uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT app.has('events.manage') OR app.has('events.create') AND EXISTS (
        SELECT FROM public.events WHERE id = event AND organizer_id = (SELECT app.user_id()))
$$;
COMMENT ON FUNCTION app.runs_event(uuid) IS 'Whether the caller may change an event, its files and its registrations.';

CREATE FUNCTION app.sees_addendum(addendum uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT EXISTS (
        SELECT FROM public.addenda AS a
        JOIN public.project_listings AS p ON p.id = a.project_id
        WHERE a.id = addendum)
$$;
COMMENT ON FUNCTION app.sees_addendum(uuid) IS 'Whether the caller may see the project of an addendum.';

CREATE FUNCTION app.runs_project_of_addendum(addendum uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$ SELECT EXISTS (SELECT FROM public.addenda WHERE id = addendum AND app.runs_project(project_id)) $$;
COMMENT ON FUNCTION app.runs_project_of_addendum(uuid) IS 'Whether the caller runs the project of an addendum.';

CREATE FUNCTION app.received_message(message uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$ SELECT EXISTS (SELECT FROM public.messages WHERE id = message AND receiver_id = (SELECT app.user_id())) $$;
COMMENT ON FUNCTION app.received_message(uuid) IS 'Whether a message was written to the caller.';

CREATE FUNCTION app.note_message(message uuid) RETURNS void
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
        archived_at = NULL
$$;
COMMENT ON FUNCTION app.note_message(uuid) IS
    'After sending: puts a message of the caller''s on top of both sides'' conversations, of which the caller sees one.';

DO $$
DECLARE
    signature text;
BEGIN
    FOREACH signature IN ARRAY ARRAY[
        'app.runs_project(uuid)', 'app.runs_event(uuid)', 'app.sees_addendum(uuid)', 'app.runs_project_of_addendum(uuid)',
        'app.received_message(uuid)', 'app.note_message(uuid)'
    ] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO portal_definer', signature);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_api', signature);
    END LOOP;
END
$$;
SELECT app.allow(name::regclass, 'portal_definer', 'SELECT', 'true') FROM unnest(ARRAY['events', 'addenda', 'messages']) AS name;
SELECT app.allow('conversations', 'portal_definer', command, 'true') FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) AS command;

-- ---- Projects ----
ALTER POLICY portal_api_update ON projects
    USING (owner_id = (SELECT app.user_id()) AND (SELECT app.has('projects.create')) OR (SELECT app.has('projects.manage')))
    WITH CHECK (owner_id = (SELECT app.user_id()) AND (SELECT app.has('projects.create')) OR (SELECT app.has('projects.manage')));
ALTER POLICY portal_api_insert ON project_invitations
    WITH CHECK (invited_by = (SELECT app.user_id()) AND app.runs_project(project_id));
ALTER POLICY portal_api_delete ON project_invitations USING (app.runs_project(project_id));
ALTER POLICY portal_api_insert ON addenda WITH CHECK (created_by = (SELECT app.user_id()) AND app.runs_project(project_id));
ALTER POLICY portal_api_insert ON project_files WITH CHECK (uploaded_by = (SELECT app.user_id()) AND app.runs_project(project_id));
ALTER POLICY portal_api_update ON project_files
    USING (app.runs_project(project_id)) WITH CHECK (app.runs_project(project_id));
-- A bidder changes and withdraws a bid; who runs the project decides on it.
ALTER POLICY portal_api_update ON project_applications
    USING (user_id = (SELECT app.user_id()) AND status <> 'REJECTED' OR app.runs_project(project_id))
    WITH CHECK (
        user_id = (SELECT app.user_id()) AND status IN ('PENDING', 'REVIEWING', 'WITHDRAWN')
        OR app.runs_project(project_id));
ALTER POLICY portal_api_insert ON application_events
    WITH CHECK (actor_id = (SELECT app.user_id()) AND app.sees_application(application_id));
ALTER POLICY portal_api_select ON addendum_acknowledgements
    USING (user_id = (SELECT app.user_id()) OR app.runs_project_of_addendum(addendum_id));
ALTER POLICY portal_api_insert ON addendum_acknowledgements
    WITH CHECK (user_id = (SELECT app.user_id()) AND app.sees_addendum(addendum_id));

-- ---- Events and courses ----
ALTER POLICY portal_api_select ON event_registrations
    USING (user_id = (SELECT app.user_id()) OR app.runs_event(event_id));
-- A member takes a seat or gives it up; attendance is for who runs the event.
ALTER POLICY portal_api_insert ON event_registrations
    WITH CHECK (
        user_id = (SELECT app.user_id()) AND status IN ('REGISTERED', 'WAITLISTED')
            AND paid_at IS NULL AND checked_in_at IS NULL AND app.sees_event(event_id)
        OR app.runs_event(event_id));
ALTER POLICY portal_api_update ON event_registrations
    USING (
        user_id = (SELECT app.user_id()) AND status IN ('REGISTERED', 'WAITLISTED', 'CANCELLED')
        OR app.runs_event(event_id))
    WITH CHECK (
        user_id = (SELECT app.user_id()) AND status IN ('REGISTERED', 'WAITLISTED', 'CANCELLED') AND checked_in_at IS NULL
        OR app.runs_event(event_id));
ALTER POLICY portal_api_insert ON event_files WITH CHECK (uploaded_by = (SELECT app.user_id()) AND app.runs_event(event_id));
ALTER POLICY portal_api_update ON event_files USING (app.runs_event(event_id)) WITH CHECK (app.runs_event(event_id));
ALTER POLICY portal_api_insert ON course_enrollments
    WITH CHECK (
        user_id = (SELECT app.user_id()) AND status = 'ENROLLED' AND paid_at IS NULL AND certificate_number IS NULL
            AND app.sees_course(course_id)
        OR (SELECT app.has('courses.manage')));

-- ---- Messages ----
-- That a message was read is the receiver's to say.
ALTER POLICY portal_api_update ON messages
    USING (receiver_id = (SELECT app.user_id())) WITH CHECK (receiver_id = (SELECT app.user_id()));
ALTER POLICY portal_api_select ON conversations USING (user_id = (SELECT app.user_id()));
ALTER POLICY portal_api_insert ON conversations WITH CHECK (user_id = (SELECT app.user_id()));
ALTER POLICY portal_api_update ON conversations
    USING (user_id = (SELECT app.user_id())) WITH CHECK (user_id = (SELECT app.user_id()));
ALTER POLICY portal_api_insert ON message_reports
    WITH CHECK (reported_by = (SELECT app.user_id()) AND app.received_message(message_id));

-- ---- Money ----
-- That a payment went through is Stripe's to say, by its webhook.
ALTER POLICY portal_api_update ON payments
    USING (
        user_id = (SELECT app.user_id()) AND status IN ('PENDING', 'PROCESSING')
        OR (SELECT app.has('payments.refund')))
    WITH CHECK (
        user_id = (SELECT app.user_id()) AND status IN ('PENDING', 'PROCESSING', 'FAILED', 'CANCELLED')
        OR (SELECT app.has('payments.refund')));
