-- What staff have for a while they give for no longer; what the audit shows follows the permissions of what it tells of; and nothing new
-- hangs on an account that another has taken over.

-- ---- Roles: for no longer than their giver has what they allow ----
CREATE FUNCTION app.own_reach() RETURNS TABLE (permission text, until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT p.name, max(COALESCE(ur.expires_at, 'infinity'))
    FROM public.user_roles AS ur
    JOIN public.role_permissions AS rp ON rp.role_id = ur.role_id
    JOIN public.permissions AS p ON p.id = rp.permission_id
    WHERE ur.user_id = app.user_id() AND COALESCE(ur.expires_at, 'infinity') > now()
    GROUP BY p.name
$$;
COMMENT ON FUNCTION app.own_reach() IS 'What the caller may do, each with until when: infinity where it has no end.';

CREATE FUNCTION app.may_give(role uuid, until timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT app.may_give(role) AND NOT EXISTS (
        SELECT FROM public.role_permissions AS rp
        JOIN public.permissions AS p ON p.id = rp.permission_id
        LEFT JOIN app.own_reach() AS own ON own.permission = p.name
        WHERE rp.role_id = role AND COALESCE(own.until, '-infinity') < COALESCE(may_give.until, 'infinity'))
$$;
COMMENT ON FUNCTION app.may_give(uuid, timestamptz) IS
    'Whether the caller has every permission of a role for so long (for good where it is null), and so may give it until then.';

CREATE FUNCTION app.may_put_in(permission uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT app.may_allow(permission) AND EXISTS (
        SELECT FROM public.permissions AS p JOIN app.own_reach() AS own ON own.permission = p.name
        WHERE p.id = may_put_in.permission AND own.until = 'infinity')
$$;
COMMENT ON FUNCTION app.may_put_in(uuid) IS 'Whether the caller has a permission for good, and so may put it into a role, which has no end.';

ALTER POLICY portal_admin_insert ON user_roles
    WITH CHECK ((SELECT app.has('roles.manage')) AND app.may_give(role_id, expires_at));
ALTER POLICY portal_admin_update ON user_roles
    WITH CHECK ((SELECT app.has('roles.manage')) AND app.may_give(role_id, expires_at));
ALTER POLICY portal_admin_insert ON role_permissions
    WITH CHECK ((SELECT app.has('roles.manage')) AND app.may_put_in(permission_id) AND NOT app.is_administrators(role_id));
ALTER POLICY portal_admin_update ON role_permissions
    WITH CHECK ((SELECT app.has('roles.manage')) AND app.may_put_in(permission_id) AND NOT app.is_administrators(role_id));

-- ---- The administrator who stays can sign in ----
CREATE OR REPLACE FUNCTION app.keep_an_administrator() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    administrators uuid := (SELECT r.id FROM public.roles AS r WHERE r.name = 'administrator');
    concerned boolean := CASE TG_TABLE_NAME
        WHEN 'user_roles' THEN (to_jsonb(OLD) ->> 'role_id')::uuid = administrators
        ELSE EXISTS (
            SELECT FROM public.user_roles AS ur
            WHERE ur.user_id = (to_jsonb(OLD) ->> 'id')::uuid AND ur.role_id = administrators AND ur.expires_at IS NULL)
    END;
BEGIN
    IF NOT concerned THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('staff', 0));
    IF NOT EXISTS (
        SELECT FROM public.user_roles AS ur JOIN public.users AS u ON u.id = ur.user_id
        WHERE ur.role_id = administrators AND ur.expires_at IS NULL
            AND u.is_active AND u.is_verified AND u.approved_at IS NOT NULL AND u.deleted_at IS NULL
    ) THEN
        RAISE EXCEPTION 'The last administrator stays one: make another first, without an end.' USING ERRCODE = 'PB409';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION app.keep_an_administrator() IS
    'Refuses to leave the portal without an open account with a confirmed address that is an administrator without an end, however many try at once.';
CREATE OR REPLACE TRIGGER keep_an_administrator AFTER UPDATE OF is_active, is_verified, approved_at, deleted_at ON users
    FOR EACH ROW WHEN (
        OLD.is_active AND OLD.is_verified AND OLD.approved_at IS NOT NULL AND OLD.deleted_at IS NULL
        AND NOT (NEW.is_active AND NEW.is_verified AND NEW.approved_at IS NOT NULL AND NEW.deleted_at IS NULL))
    EXECUTE FUNCTION app.keep_an_administrator();

-- ---- Nothing new on an account that was given up ----
-- A request that had begun before a merge, or waits for it, comes too late: what it adds would hang on the closed account.
CREATE FUNCTION app.refuse_given_up() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    account uuid := (to_jsonb(NEW) ->> TG_ARGV[0])::uuid;
BEGIN
    -- Held as by the foreign key; a merge that holds the account is waited for, and seen.
    PERFORM FROM public.users AS u WHERE u.id = account AND u.merged_into IS NULL FOR KEY SHARE;
    IF NOT FOUND AND EXISTS (SELECT FROM public.users AS u WHERE u.id = account AND u.merged_into IS NOT NULL) THEN
        IF account = app.user_id() THEN
            RAISE EXCEPTION 'account was merged into another' USING ERRCODE = 'PS003';
        END IF;
        RAISE EXCEPTION 'This account was merged into another.' USING ERRCODE = 'PB409';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION app.refuse_given_up() IS
    'Refuses a row of an account that was merged into another, whoever adds it and however long the request has waited.';
ALTER FUNCTION app.refuse_given_up() OWNER TO portal_definer;

DO $$
DECLARE
    target record;
BEGIN
    FOR target IN
        SELECT * FROM (VALUES
            ('payments', 'user_id'), ('memberships', 'user_id'), ('membership_people', 'user_id'), ('event_registrations', 'user_id'),
            ('course_enrollments', 'user_id'), ('projects', 'owner_id'), ('project_applications', 'user_id'),
            ('project_invitations', 'user_id'), ('events', 'organizer_id'), ('messages', 'sender_id'), ('messages', 'receiver_id'),
            ('member_feedback', 'user_id'), ('saved_searches', 'user_id'), ('user_roles', 'user_id')
        ) AS t (name, account)
    LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE INSERT ON %I FOR EACH ROW EXECUTE FUNCTION app.refuse_given_up(%L)',
            'refuse_given_up_' || target.account, target.name, target.account);
    END LOOP;
END
$$;

-- ---- The audit ----
CREATE FUNCTION app.audited_under(target text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN target IN ('roles', 'permissions', 'role_permissions', 'partition_policies') THEN 'audit.read'
    WHEN target LIKE 'california_contractors%' THEN 'contractors.outreach'
    WHEN target = 'message_reports' THEN 'messages.moderate'
    WHEN target IN ('member_feedback', 'feedback_replies') THEN 'feedback.manage'
    WHEN target = 'announcements' THEN 'announcements.manage'
    WHEN target IN ('courses', 'course_modules', 'course_enrollments') THEN 'courses.manage'
    WHEN target IN ('events', 'event_files', 'event_registrations') THEN 'events.manage'
    WHEN target IN ('projects', 'project_applications', 'project_files', 'project_invitations', 'addenda') THEN 'projects.manage'
    WHEN target IN ('payments', 'payment_findings', 'refunds', 'ledger_entries', 'ledger_transactions', 'memberships', 'membership_people',
        'membership_tiers', 'membership_invitations') THEN 'payments.read'
    WHEN target IN ('users', 'user_roles', 'user_skills', 'avatars', 'calendar_tokens', 'mfa_recovery_codes', 'notification_settings',
        'secure_data', 'suspensions', 'merge_orders') THEN 'users.read'
END;
COMMENT ON FUNCTION app.audited_under(text) IS
    'The permission under which staff see the rows of an audited table, and so what the audit says stood in them; null for one that is not named.';
CREATE FUNCTION app.sees_audited(target text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN app.has(COALESCE(app.audited_under(target), 'users.read'));
COMMENT ON FUNCTION app.sees_audited(text) IS
    'Whether the caller may see what stood in the rows of an audited table; of one that there is no more, who sees every account.';
GRANT EXECUTE ON FUNCTION app.audited_under(text), app.sees_audited(text) TO portal_admin;

-- A request's changes, for whoever has its id from a problem.
CREATE INDEX audit_log_request ON audit_log (request_id, created_at DESC, id DESC) WHERE request_id IS NOT NULL;

DO $$
DECLARE
    made regprocedure;
BEGIN
    FOREACH made IN ARRAY ARRAY['app.own_reach()', 'app.may_give(uuid, timestamptz)', 'app.may_put_in(uuid)']::regprocedure[] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO portal_definer', made);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_admin', made);
    END LOOP;
END
$$;

-- ---- Work is handed to who can do it ----
CREATE FUNCTION app.may_be_handed(member uuid, permission text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT permission = ANY (app.powers_of(member)) AND EXISTS (
        SELECT FROM public.users AS u
        WHERE u.id = member AND u.is_active AND u.is_verified AND u.approved_at IS NOT NULL AND u.deleted_at IS NULL)
$$;
COMMENT ON FUNCTION app.may_be_handed(uuid, text) IS 'Whether somebody may do a kind of work and has an open account to do it with, for staff.';
ALTER FUNCTION app.may_be_handed(uuid, text) OWNER TO portal_definer;
GRANT EXECUTE ON FUNCTION app.may_be_handed(uuid, text) TO portal_admin;
