-- What writing about projects takes: ids made in the database, and letters to bidders whom the owner's policies do not show by address.

CREATE FUNCTION app.uuid_v7() RETURNS uuid
LANGUAGE sql VOLATILE PARALLEL SAFE SET search_path = ''
RETURN encode(
    set_bit(set_bit(
        overlay(uuid_send(gen_random_uuid())
            PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
        52, 1), 53, 1),
    'hex')::uuid;
COMMENT ON FUNCTION app.uuid_v7() IS 'A UUID of version 7 (RFC 9562): 48 bits of Unix milliseconds, then random ones.';
GRANT EXECUTE ON FUNCTION app.uuid_v7() TO portal_api, portal_admin, portal_jobs, portal_definer;

-- The function looks at who asks itself: it runs with rights that its caller lacks.
CREATE FUNCTION app.notify_bidders(
    project uuid, mail_kind text, occasion text, payload jsonb,
    bid_statuses text[] DEFAULT '{PENDING,REVIEWING,APPROVED}'
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    notified bigint;
BEGIN
    -- Jobs have no caller; session_user is who has logged in, whatever the function runs as.
    IF NOT (session_user = 'portal_jobs' OR app.runs_project(project)) THEN
        RAISE EXCEPTION 'only the owner of a project and staff may write to its bidders' USING ERRCODE = '42501';
    END IF;
    INSERT INTO public.outbox (id, user_id, channel, kind, recipient, payload, deduplication_key)
    SELECT app.uuid_v7(), u.id, 'EMAIL', mail_kind, u.email,
        notify_bidders.payload || jsonb_build_object('firstName', u.first_name),
        concat_ws('/', mail_kind, occasion, u.id)
    FROM public.project_applications AS a
    JOIN public.users AS u ON u.id = a.user_id
    WHERE a.project_id = project AND a.status = ANY (bid_statuses)
        AND u.is_active AND u.deleted_at IS NULL
    ON CONFLICT (deduplication_key) DO NOTHING;
    GET DIAGNOSTICS notified = ROW_COUNT;
    RETURN notified;
END
$$;
COMMENT ON FUNCTION app.notify_bidders(uuid, text, text, jsonb, text[]) IS
    'One mail to each whose bid on a project stands so; once for each occasion, however often it is called.';
SELECT app.allow('outbox', 'portal_definer', 'INSERT', 'state = ''PENDING''',
    'id, user_id, channel, kind, recipient, payload, deduplication_key');
-- ON CONFLICT has to see the key that it conflicts with.
SELECT app.allow('outbox', 'portal_definer', 'SELECT', 'true', 'deduplication_key');
ALTER FUNCTION app.notify_bidders(uuid, text, text, jsonb, text[]) OWNER TO portal_definer;
GRANT EXECUTE ON FUNCTION app.notify_bidders(uuid, text, text, jsonb, text[]) TO portal_api, portal_jobs;
