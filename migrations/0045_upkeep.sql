-- What the night shift needs in the database: partitions that are drained, made and archived without losing a row, and what the
-- upkeep of indexes and materialized views remembers. The functions run as the owner, whoever of its members calls them, so that what
-- they make belongs to nobody who logs in.

-- ---- Where the rows of past partitions went ----

CREATE TABLE partition_archives (
    object_key text PRIMARY KEY,
    manifest_key text NOT NULL UNIQUE,
    table_name text NOT NULL REFERENCES partition_policies,
    partition_name text NOT NULL,
    from_at timestamptz NOT NULL,
    until_at timestamptz NOT NULL,
    row_count bigint NOT NULL CONSTRAINT partition_archives_row_count CHECK (row_count > 0),
    content_sha256 bytea NOT NULL CONSTRAINT partition_archives_digest_length CHECK (length(content_sha256) = 32),
    size_bytes bigint NOT NULL CONSTRAINT partition_archives_size CHECK (size_bytes > 0),
    archived_at timestamptz NOT NULL,
    CONSTRAINT partition_archives_range CHECK (from_at < until_at)
);
CREATE INDEX partition_archives_table ON partition_archives (table_name, from_at);
COMMENT ON TABLE partition_archives IS 'Partitions that were written to S3, read back, and then dropped; in the transaction that dropped them.';
COMMENT ON COLUMN partition_archives.content_sha256 IS 'SHA-256 of the rows as CSV, before compression: the same rows have the same.';
SELECT app.protect('partition_archives');
SELECT app.classify('partition_archives', '{
    "private": ["object_key", "manifest_key", "table_name", "partition_name", "from_at", "until_at", "row_count", "content_sha256",
        "size_bytes", "archived_at"]
}');
SELECT app.allow('partition_archives', 'portal_admin', 'SELECT', '(SELECT app.has(''system.read''))');
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON partition_archives FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON partition_archives FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();

-- ---- What is there ----

CREATE FUNCTION app.period_start(period text, at timestamptz) RETURNS date
LANGUAGE sql IMMUTABLE SET search_path = ''
RETURN date_trunc(period, at AT TIME ZONE 'UTC')::date;
COMMENT ON FUNCTION app.period_start(text, timestamptz) IS 'The UTC day that begins the DAY or MONTH of an instant.';

CREATE FUNCTION app.period_end(period text, first_day date) RETURNS date
LANGUAGE sql IMMUTABLE SET search_path = ''
RETURN (first_day + CASE period WHEN 'DAY' THEN interval '1 day' ELSE interval '1 month' END)::date;
COMMENT ON FUNCTION app.period_end(text, date) IS 'The first day after the period that begins on a day.';

CREATE FUNCTION app.partition_name(parent text, period text, first_day date) RETURNS text
LANGUAGE sql STABLE SET search_path = ''
RETURN parent || to_char(first_day, CASE period WHEN 'DAY' THEN '_YYYY_MM_DD' ELSE '_YYYY_MM' END);
COMMENT ON FUNCTION app.partition_name(text, text, date) IS 'What the partition of a period is called.';

CREATE FUNCTION app.partition_column(parent text) RETURNS text
LANGUAGE sql STABLE SET search_path = ''
AS $$
    SELECT a.attname
    FROM pg_catalog.pg_partitioned_table AS p
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
    WHERE p.partrelid = format('public.%I', parent)::regclass
$$;
COMMENT ON FUNCTION app.partition_column(text) IS 'The column by whose time a table is partitioned.';

CREATE FUNCTION app.key_columns(target text) RETURNS text
LANGUAGE sql STABLE SET search_path = ''
AS $$
    SELECT string_agg(format('%I', a.attname), ', ' ORDER BY k.position)
    FROM pg_catalog.pg_index AS i
    CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (number, position)
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.number
    WHERE i.indrelid = format('public.%I', target)::regclass AND i.indisprimary
$$;
COMMENT ON FUNCTION app.key_columns(text) IS 'The columns of a table''s primary key, quoted, with commas between.';

CREATE FUNCTION app.stored_columns(target text) RETURNS text
LANGUAGE sql STABLE SET search_path = ''
AS $$
    SELECT string_agg(format('%I', attname), ', ' ORDER BY attnum)
    FROM pg_catalog.pg_attribute
    WHERE attrelid = format('public.%I', target)::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
$$;
COMMENT ON FUNCTION app.stored_columns(text) IS 'The columns of a table that are not computed, quoted, with commas between.';

