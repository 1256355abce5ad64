-- Staff approve members. Until then an account is no member: on routes for members it is refused, and where everybody sees what is
-- public it sees no more. What an account may do before (sign in, mend its own profile) asks for ANY.
DROP FUNCTION app.begin_request(uuid, uuid, uuid, integer, bigint, integer);
CREATE FUNCTION app.begin_request(
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
            u.approved_at IS NOT NULL AS approved
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
        ELSIF NOT signed_in.approved AND standing = 'APPROVED' THEN
            RAISE EXCEPTION 'account is not approved' USING ERRCODE = 'PS004';
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
    'Sent with BEGIN in one round trip: consistency token and lag (on replicas), session, account and its standing (ANY, APPROVED or APPROVED_OR_NOBODY), permissions, context, timeout.';
REVOKE ALL ON FUNCTION app.begin_request(uuid, uuid, uuid, integer, bigint, integer, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.begin_request(uuid, uuid, uuid, integer, bigint, integer, text)
    TO portal_auth, portal_api, portal_admin, portal_jobs, portal_maintenance;
ALTER FUNCTION app.begin_request(uuid, uuid, uuid, integer, bigint, integer, text) OWNER TO portal_definer;
