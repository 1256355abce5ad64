-- How the server is, for the operations page: what only roles with pg_read_all_stats see, and of that the figures alone. Whose statements
-- they are is told by role, never by their values.

CREATE FUNCTION app.server_figures()
RETURNS TABLE (
    version text, started_at timestamptz, max_connections integer, blocks_hit bigint, blocks_read bigint, committed bigint,
    rolled_back bigint, deadlocks bigint, database_bytes bigint, blocked bigint, tells_statements boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT current_setting('server_version'), pg_postmaster_start_time(), current_setting('max_connections')::integer,
        d.blks_hit, d.blks_read, d.xact_commit, d.xact_rollback, d.deadlocks, pg_database_size(d.datid),
        (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE datid = d.datid AND wait_event_type = 'Lock'),
        -- The setting is there where the server has loaded the library.
        EXISTS (SELECT FROM pg_catalog.pg_settings WHERE name = 'pg_stat_statements.max')
    FROM pg_catalog.pg_stat_database AS d
    WHERE d.datname = current_database() AND app.has('system.read')
$$;
COMMENT ON FUNCTION app.server_figures() IS 'The server and this database since their statistics began; nothing without system.read.';

CREATE FUNCTION app.connection_figures() RETURNS TABLE (role text, application text, state text, connections bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT COALESCE(usename::text, 'unknown'), COALESCE(application_name, ''), COALESCE(a.state, 'unknown'), count(*)
    FROM pg_catalog.pg_stat_activity AS a
    WHERE backend_type IN ('client backend', 'walsender') AND app.has('system.read')
    GROUP BY 1, 2, 3
    ORDER BY 4 DESC, 1, 2, 3
$$;
COMMENT ON FUNCTION app.connection_figures() IS 'The connections to the server by role, application and state; nothing without system.read.';

CREATE FUNCTION app.longest_transaction()
RETURNS TABLE (seconds double precision, role text, application text, state text, wait_event text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT extract(epoch FROM clock_timestamp() - xact_start)::float8, COALESCE(usename::text, 'unknown'),
        COALESCE(application_name, ''), COALESCE(a.state, 'unknown'), wait_event_type || '/' || wait_event
    FROM pg_catalog.pg_stat_activity AS a
    WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
        AND backend_type = 'client backend' AND app.has('system.read')
    ORDER BY xact_start
    LIMIT 1
$$;
COMMENT ON FUNCTION app.longest_transaction() IS 'The transaction that has been open longest besides the caller''s; nothing without system.read.';

CREATE FUNCTION app.replica_figures() RETURNS TABLE (name text, state text, lag_seconds double precision, lag_bytes bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT COALESCE(application_name, ''), COALESCE(r.state, 'unknown'), extract(epoch FROM replay_lag)::float8,
        CASE WHEN NOT pg_is_in_recovery() THEN pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::bigint END
    FROM pg_catalog.pg_stat_replication AS r
    WHERE r.state <> 'backup' AND app.has('system.read')
    ORDER BY 1
$$;
COMMENT ON FUNCTION app.replica_figures() IS 'How far each replica is behind this server; nothing without system.read.';

CREATE FUNCTION app.table_figures()
RETURNS TABLE (
    name text, estimated_rows bigint, table_bytes bigint, index_bytes bigint, dead_rows bigint, last_vacuum timestamptz,
    last_analyze timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT s.relname, s.n_live_tup, pg_table_size(s.relid), pg_indexes_size(s.relid), s.n_dead_tup,
        GREATEST(s.last_vacuum, s.last_autovacuum), GREATEST(s.last_analyze, s.last_autoanalyze)
    FROM pg_catalog.pg_stat_user_tables AS s
    WHERE s.schemaname = 'public' AND app.has('system.read')
    ORDER BY pg_total_relation_size(s.relid) DESC, s.relname
    LIMIT 20
$$;
COMMENT ON FUNCTION app.table_figures() IS 'The twenty largest tables, partitions by themselves; nothing without system.read.';

-- Its body is only looked at when it is called: a server that does not count statements has the view, but cannot read it.
CREATE FUNCTION app.statement_figures()
RETURNS TABLE (
    query_id bigint, role text, query text, calls bigint, mean_ms double precision, max_ms double precision,
    total_ms double precision, row_count bigint, blocks_hit bigint, blocks_read bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    RETURN QUERY
    SELECT s.queryid, r.rolname::text, left(s.query, 500), s.calls, s.mean_exec_time, s.max_exec_time, s.total_exec_time, s.rows,
        s.shared_blks_hit, s.shared_blks_read
    FROM public.pg_stat_statements AS s
    JOIN pg_catalog.pg_roles AS r ON r.oid = s.userid
    WHERE s.dbid = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = current_database())
        AND r.rolname LIKE 'portal\_%' AND s.queryid IS NOT NULL AND app.has('system.read')
    ORDER BY s.total_exec_time DESC
    LIMIT 20;
END
$$;
COMMENT ON FUNCTION app.statement_figures() IS
    'The twenty statements of our roles that took most time in all, with placeholders for their values; nothing without system.read.';

DO $$
DECLARE
    signature text;
BEGIN
    FOREACH signature IN ARRAY ARRAY[
        'app.server_figures()', 'app.connection_figures()', 'app.longest_transaction()', 'app.replica_figures()', 'app.table_figures()',
        'app.statement_figures()'
    ] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO portal_definer', signature);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_admin', signature);
    END LOOP;
END
$$;