CREATE FUNCTION app.partitions(parent text)
RETURNS TABLE (name text, from_at timestamptz, until_at timestamptz, estimated_rows bigint, size_bytes bigint)
LANGUAGE sql STABLE SET search_path = ''
AS $$
    SELECT c.relname, (b.bounds)[1]::timestamptz, (b.bounds)[2]::timestamptz, greatest(c.reltuples, 0)::bigint,
        pg_total_relation_size(c.oid)
    FROM pg_catalog.pg_inherits AS i
    JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid
    CROSS JOIN LATERAL regexp_match(
        pg_get_expr(c.relpartbound, c.oid), 'FROM \(''([^'']+)''\) TO \(''([^'']+)''\)') AS b (bounds)
    WHERE i.inhparent = format('public.%I', parent)::regclass AND c.relpartbound IS NOT NULL AND b.bounds IS NOT NULL
    ORDER BY 2
$$;
COMMENT ON FUNCTION app.partitions(text) IS 'The partitions of a table by time, the default one left out.';

CREATE FUNCTION app.missing_partitions(parent text, at timestamptz, not_before timestamptz) RETURNS SETOF date
LANGUAGE sql STABLE SET search_path = ''
AS $$
    WITH policy AS (
        SELECT * FROM public.partition_policies WHERE table_name = parent
    ), there AS MATERIALIZED (
        SELECT * FROM app.partitions(parent)
    ), range AS (
        -- From behind the last partition that is no later than now, so that a gap is closed; but nothing that would go at once.
        SELECT greatest(
                app.period_start(p.period, not_before),
                least(
                    app.period_start(p.period, at),
                    (SELECT max(until_at AT TIME ZONE 'UTC')::date FROM there WHERE from_at <= at))) AS first_day,
            app.period_start(p.period, at) + p.ahead * CASE p.period WHEN 'DAY' THEN interval '1 day' ELSE interval '1 month' END
                AS last_day,
            CASE p.period WHEN 'DAY' THEN interval '1 day' ELSE interval '1 month' END AS step
        FROM policy AS p
    )
    SELECT day::date
    FROM range
    CROSS JOIN LATERAL generate_series(first_day, last_day, step) AS day
    WHERE NOT EXISTS (
        SELECT FROM there WHERE from_at AT TIME ZONE 'UTC' <= day AND day < until_at AT TIME ZONE 'UTC')
    ORDER BY 1
$$;
COMMENT ON FUNCTION app.missing_partitions(text, timestamptz, timestamptz) IS
    'The first days of the periods that should have a partition at an instant and have none.';

CREATE FUNCTION app.default_periods(parent text) RETURNS TABLE (first_day date, row_count bigint)
LANGUAGE plpgsql STABLE SET search_path = ''
AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT app.period_start(%L, %I), count(*) FROM public.%I WHERE isfinite(%2$I) GROUP BY 1 ORDER BY 1',
        (SELECT period FROM public.partition_policies WHERE table_name = parent),
        app.partition_column(parent), parent || '_default');
END
$$;
COMMENT ON FUNCTION app.default_periods(text) IS 'The periods that rows in the default partition belong to.';

-- ---- Making partitions ----

CREATE OR REPLACE FUNCTION app.create_partition(parent text, start_date date) RETURNS text
LANGUAGE plpgsql SET search_path = ''
AS $$
DECLARE
    policy public.partition_policies;
    first_day date;
    end_day date;
    name text;
    attached boolean;
BEGIN
    SELECT * INTO STRICT policy FROM public.partition_policies WHERE table_name = parent;
    first_day := date_trunc(policy.period, start_date)::date;
    end_day := app.period_end(policy.period, first_day);
    name := app.partition_name(parent, policy.period, first_day);
    SELECT relispartition INTO attached FROM pg_catalog.pg_class WHERE oid = to_regclass(format('public.%I', name));
    IF NOT FOUND THEN
        -- Bounds are UTC days, whatever the time zone of whoever runs this.
        EXECUTE format(
            'CREATE TABLE public.%I PARTITION OF public.%I FOR VALUES FROM (%L) TO (%L)',
            name, parent, first_day || ' 00:00:00+00', end_day || ' 00:00:00+00');
        PERFORM app.protect(format('public.%I', name)::regclass);
    ELSIF NOT attached THEN
        RAISE EXCEPTION 'table % is being filled from the default partition of %: that is ended first', name, parent
            USING ERRCODE = 'object_in_use';
    END IF;
    RETURN name;
