-- The beginning of every transaction: one call sets who asks and checks that the sign-in still stands.
-- Its own SQLSTATEs: PS001 unknown session, PS002 ended session, PS003 inactive account, PR001 this replica is behind.

CREATE FUNCTION app.replica_lag_ms() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT CASE
        WHEN NOT pg_is_in_recovery() THEN 0
        -- Nothing is known to be missing while the stream is alive and all that came has been replayed.
        WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()
            AND EXISTS (
                SELECT FROM pg_stat_wal_receiver
                WHERE status = 'streaming' AND last_msg_receipt_time > clock_timestamp() - interval '30 seconds')
            THEN 0
        ELSE COALESCE((extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000)::bigint, 2147483647)
    END
$$;
COMMENT ON FUNCTION app.replica_lag_ms() IS 'How far this node may be behind the primary, in milliseconds; 0 on the primary.';

CREATE FUNCTION app.check_replica(token bigint, max_lag_ms integer) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    IF NOT pg_is_in_recovery() THEN
        RETURN;
    END IF;
    IF token > 0 AND NOT pg_visible_in_snapshot(token::text::xid8, pg_current_snapshot()) THEN
        RAISE EXCEPTION 'this replica does not have transaction % yet', token USING ERRCODE = 'PR001';
    END IF;
    IF app.replica_lag_ms() > max_lag_ms THEN
        RAISE EXCEPTION 'this replica lags by more than % ms', max_lag_ms USING ERRCODE = 'PR001';
    END IF;
END
$$;

