-- Roles, database rights and extensions: what belongs to the cluster or needs the master user, so it cannot be an
-- ordinary migration. Run by the migrate function before the migrations, every time; each statement may be repeated.
--
-- Nobody has BYPASSRLS and no role that a function logs in with owns anything.

DO $$
DECLARE
    role_name text;
BEGIN
    -- Two deployments, or two test databases, may run this at once; roles are shared by the whole cluster.
    PERFORM pg_advisory_xact_lock(4201);

    FOREACH role_name IN ARRAY ARRAY['portal_owner', 'portal_definer', 'portal_views'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
        END IF;
    END LOOP;

    FOREACH role_name IN ARRAY ARRAY[
        'portal_auth', 'portal_api', 'portal_admin', 'portal_jobs', 'portal_maintenance', 'portal_backup',
        'portal_monitor'
    ] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', role_name);
        END IF;
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), role_name);
    END LOOP;

    -- Temporary tables would pin a pooled connection.
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CREATE ON DATABASE %I TO portal_owner', current_database());
    -- A concurrent refresh compares by a temporary table that belongs to the view's owner. Nobody logs in as this one.
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO portal_definer', current_database());

    -- The owner hands functions and views over to these two, which takes membership.
    GRANT portal_definer, portal_views TO portal_owner;
    GRANT portal_owner TO portal_maintenance;
    GRANT pg_monitor TO portal_maintenance;
    GRANT pg_monitor TO portal_monitor;
    -- A replica's lag is read from pg_stat_wal_receiver by app.begin_request.
    GRANT pg_read_all_stats TO portal_definer;
    EXECUTE format('GRANT portal_owner TO %I', current_user);
    IF NOT (SELECT rolcreatedb FROM pg_roles WHERE rolname = 'portal_maintenance') THEN
        ALTER ROLE portal_maintenance CREATEDB;
    END IF;

    REVOKE ALL ON SCHEMA public FROM PUBLIC;
    GRANT USAGE ON SCHEMA public TO PUBLIC;
    GRANT USAGE, CREATE ON SCHEMA public TO portal_owner, portal_definer, portal_views;
    CREATE SCHEMA IF NOT EXISTS app AUTHORIZATION portal_owner;
    GRANT USAGE, CREATE ON SCHEMA app TO portal_definer;
    GRANT USAGE ON SCHEMA app TO PUBLIC;

    CREATE EXTENSION IF NOT EXISTS postgis SCHEMA public;
    CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
    CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA public;
    CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public;
    CREATE EXTENSION IF NOT EXISTS pg_stat_statements SCHEMA public;
END
$$;