END
$$;

CREATE FUNCTION app.make_partition(parent text, start_date date) RETURNS text
LANGUAGE plpgsql SET search_path = '' SET role = portal_owner
AS $$ BEGIN RETURN app.create_partition(parent, start_date); END $$;
COMMENT ON FUNCTION app.make_partition(text, date) IS 'app.create_partition, so that the partition belongs to the owner.';

-- ---- Emptying the default partition ----
-- Rows get there when their period had no partition. Many of them are first copied, batch by batch, into a table that will be the
-- partition, while everybody works on; then one short transaction copies what has come meanwhile, changes over, and empties the default.

CREATE FUNCTION app.fill_partition(parent text, first_day date, row_limit integer) RETURNS bigint
LANGUAGE plpgsql SET search_path = '' SET role = portal_owner
AS $$
DECLARE
    policy public.partition_policies;
    name text;
    time_column text := app.partition_column(parent);
    key_columns text := app.key_columns(parent);
    from_at text := first_day || ' 00:00:00+00';
    until_at text;
    reference record;
    begun boolean;
    copied bigint;
BEGIN
    SELECT * INTO STRICT policy FROM public.partition_policies WHERE table_name = parent;
    until_at := app.period_end(policy.period, first_day) || ' 00:00:00+00';
    name := app.partition_name(parent, policy.period, first_day);
    IF to_regclass(format('public.%I', name)) IS NULL THEN
        EXECUTE format('CREATE TABLE public.%I (LIKE public.%I INCLUDING ALL)', name, parent);
        -- With what the partition will have to keep to in place, nothing is checked again when it is attached.
        EXECUTE format(
            'ALTER TABLE public.%1$I ADD CONSTRAINT filling CHECK (%2$I IS NOT NULL AND %2$I >= %3$L AND %2$I < %4$L)',
            name, time_column, from_at, until_at);
        FOR reference IN
            SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_catalog.pg_constraint
            WHERE conrelid = format('public.%I', parent)::regclass AND contype = 'f'
        LOOP
            EXECUTE format('ALTER TABLE public.%I ADD CONSTRAINT %I %s', name, reference.conname, reference.definition);
        END LOOP;
        PERFORM app.protect(format('public.%I', name)::regclass);
    END IF;
    -- In the order of the key, behind the last that is there: a run that was cut short goes on where it was.
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO begun;
    EXECUTE format(
        'INSERT INTO public.%1$I (%2$s)
        SELECT %2$s FROM public.%3$I WHERE %4$I >= %5$L AND %4$I < %6$L %7$s ORDER BY %8$s LIMIT %9$s',
        name, app.stored_columns(parent), parent || '_default', time_column, from_at, until_at,
        CASE WHEN begun THEN format(
            'AND (%s) > (SELECT %1$s FROM public.%I ORDER BY %s LIMIT 1)',
            key_columns, name, replace(key_columns, ',', ' DESC,') || ' DESC') ELSE '' END,
        key_columns, row_limit);
    GET DIAGNOSTICS copied = ROW_COUNT;
    RETURN copied;
END
$$;
COMMENT ON FUNCTION app.fill_partition(text, date, integer) IS
    'Copies up to so many rows of a period from the default partition into the table that will be its partition; returns how many.';

CREATE FUNCTION app.take_over_filled(parent text, source text, first_day date) RETURNS bigint
LANGUAGE plpgsql SET search_path = ''
AS $$
DECLARE
    policy public.partition_policies;
    name text;
    time_column text := app.partition_column(parent);
    key_columns text := app.key_columns(parent);
    from_at text := first_day || ' 00:00:00+00';
    until_at text;
    columns text := app.stored_columns(parent);
    moved bigint;
    differing bigint;
