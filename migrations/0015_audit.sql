-- The audit log's triggers: who changed what, from which request, also when it was a job or psql.

CREATE FUNCTION app.audit() RETURNS trigger
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

    INSERT INTO public.audit_log (
        id, table_name, row_key, operation, before, after, user_id, database_role, application, request_id)
    VALUES (
        nextval('public.audit_log_id'), TG_TABLE_NAME, row_key, TG_OP,
        app.redact(was, redacted), app.redact(becomes, redacted),
        app.user_id(), session_user, current_setting('application_name'), app.request_id());
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION app.audit() IS 'Writes one row of the audit log: changed columns only, secrets redacted, actor and request.';

CREATE FUNCTION app.redact(data jsonb, columns text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = ''
AS $$
    SELECT data || COALESCE(
        (SELECT jsonb_object_agg(name, '[redacted]') FROM unnest(columns) AS name
         WHERE data ? name AND data -> name <> 'null'), '{}')
$$;
COMMENT ON FUNCTION app.redact(jsonb, text[]) IS 'Says that a secret column had a value, not which.';
ALTER FUNCTION app.audit() OWNER TO portal_definer;
GRANT EXECUTE ON FUNCTION app.audit() TO PUBLIC;
GRANT EXECUTE ON FUNCTION app.redact(jsonb, text[]) TO portal_definer;

CREATE FUNCTION app.enable_audit(target text, only_columns text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SET search_path = ''
AS $$
DECLARE
    relation oid := format('public.%I', target)::regclass;
    key_columns text[] := ARRAY(
        SELECT a.attname
        FROM pg_catalog.pg_index AS i, unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (number, position),
             pg_catalog.pg_attribute AS a
        WHERE i.indrelid = relation AND i.indisprimary AND a.attrelid = relation AND a.attnum = k.number
        ORDER BY k.position);
    secret text[] := ARRAY(
        SELECT column_name FROM public.column_classes WHERE table_name = target AND class = 'SECRET' ORDER BY 1);
    derived text[] := ARRAY(
        SELECT attname FROM pg_catalog.pg_attribute WHERE attrelid = relation AND attgenerated <> '' ORDER BY 1);
BEGIN
    EXECUTE format(
        'CREATE TRIGGER audit AFTER %s ON public.%I FOR EACH ROW EXECUTE FUNCTION app.audit(%L, %L, %L)',
        COALESCE('UPDATE OF ' || only_columns, 'INSERT OR UPDATE OR DELETE'), target,
        key_columns::text, secret::text, derived::text);
END
$$;
COMMENT ON FUNCTION app.enable_audit(text, text) IS
    'Migrations: audit a table whose columns are classed (or only updates of some columns). Call again after classing a new secret.';

SELECT app.enable_audit(name) FROM unnest(ARRAY[
    'users', 'roles', 'permissions', 'role_permissions', 'user_roles', 'user_skills', 'secure_data',
    'projects', 'project_invitations', 'project_applications', 'addenda', 'project_files',
    'events', 'event_registrations', 'event_files', 'courses', 'course_modules', 'course_enrollments',
    'message_reports', 'announcements', 'member_feedback', 'feedback_replies',
    'membership_tiers', 'payments', 'memberships', 'membership_people', 'ledger_transactions', 'ledger_entries',
    'partition_policies'
]) AS name;
-- The import's own changes stand in import_changes; what staff and members do to a contractor is audited.
SELECT app.enable_audit('california_contractors',
    'outreach_status, outreach_notes, outreach_updated_at, outreach_updated_by, is_namc_member');
