-- What the health of the night shift is seen by: rows in default partitions, counted, and backups whose objects are not found.

-- ---- What looks at it ----

CREATE FUNCTION app.default_rows(parent text) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = ''
AS $$
DECLARE
    counted bigint;
BEGIN
    -- Of a table that is partitioned by time alone, and no more than it takes to see that there are many.
    IF EXISTS (SELECT FROM public.partition_policies WHERE table_name = parent) THEN
        EXECUTE format('SELECT count(*) FROM (SELECT FROM public.%I LIMIT 1000) AS found', parent || '_default') INTO counted;
    END IF;
    RETURN counted;
END
$$;
COMMENT ON FUNCTION app.default_rows(text) IS
    'How many rows are in the default partition of a table, up to a thousand: statistics forget with a crash and with a restore.';
GRANT EXECUTE ON FUNCTION app.default_rows(text) TO portal_monitor;
SELECT app.allow(parent || '_default', 'portal_monitor', 'SELECT', 'true', app.partition_column(parent))
FROM unnest(ARRAY['admin_actions', 'audit_log', 'system_metrics']) AS parent;

-- ---- Backups that were not found ----

ALTER TABLE backups ADD COLUMN lost_at timestamptz,
    ADD CONSTRAINT backups_lost_failed CHECK (lost_at IS NULL OR state = 'FAILED');
COMMENT ON COLUMN backups.lost_at IS
    'Since when its objects are not found, where that is why it has FAILED: once they are there again, it is a backup again.';
SELECT app.classify('backups', '{"private": ["lost_at"]}');