BEGIN
    SELECT * INTO STRICT policy FROM public.partition_policies WHERE table_name = parent;
    until_at := app.period_end(policy.period, first_day) || ' 00:00:00+00';
    name := app.partition_name(parent, policy.period, first_day);
    -- The keys are compared one by one, so that the planner may hash them.
    EXECUTE format(
        'INSERT INTO public.%1$I (%2$s)
        SELECT %2$s FROM public.%3$I AS origin
        WHERE %4$I >= %5$L AND %4$I < %6$L AND NOT EXISTS (SELECT FROM public.%1$I AS copy WHERE %7$s)',
        name, columns, source, time_column, from_at, until_at,
        (SELECT string_agg(format('copy.%1$s = origin.%1$s', part), ' AND ')
        FROM unnest(string_to_array(key_columns, ', ')) AS part));
    EXECUTE format(
        'SELECT count(*), count(*) FILTER (WHERE copy IS DISTINCT FROM origin)
        FROM (SELECT %1$s, row(%2$s) AS copy FROM public.%3$I) AS c
        FULL JOIN (SELECT %1$s, row(%2$s) AS origin FROM public.%4$I WHERE %5$I >= %6$L AND %5$I < %7$L) AS o USING (%1$s)',
        key_columns, columns, name, source, time_column, from_at, until_at)
    INTO moved, differing;
    IF differing > 0 THEN
        RAISE EXCEPTION '% rows in % differ from those in %, which they were copied from', differing, name, source
            USING ERRCODE = 'PB409';
    END IF;
    EXECUTE format(
        'ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)', parent, name, from_at, until_at);
    EXECUTE format('ALTER TABLE public.%I DROP CONSTRAINT filling', name);
    RETURN moved;
END
$$;
COMMENT ON FUNCTION app.take_over_filled(text, text, date) IS
    'Makes a filled table a partition, once it holds every row of its period; returns how many rows those are.';

CREATE FUNCTION app.drain_default(parent text) RETURNS bigint
LANGUAGE plpgsql SET search_path = '' SET role = portal_owner
AS $$
DECLARE
    source text := parent || '_default';
    time_column text := app.partition_column(parent);
    columns text := app.stored_columns(parent);
    length_of_period text := (SELECT period FROM public.partition_policies WHERE table_name = parent);
    one record;
    name text;
    inserted bigint;
    moved bigint := 0;
    total bigint := 0;
    homeless bigint;
BEGIN
    EXECUTE format('LOCK TABLE ONLY public.%I, public.%I IN ACCESS EXCLUSIVE MODE', parent, source);
    -- What is detached has no trigger of its table any more that refuses to let rows go.
    EXECUTE format('ALTER TABLE public.%I DETACH PARTITION public.%I', parent, source);
    FOR one IN SELECT * FROM app.default_periods(parent) LOOP
        total := total + one.row_count;
        name := app.partition_name(parent, length_of_period, one.first_day);
        IF EXISTS (
            SELECT FROM pg_catalog.pg_class WHERE oid = to_regclass(format('public.%I', name)) AND NOT relispartition)
        THEN
            moved := moved + app.take_over_filled(parent, source, one.first_day);
        ELSE
            name := app.create_partition(parent, one.first_day);
            EXECUTE format(
                'INSERT INTO public.%1$I (%2$s) SELECT %2$s FROM public.%3$I WHERE %4$I >= %5$L AND %4$I < %6$L',
                name, columns, source, time_column, one.first_day || ' 00:00:00+00',
                app.period_end(length_of_period, one.first_day) || ' 00:00:00+00');
            GET DIAGNOSTICS inserted = ROW_COUNT;
            moved := moved + inserted;
        END IF;
    END LOOP;
    IF moved <> total THEN
        RAISE EXCEPTION '% rows of the default partition of % were moved, and there are %', moved, parent, total
            USING ERRCODE = 'PB409';
    END IF;
    EXECUTE format('SELECT count(*) FROM public.%I WHERE NOT isfinite(%I)', source, time_column) INTO homeless;
    IF homeless = 0 THEN
        EXECUTE format('TRUNCATE public.%I', source);
    ELSE
        EXECUTE format('DELETE FROM public.%I WHERE isfinite(%I)', source, time_column);
    END IF;
    EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION public.%I DEFAULT', parent, source);
    RETURN moved;
END
$$;
COMMENT ON FUNCTION app.drain_default(text) IS
    'Moves every row of the default partition to the partition of its period; all of it or nothing. Rows without a finite time stay.';

-- ---- Letting partitions go ----

CREATE FUNCTION app.copy_statement(target text) RETURNS text
LANGUAGE sql STABLE SET search_path = ''
AS $$
    SELECT format('COPY (SELECT %s FROM ONLY public.%I ORDER BY %s) TO STDOUT WITH (FORMAT csv, HEADER)',
        app.stored_columns(target), target, app.key_columns(target))
$$;
COMMENT ON FUNCTION app.copy_statement(text) IS 'The statement that writes a table as CSV, the same rows always as the same bytes.';

