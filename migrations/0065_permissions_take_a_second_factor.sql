-- What a role allows takes a sign-in in which a second factor was shown, on every route: a password alone gives no money back, reads nobody's
-- payments and publishes nothing. What everybody may do for themselves takes no permission.

CREATE OR REPLACE FUNCTION app.begin_request(
    request_id uuid, user_id uuid, session_id uuid, timeout_ms integer, token bigint, max_lag_ms integer,
    standing text DEFAULT 'ANY'
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    signed_in record;
    granted text := '';
    withheld text := '';
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
        IF NOT signed_in.proven THEN
            withheld := granted;
            granted := '';
        END IF;
    END IF;

    PERFORM
        set_config('app.request_id', COALESCE(request_id::text, ''), true),
        set_config('app.user_id', COALESCE(user_id::text, ''), true),
        set_config('app.session_id', COALESCE(session_id::text, ''), true),
        set_config('app.permissions', granted, true),
        set_config('app.withheld', withheld, true),
        set_config('statement_timeout', timeout_ms::text, true);
END
$$;

CREATE FUNCTION app.withholds(permission text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN position(' ' || permission || ' ' IN COALESCE(current_setting('app.withheld', true), '')) > 0;
COMMENT ON FUNCTION app.withholds(text) IS 'Whether the caller would have a permission, had a second factor been shown.';
GRANT EXECUTE ON FUNCTION app.withholds(text) TO PUBLIC;