CREATE FUNCTION app.begin_request(
    request_id uuid, user_id uuid, session_id uuid, timeout_ms integer, token bigint, max_lag_ms integer
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    signed_in record;
    granted text := '';
BEGIN
    PERFORM app.check_replica(token, max_lag_ms);

    IF user_id IS NOT NULL THEN
        SELECT s.revoked_at IS NOT NULL OR s.expires_at <= now() AS ended, u.is_active AND u.deleted_at IS NULL AS active
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
        END IF;

        SELECT COALESCE(' ' || string_agg(DISTINCT p.name, ' ') || ' ', '')
        INTO granted
        FROM public.user_roles AS ur
        JOIN public.role_permissions AS rp ON rp.role_id = ur.role_id
        JOIN public.permissions AS p ON p.id = rp.permission_id
        WHERE ur.user_id = begin_request.user_id AND (ur.expires_at IS NULL OR ur.expires_at > now());
    END IF;

    PERFORM
        set_config('app.request_id', COALESCE(request_id::text, ''), true),
        set_config('app.user_id', COALESCE(user_id::text, ''), true),
        set_config('app.session_id', COALESCE(session_id::text, ''), true),
        set_config('app.permissions', granted, true),
        set_config('statement_timeout', timeout_ms::text, true);
END
$$;
COMMENT ON FUNCTION app.begin_request(uuid, uuid, uuid, integer, bigint, integer) IS
    'Sent with BEGIN in one round trip: consistency token and lag (on replicas), session, account, permissions, context, timeout.';

CREATE FUNCTION app.begin_job(run_id uuid, timeout_ms integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    PERFORM
        set_config('app.request_id', COALESCE(run_id::text, ''), true),
        set_config('app.user_id', '', true),
        set_config('app.session_id', '', true),
        set_config('app.permissions', '', true),
        set_config('statement_timeout', timeout_ms::text, true);
END
$$;
COMMENT ON FUNCTION app.begin_job(uuid, integer) IS 'The same for a triggered function, which acts for nobody but itself.';

CREATE FUNCTION app.consistency_token() RETURNS bigint
LANGUAGE sql VOLATILE SET search_path = ''
AS $$ SELECT COALESCE(pg_current_xact_id_if_assigned()::text::bigint, 0) $$;
COMMENT ON FUNCTION app.consistency_token() IS 'What a later read shows to a replica: this transaction''s id, 0 when it wrote nothing.';

-- Statistics need ownership, which the import does not have.
CREATE FUNCTION app.analyze_import_staging() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$ BEGIN ANALYZE public.import_staging (import_id, license_number, line), public.import_seen; END $$;
-- Samples of 9,000 rows, a third of the usual: planning is as good, and autovacuum takes larger ones in its own time.
CREATE FUNCTION app.analyze_contractors() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET default_statistics_target = 30
AS $$ BEGIN ANALYZE public.licences, public.california_contractors; END $$;
COMMENT ON FUNCTION app.analyze_import_staging() IS 'Before the merge: its plan depends on what was staged.';
COMMENT ON FUNCTION app.analyze_contractors() IS 'After the merge: lists are planned for the data that is there now.';

-- The first import fills an empty table, and an index is built in a fraction of the time that its maintenance row by row takes.
-- Definitions are kept by the owner alone: what a caller could write here would run with the owner's rights.
CREATE TABLE suspended_indexes (
    definition text PRIMARY KEY
);
COMMENT ON TABLE suspended_indexes IS 'Indexes and foreign keys of california_contractors that a first import has put off; empty outside of it.';
SELECT app.protect('suspended_indexes');

CREATE FUNCTION app.suspend_contractor_indexes() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET lock_timeout = '5s'
AS $$
DECLARE
    index record;
    incoming bigint := (SELECT count(*) FROM public.import_staging);
    worth_it bigint := CASE WHEN incoming < 10000 THEN 0 ELSE incoming / 10 END;
BEGIN
    IF EXISTS (SELECT FROM public.california_contractors OFFSET worth_it) THEN
        RETURN false;
    END IF;
    BEGIN
        LOCK TABLE public.california_contractors IN ACCESS EXCLUSIVE MODE;
    EXCEPTION WHEN lock_not_available THEN
        RETURN false;
    END;
    -- No constraint or index can be dropped while rows wait to be checked.
    SET CONSTRAINTS ALL IMMEDIATE;
    FOR index IN
        SELECT format('DROP INDEX %s', i.indexrelid::regclass) AS suspension,
            -- The definition of a partitioned index says ONLY, which would leave its partitions without.
            replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') AS definition
        FROM pg_catalog.pg_index AS i
        WHERE i.indrelid = 'public.california_contractors'::regclass AND NOT i.indisprimary
        UNION ALL
        -- Added again it is checked by one join, not row by row.
        SELECT format('ALTER TABLE public.california_contractors DROP CONSTRAINT %I', k.conname),
            format('ALTER TABLE public.california_contractors ADD CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid))
        FROM pg_catalog.pg_constraint AS k
        WHERE k.conrelid = 'public.california_contractors'::regclass AND k.contype = 'f' AND k.conparentid = 0
    LOOP
        INSERT INTO public.suspended_indexes (definition) VALUES (index.definition);
        EXECUTE index.suspension;
    END LOOP;
    RETURN true;
END
$$;
CREATE FUNCTION app.resume_contractor_indexes() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET maintenance_work_mem = '256MB'
AS $$
DECLARE
    index record;
BEGIN
    -- No index can be built while a deferred foreign key has rows left to check.
    SET CONSTRAINTS ALL IMMEDIATE;
    FOR index IN DELETE FROM public.suspended_indexes RETURNING definition LOOP
        EXECUTE index.definition;
    END LOOP;
END
$$;
COMMENT ON FUNCTION app.suspend_contractor_indexes() IS
    'Drops the indexes of california_contractors until app.resume_contractor_indexes() in the same transaction; false, and nothing done, unless the table is empty or what is staged is more than ten times what is there.';
COMMENT ON FUNCTION app.resume_contractor_indexes() IS 'Builds again what app.suspend_contractor_indexes() has dropped, as it was.';

DO $$
DECLARE
    signature text;
BEGIN
    FOREACH signature IN ARRAY ARRAY[
        'app.replica_lag_ms()', 'app.check_replica(bigint, integer)',
        'app.begin_request(uuid, uuid, uuid, integer, bigint, integer)', 'app.begin_job(uuid, integer)'
    ] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO portal_definer', signature);
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION app.begin_request(uuid, uuid, uuid, integer, bigint, integer)
    TO portal_auth, portal_api, portal_admin, portal_jobs;
GRANT EXECUTE ON FUNCTION app.begin_job(uuid, integer) TO portal_jobs, portal_maintenance, portal_backup;
GRANT EXECUTE ON FUNCTION app.consistency_token() TO portal_auth, portal_api, portal_admin, portal_jobs;
GRANT EXECUTE ON FUNCTION app.analyze_import_staging(), app.analyze_contractors(), app.suspend_contractor_indexes(),
    app.resume_contractor_indexes() TO portal_jobs;