CREATE FUNCTION app.freeze_partition(target text) RETURNS void
LANGUAGE plpgsql SET search_path = '' SET role = portal_owner
AS $$ BEGIN EXECUTE format('LOCK TABLE public.%I IN SHARE MODE', target); END $$;
COMMENT ON FUNCTION app.freeze_partition(text) IS 'Keeps everybody from writing to a table until the transaction ends; reading goes on.';

CREATE FUNCTION app.time_range(parent text, target text, OUT first_at timestamptz, OUT last_at timestamptz)
LANGUAGE plpgsql STABLE SET search_path = ''
AS $$
BEGIN
    EXECUTE format('SELECT min(%1$I), max(%1$I) FROM ONLY public.%2$I', app.partition_column(parent), target) INTO first_at, last_at;
END
$$;
COMMENT ON FUNCTION app.time_range(text, text) IS 'The earliest and the latest row of a partition.';

CREATE FUNCTION app.unsealed_days(target text) RETURNS SETOF date
LANGUAGE plpgsql STABLE SET search_path = ''
AS $$
DECLARE
    parent text := (
        SELECT c.relname FROM pg_catalog.pg_inherits AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.inhparent
        WHERE i.inhrelid = format('public.%I', target)::regclass);
BEGIN
    IF parent IN ('audit_log', 'admin_actions') THEN
        RETURN QUERY EXECUTE format(
            'SELECT DISTINCT (created_at AT TIME ZONE ''UTC'')::date FROM ONLY public.%I
            EXCEPT SELECT day FROM public.audit_seals ORDER BY 1',
            target);
    END IF;
END
$$;
COMMENT ON FUNCTION app.unsealed_days(text) IS
    'The days of a partition of the audit that no seal covers yet: it must not go before they are sealed. None for other tables.';

CREATE FUNCTION app.drop_partition(parent text, name text) RETURNS void
LANGUAGE plpgsql SET search_path = '' SET role = portal_owner
AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_inherits
        WHERE inhrelid = to_regclass(format('public.%I', name)) AND inhparent = to_regclass(format('public.%I', parent)))
        OR name = parent || '_default'
    THEN
        RAISE EXCEPTION '% is no partition of % that may go', name, parent USING ERRCODE = 'wrong_object_type';
    END IF;
    EXECUTE format('ALTER TABLE public.%I DETACH PARTITION public.%I', parent, name);
    EXECUTE format('DROP TABLE public.%I', name);
END
$$;
COMMENT ON FUNCTION app.drop_partition(text, text) IS 'Detaches and drops a partition whose rows are kept elsewhere.';

CREATE FUNCTION app.latest_migration() RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = ''
AS $$
DECLARE
    latest bigint;
BEGIN
    -- A database that was made without the migrate function has no record of its migrations.
    IF to_regclass('public._sqlx_migrations') IS NOT NULL THEN
        EXECUTE 'SELECT max(version) FROM public._sqlx_migrations WHERE success' INTO latest;
    END IF;
    RETURN latest;
END
$$;
COMMENT ON FUNCTION app.latest_migration() IS 'The number of the newest migration.';

-- ---- What the upkeep remembers ----

CREATE TABLE index_baselines (
    index_name text PRIMARY KEY,
    bytes_per_row double precision NOT NULL CONSTRAINT index_baselines_positive CHECK (bytes_per_row > 0),
    noted_at timestamptz NOT NULL
);
COMMENT ON TABLE index_baselines IS
    'The least room that each large index has been seen to take for a row: what has grown to a multiple of that is rebuilt.';
SELECT app.protect('index_baselines');
SELECT app.classify('index_baselines', '{"private": ["index_name", "bytes_per_row", "noted_at"]}');

CREATE TABLE view_refreshes (
    view_name text PRIMARY KEY,
    changes bigint NOT NULL,
    refreshed_at timestamptz NOT NULL
);
COMMENT ON TABLE view_refreshes IS 'The last refresh of each materialized view, and how often its tables had been written to by then.';
SELECT app.protect('view_refreshes');
SELECT app.classify('view_refreshes', '{"private": ["view_name", "changes", "refreshed_at"]}');

-- A concurrent refresh compares with the view by its unique index, and leaves readers alone.
CREATE UNIQUE INDEX contractor_places_key ON contractor_places (x, y, primary_status);

-- Runs that died are looked for by job.
CREATE INDEX job_runs_running ON job_runs (job) WHERE state = 'RUNNING';
CREATE INDEX job_runs_finished ON job_runs (finished_at);
