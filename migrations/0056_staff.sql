-- Staff work as the function `admin` needs it: a second factor for whoever does it, lists of accounts that reach their indexes, why an
-- account is suspended, and the rules of giving roles, which the database keeps whatever the function does.

-- ---- A second factor for staff ----
ALTER TABLE sessions ADD COLUMN second_factor_at timestamptz;
COMMENT ON COLUMN sessions.second_factor_at IS
    'When the second factor was shown for this sign-in; staff work takes one. Gone when the authenticator is removed.';
SELECT app.classify('sessions', '{"private": ["second_factor_at"]}');
-- Who has one was asked for it at every sign-in since.
UPDATE sessions AS s SET second_factor_at = s.created_at
FROM users AS u
WHERE u.id = s.user_id AND u.mfa_enabled_at <= s.created_at;

CREATE OR REPLACE FUNCTION app.begin_request(
    request_id uuid, user_id uuid, session_id uuid, timeout_ms integer, token bigint, max_lag_ms integer,
    standing text DEFAULT 'ANY'
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    signed_in record;
    granted text := '';
BEGIN
    PERFORM app.check_replica(token, max_lag_ms);

    IF user_id IS NOT NULL THEN
        SELECT s.revoked_at IS NOT NULL OR s.expires_at <= now() AS ended, u.is_active AND u.deleted_at IS NULL AS active,
            u.approved_at IS NOT NULL AS approved, s.second_factor_at IS NOT NULL AS proven
        INTO signed_in
        FROM public.sessions AS s
        JOIN public.users AS u ON u.id = s.user_id
        WHERE s.id = begin_request.session_id AND s.user_id = begin_request.user_id;

        IF NOT FOUND THEN
            RAISE EXCEPTION 'session is unknown' USING ERRCODE = 'PS001';
        ELSIF signed_in.ended THEN
            RAISE EXCEPTION 'session has ended' USING ERRCODE = 'PS002';
        ELSIF NOT signed_in.active THEN
            RAISE EXCEPTION 'account is not active' USING ERRCODE = 'PS003';
        ELSIF NOT signed_in.approved AND standing IN ('APPROVED', 'STAFF') THEN
            RAISE EXCEPTION 'account is not approved' USING ERRCODE = 'PS004';
        ELSIF NOT signed_in.proven AND standing = 'STAFF' THEN
            RAISE EXCEPTION 'no second factor was shown' USING ERRCODE = 'PS005';
        ELSIF NOT signed_in.approved AND standing = 'APPROVED_OR_NOBODY' THEN
            user_id := NULL;
            session_id := NULL;
        END IF;
    END IF;

    IF user_id IS NOT NULL THEN
        granted := app.permissions_of(user_id);
    END IF;

    PERFORM
        set_config('app.request_id', COALESCE(request_id::text, ''), true),
        set_config('app.user_id', COALESCE(user_id::text, ''), true),
        set_config('app.session_id', COALESCE(session_id::text, ''), true),
        set_config('app.permissions', granted, true),
        set_config('statement_timeout', timeout_ms::text, true);
END
$$;
COMMENT ON FUNCTION app.begin_request(uuid, uuid, uuid, integer, bigint, integer, text) IS
    'Sent with BEGIN in one round trip: consistency token and lag (on replicas), session, account and its standing (ANY, APPROVED, APPROVED_OR_NOBODY or STAFF), permissions, context, timeout.';

-- ---- Lists of accounts ----
CREATE FUNCTION app.account_status(is_active boolean, approved_at timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN NOT is_active THEN 'suspended' WHEN approved_at IS NULL THEN 'pending' ELSE 'active' END;
COMMENT ON FUNCTION app.account_status(boolean, timestamptz) IS 'Where an account stands: pending, active or suspended.';

-- In PL/pgSQL, so that the call stays a call and the index on it is found.
CREATE FUNCTION app.folded(words text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT
AS $$
BEGIN
    RETURN lower(public.unaccent('public.unaccent', words));
END
$$;
COMMENT ON FUNCTION app.folded(text) IS 'Without case and accents.';

CREATE FUNCTION app.account_words(email text, first_name text, last_name text, company text, licence text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
BEGIN
    RETURN app.folded(email || ' ' || first_name || ' ' || last_name || COALESCE(' ' || company, '') || COALESCE(' ' || licence, ''));
END
$$;
COMMENT ON FUNCTION app.account_words(text, text, text, text, text) IS 'What staff find an account by, without case and accents.';

CREATE FUNCTION app.containing(word text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT
AS $$
BEGIN
    RETURN '%' || regexp_replace(app.folded(word), '([\\%_])', '\\\1', 'g') || '%';
END
$$;
COMMENT ON FUNCTION app.containing(text) IS 'The pattern of LIKE for texts that hold a word, whatever the word holds.';
GRANT EXECUTE ON FUNCTION app.account_status(boolean, timestamptz), app.folded(text), app.containing(text),
    app.account_words(text, text, text, text, text) TO PUBLIC;

CREATE INDEX users_account_words ON users
    USING gin (app.account_words(email, first_name, last_name, company, contractor_license) gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX users_account_status ON users (app.account_status(is_active, approved_at), created_at DESC, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX users_account_names ON users (last_name, first_name, id) WHERE deleted_at IS NULL;

CREATE VIEW staff_accounts AS
SELECT
    u.id, u.email, u.first_name, u.last_name, u.company, u.phone, u.city, u.state, u.member_type, u.member_since,
    u.membership_expires_at, u.is_active, u.is_verified, u.approved_at, u.suspended_at, u.contractor_license,
    u.mfa_enabled_at IS NOT NULL AS has_second_factor, u.created_at, u.updated_at, u.version,
    app.account_status(u.is_active, u.approved_at) AS status,
    app.account_words(u.email, u.first_name, u.last_name, u.company, u.contractor_license) AS words
FROM users AS u
WHERE u.deleted_at IS NULL AND (SELECT app.has('users.read'));
COMMENT ON VIEW staff_accounts IS 'Every account that is not closed, for staff who may see them; no secrets.';
ALTER VIEW staff_accounts OWNER TO portal_views;
GRANT SELECT ON staff_accounts TO portal_admin;

SELECT app.allow('login_attempts', 'portal_definer', 'SELECT', 'true', 'user_id, last_login_at');
CREATE FUNCTION app.last_sign_in(member uuid) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$ SELECT max(a.last_login_at) FROM public.login_attempts AS a WHERE a.user_id = member AND (SELECT app.has('users.read')) $$;
COMMENT ON FUNCTION app.last_sign_in(uuid) IS 'When an account was last signed in to, for staff; of what is kept of that.';

-- ---- Suspensions ----
CREATE TABLE suspensions (
    user_id uuid PRIMARY KEY REFERENCES users,
    reason text NOT NULL CHECK (reason <> '' AND length(reason) <= 500),
    suspended_by uuid REFERENCES users,
    suspended_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX suspensions_suspended_by ON suspensions (suspended_by) WHERE suspended_by IS NOT NULL;
COMMENT ON TABLE suspensions IS
    'Why an account is suspended: for staff alone, so not in users, whose row its owner may read. Gone when the account is reinstated.';
SELECT app.protect('suspensions');
SELECT app.classify('suspensions', '{"private": ["user_id", "reason", "suspended_by", "suspended_at"]}');
SELECT app.enable_audit('suspensions');
SELECT app.allow('suspensions', 'portal_admin', 'SELECT', '(SELECT app.has(''users.read''))');
SELECT app.allow('suspensions', 'portal_admin', 'INSERT', '(SELECT app.has(''users.manage'')) AND suspended_by = (SELECT app.user_id())');
SELECT app.allow('suspensions', 'portal_admin', 'DELETE', '(SELECT app.has(''users.manage''))');
COMMENT ON COLUMN sessions.revoked_reason IS 'SIGNED_OUT, REVOKED, PASSWORD_CHANGED, TOKEN_REUSED, REPLACED, SUSPENDED or MERGED.';

-- ---- Roles: nobody gives what they do not have ----
CREATE FUNCTION app.may_allow(permission uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$ SELECT EXISTS (SELECT FROM public.permissions AS p WHERE p.id = permission AND app.has(p.name)) $$;
COMMENT ON FUNCTION app.may_allow(uuid) IS 'Whether the caller has a permission, and so may put it into a role or take it out.';

CREATE FUNCTION app.may_give(role uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT NOT EXISTS (
        SELECT FROM public.role_permissions AS rp JOIN public.permissions AS p ON p.id = rp.permission_id
        WHERE rp.role_id = role AND NOT app.has(p.name))
$$;
COMMENT ON FUNCTION app.may_give(uuid) IS 'Whether the caller has every permission of a role, and so may give and take it.';

CREATE FUNCTION app.is_administrators(role uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$ SELECT EXISTS (SELECT FROM public.roles AS r WHERE r.id = role AND r.name = 'administrator') $$;
COMMENT ON FUNCTION app.is_administrators(uuid) IS 'Whether a role is that of administrators, whose permissions nobody edits.';

ALTER POLICY portal_admin_insert ON user_roles
    WITH CHECK ((SELECT app.has('roles.manage')) AND app.may_give(role_id));
ALTER POLICY portal_admin_update ON user_roles
    USING ((SELECT app.has('roles.manage')) AND app.may_give(role_id))
    WITH CHECK ((SELECT app.has('roles.manage')) AND app.may_give(role_id));
ALTER POLICY portal_admin_delete ON user_roles
    USING ((SELECT app.has('roles.manage')) AND app.may_give(role_id));
ALTER POLICY portal_admin_insert ON role_permissions
    WITH CHECK ((SELECT app.has('roles.manage')) AND app.may_allow(permission_id) AND NOT app.is_administrators(role_id));
ALTER POLICY portal_admin_update ON role_permissions
    USING ((SELECT app.has('roles.manage')) AND app.may_allow(permission_id) AND NOT app.is_administrators(role_id))
    WITH CHECK ((SELECT app.has('roles.manage')) AND app.may_allow(permission_id) AND NOT app.is_administrators(role_id));
ALTER POLICY portal_admin_delete ON role_permissions
    USING ((SELECT app.has('roles.manage')) AND app.may_allow(permission_id) AND NOT app.is_administrators(role_id));
-- With a role its permissions go from all who hold it.
ALTER POLICY portal_admin_delete ON roles USING ((SELECT app.has('roles.manage')) AND NOT is_system AND app.may_give(id));

-- Every change of the roles that an account holds is a new version of the account that shows them.
CREATE FUNCTION app.note_roles() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    UPDATE public.users AS u SET skill_names = u.skill_names WHERE u.id IN (SELECT c.user_id FROM changed AS c);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION app.note_roles() IS 'Raises users.version; once a statement, however many rows it has.';
CREATE TRIGGER note_inserted AFTER INSERT ON user_roles
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.note_roles();
CREATE TRIGGER note_updated AFTER UPDATE ON user_roles
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.note_roles();
CREATE TRIGGER note_deleted AFTER DELETE ON user_roles
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION app.note_roles();

-- ---- One administrator stays ----
-- Whoever changes what staff may do takes this lock before any row. What the caller may do was read when the transaction began, maybe
-- before somebody who was waited for took it away: so it is read again.
CREATE FUNCTION app.hold_staff() RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('staff', 0));
    IF NOT EXISTS (
        SELECT FROM public.sessions AS s JOIN public.users AS u ON u.id = s.user_id
        WHERE s.id = app.session_id() AND s.user_id = app.user_id() AND s.revoked_at IS NULL AND s.second_factor_at IS NOT NULL
            AND u.is_active AND u.approved_at IS NOT NULL AND u.deleted_at IS NULL
    ) THEN
        RAISE EXCEPTION 'session has ended' USING ERRCODE = 'PS002';
    END IF;
    PERFORM set_config('app.permissions', app.permissions_of(app.user_id()), true);
END
$$;
COMMENT ON FUNCTION app.hold_staff() IS
    'Waits for whoever changes what staff may do, lets nobody change it until the transaction ends, and reads the caller''s permissions again.';

CREATE FUNCTION app.keep_an_administrator() RETURNS trigger
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
            AND u.is_active AND u.approved_at IS NOT NULL AND u.deleted_at IS NULL
    ) THEN
        RAISE EXCEPTION 'The last administrator stays one: make another first, without an end.' USING ERRCODE = 'PB409';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION app.keep_an_administrator() IS
    'Refuses to leave the portal without an open account that is an administrator without an end, however many try at once.';
CREATE TRIGGER keep_an_administrator AFTER UPDATE OR DELETE ON user_roles
    FOR EACH ROW WHEN (OLD.expires_at IS NULL) EXECUTE FUNCTION app.keep_an_administrator();
CREATE TRIGGER keep_an_administrator AFTER UPDATE OF is_active, approved_at, deleted_at ON users
    FOR EACH ROW WHEN (
        OLD.is_active AND OLD.approved_at IS NOT NULL AND OLD.deleted_at IS NULL
        AND NOT (NEW.is_active AND NEW.approved_at IS NOT NULL AND NEW.deleted_at IS NULL))
    EXECUTE FUNCTION app.keep_an_administrator();

CREATE FUNCTION app.powers_of(member uuid) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT COALESCE(array_agg(DISTINCT p.name ORDER BY p.name), '{}')
    FROM public.user_roles AS ur
    JOIN public.role_permissions AS rp ON rp.role_id = ur.role_id
    JOIN public.permissions AS p ON p.id = rp.permission_id
    WHERE ur.user_id = member AND (ur.expires_at IS NULL OR ur.expires_at > now())
        AND (member = (SELECT app.user_id()) OR (SELECT app.has('users.read')) OR (SELECT app.has('feedback.manage')))
$$;
COMMENT ON FUNCTION app.powers_of(uuid) IS 'What the roles that a member holds now allow, for staff.';

SELECT app.allow('user_roles', 'portal_definer', 'INSERT', 'true');
CREATE FUNCTION app.make_member(member uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    IF NOT app.has('users.manage') THEN
        RAISE EXCEPTION 'only those who run accounts approve members' USING ERRCODE = '42501';
    END IF;
    INSERT INTO public.user_roles (user_id, role_id, granted_by)
    SELECT u.id, r.id, app.user_id()
    FROM public.users AS u, public.roles AS r
    WHERE u.id = member AND u.approved_at IS NOT NULL AND r.name = 'member'
    ON CONFLICT DO NOTHING;
END
$$;
COMMENT ON FUNCTION app.make_member(uuid) IS 'Gives an approved member the role that every member has, which takes no right to give roles.';

-- ---- Tickets, reports of messages, findings ----
CREATE INDEX member_feedback_created ON member_feedback (created_at DESC, id DESC);

ALTER TABLE message_reports
    ADD COLUMN outcome text CHECK (outcome <> '' AND length(outcome) <= 1000),
    ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN version integer NOT NULL DEFAULT 1,
    ADD CONSTRAINT message_reports_decided CHECK ((state = 'OPEN') = (resolved_at IS NULL)) NOT VALID;
SELECT app.version_rows('message_reports');
SELECT app.classify('message_reports', '{"private": ["outcome", "updated_at", "version"]}');
CREATE INDEX message_reports_created ON message_reports (created_at DESC, id DESC);
COMMENT ON COLUMN message_reports.outcome IS 'What staff did about it, in words.';
-- What was reported is not rewritten.
REVOKE UPDATE ON message_reports FROM portal_admin;
GRANT UPDATE (state, outcome, resolved_by, resolved_at) ON message_reports TO portal_admin;

CREATE FUNCTION app.reported_message(report uuid, OUT sender_id uuid, OUT receiver_id uuid, OUT sent_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT m.sender_id, m.receiver_id, m.sent_at
    FROM public.message_reports AS r JOIN public.messages AS m ON m.id = r.message_id
    WHERE r.id = report AND (SELECT app.has('messages.moderate'))
$$;
COMMENT ON FUNCTION app.reported_message(uuid) IS 'Whose a reported message is, for those who decide on it; its words are the excerpt in the report.';
SELECT app.allow('message_reports', 'portal_definer', 'SELECT', 'true');

ALTER TABLE payment_findings
    ADD COLUMN resolved_by uuid REFERENCES users,
    ADD COLUMN resolution text CHECK (resolution <> '' AND length(resolution) <= 500),
    ADD COLUMN version integer NOT NULL DEFAULT 1,
    ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now(),
    ADD CONSTRAINT payment_findings_resolution CHECK (
        (resolved_by IS NULL) = (resolution IS NULL) AND (resolved_by IS NULL OR resolved_at IS NOT NULL));
SELECT app.version_rows('payment_findings', '{last_found_at,detail}');
SELECT app.classify('payment_findings', '{"private": ["resolved_by", "resolution", "version", "updated_at"]}');
CREATE INDEX payment_findings_resolved_by ON payment_findings (resolved_by) WHERE resolved_by IS NOT NULL;
CREATE INDEX payment_findings_open ON payment_findings (found_at DESC, id DESC) WHERE resolved_at IS NULL;
SELECT app.enable_audit('payment_findings');
SELECT app.allow('payment_findings', 'portal_admin', 'UPDATE', '(SELECT app.has(''payments.manage''))',
    'resolved_at, resolved_by, resolution');

DO $$
DECLARE
    signature text;
BEGIN
    FOREACH signature IN ARRAY ARRAY[
        'app.last_sign_in(uuid)', 'app.may_allow(uuid)', 'app.may_give(uuid)', 'app.is_administrators(uuid)', 'app.hold_staff()',
        'app.keep_an_administrator()', 'app.note_roles()', 'app.powers_of(uuid)', 'app.make_member(uuid)', 'app.reported_message(uuid)'
    ] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO portal_definer', signature);
        IF signature NOT IN ('app.keep_an_administrator()', 'app.note_roles()') THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_admin', signature);
        END IF;
    END LOOP;
END
$$;
