-- Default partitions are emptied with a lock that is short whatever lies in them, nothing that is half filled holds its period up for
-- ever, and rows of years that no name has room for stay where they are.

-- Without a search path of its own, which it has no use for, it costs no call: it is asked of every row while everybody waits.
CREATE FUNCTION app.has_period(at timestamptz) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN at >= '0001-01-01 00:00:00+00' AND at < '10000-01-01 00:00:00+00';
COMMENT ON FUNCTION app.has_period(timestamptz) IS
    'Whether a row of an instant belongs into a partition by time: not one without end, nor one of a year that no name has room for.';

CREATE OR REPLACE FUNCTION app.default_periods(parent text) RETURNS TABLE (first_day date, row_count bigint)
LANGUAGE plpgsql STABLE SET search_path = ''
AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT date_trunc(%L, %I AT TIME ZONE ''UTC'')::date, count(*) FROM public.%I WHERE app.has_period(%2$I) GROUP BY 1 ORDER BY 1',
        (SELECT period FROM public.partition_policies WHERE table_name = parent),
        app.partition_column(parent), parent || '_default');
END
$$;

CREATE FUNCTION app.only_grows(target text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = ''
RETURN EXISTS (
    SELECT FROM pg_catalog.pg_trigger
    WHERE tgrelid = format('public.%I', target)::regclass AND tgfoid = 'app.refuse_change()'::regprocedure AND tgenabled <> 'D'
        -- BEFORE UPDATE OR DELETE, of each row.
        AND tgtype & 26 = 26);
COMMENT ON FUNCTION app.only_grows(text) IS 'Whether a trigger refuses to let rows of a table be changed or deleted.';

CREATE FUNCTION app.is_filling(name text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = ''
RETURN EXISTS (
    SELECT FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_constraint AS f ON f.conrelid = c.oid AND f.conname = 'filling'
    WHERE c.oid = to_regclass(format('public.%I', name)) AND NOT c.relispartition AND pg_get_userbyid(c.relowner) = 'portal_owner');
COMMENT ON FUNCTION app.is_filling(text) IS
    'Whether a table is one of those that are filled from a default partition; a table that somebody has made under such a name is not.';

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
    ELSIF NOT attached AND app.is_filling(name) THEN
        RAISE EXCEPTION 'table % is being filled from the default partition of %: that is ended first', name, parent
            USING ERRCODE = 'object_in_use';
    ELSIF NOT attached THEN
        RAISE EXCEPTION 'table % is no partition of % and has the name of one: rename it or drop it', name, parent
            USING ERRCODE = 'object_in_use';
    END IF;
    RETURN name;
END
$$;

CREATE OR REPLACE FUNCTION app.fill_partition(parent text, first_day date, row_limit integer) RETURNS bigint
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
    ELSIF NOT app.is_filling(name) THEN
        RAISE EXCEPTION 'table % is not one that is filled from the default partition of %, and has the name of one: rename it', name, parent
            USING ERRCODE = 'object_in_use';
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
    IF copied > 0 THEN
        EXECUTE format('COMMENT ON TABLE public.%I IS NULL', name);
    END IF;
    RETURN copied;
END
$$;

CREATE FUNCTION app.copy_rest(parent text, first_day date) RETURNS bigint
LANGUAGE plpgsql SET search_path = '' SET role = portal_owner
AS $$
DECLARE
    policy public.partition_policies;
    time_column text := app.partition_column(parent);
    copied bigint;
BEGIN
    SELECT * INTO STRICT policy FROM public.partition_policies WHERE table_name = parent;
    -- The keys are compared one by one, so that the planner may hash them.
    EXECUTE format(
        'INSERT INTO public.%1$I (%2$s)
        SELECT %2$s FROM public.%3$I AS origin
        WHERE %4$I >= %5$L AND %4$I < %6$L AND NOT EXISTS (SELECT FROM public.%1$I AS copy WHERE %7$s)',
        app.partition_name(parent, policy.period, first_day), app.stored_columns(parent), parent || '_default', time_column,
        first_day || ' 00:00:00+00', app.period_end(policy.period, first_day) || ' 00:00:00+00',
        (SELECT string_agg(format('copy.%1$s = origin.%1$s', part), ' AND ')
        FROM unnest(string_to_array(app.key_columns(parent), ', ')) AS part));
    GET DIAGNOSTICS copied = ROW_COUNT;
    RETURN copied;
END
$$;
COMMENT ON FUNCTION app.copy_rest(text, date) IS
    'Copies what a filled table lacks of its period, also from before the last row that it has; returns how many rows.';

CREATE FUNCTION app.differing_rows(parent text, first_day date) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = '' SET role = portal_owner
AS $$
DECLARE
    policy public.partition_policies;
    key_columns text := app.key_columns(parent);
    columns text := app.stored_columns(parent);
    differing bigint;
BEGIN
    SELECT * INTO STRICT policy FROM public.partition_policies WHERE table_name = parent;
    EXECUTE format(
        'SELECT count(*) FROM (SELECT %1$s, row(%2$s) AS copy FROM public.%3$I) AS c
        LEFT JOIN (SELECT %1$s, row(%2$s) AS origin FROM public.%4$I WHERE %5$I >= %6$L AND %5$I < %7$L) AS o USING (%1$s)
        WHERE copy IS DISTINCT FROM origin',
        key_columns, columns, app.partition_name(parent, policy.period, first_day), parent || '_default', app.partition_column(parent),
        first_day || ' 00:00:00+00', app.period_end(policy.period, first_day) || ' 00:00:00+00')
    INTO differing;
    RETURN differing;
END
$$;
COMMENT ON FUNCTION app.differing_rows(text, date) IS
    'How many rows of a filled table are not in the default partition, or not the same there.';

CREATE FUNCTION app.look_at_filled(parent text) RETURNS SETOF text
LANGUAGE plpgsql SET search_path = '' SET role = portal_owner
AS $$
DECLARE
    length_of_period text := (SELECT period FROM public.partition_policies WHERE table_name = parent);
    name text;
    first_day date;
    strays bigint;
BEGIN
    FOR name IN
        SELECT c.relname FROM pg_catalog.pg_class AS c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND starts_with(c.relname, parent || '_')
            AND app.is_filling(c.relname)
        ORDER BY 1
    LOOP
        first_day := to_date(substr(name, length(parent) + 2), CASE length_of_period WHEN 'DAY' THEN 'YYYY_MM_DD' ELSE 'YYYY_MM' END);
        CONTINUE WHEN name <> app.partition_name(parent, length_of_period, first_day);
        EXECUTE format('SELECT count(*) FROM public.%I WHERE %I >= %L AND %2$I < %4$L',
            parent || '_default', app.partition_column(parent), first_day || ' 00:00:00+00',
            app.period_end(length_of_period, first_day) || ' 00:00:00+00')
        INTO strays;
        IF strays = 0 OR app.differing_rows(parent, first_day) > 0 THEN
            -- It is a copy: whatever counts is where it was copied from.
            EXECUTE format('DROP TABLE public.%I', name);
            RETURN NEXT name;
        ELSE
            PERFORM app.copy_rest(parent, first_day);
            EXECUTE format('COMMENT ON TABLE public.%I IS %L', name, 'compared');
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION app.look_at_filled(text) IS
    'Compares the filled tables of a table with what they were copied from, while everybody works on: those that hold the same get the rest, and a note that they were compared; those that hold anything else, or whose rows are gone, are dropped. Returns the names of these.';

CREATE OR REPLACE FUNCTION app.take_over_filled(parent text, source text, first_day date) RETURNS bigint
LANGUAGE plpgsql SET search_path = ''
AS $$
DECLARE
    policy public.partition_policies;
    name text;
    time_column text := app.partition_column(parent);
    from_at text := first_day || ' 00:00:00+00';
    until_at text;
    is_compared boolean;
    expected bigint;
    there bigint;
BEGIN
    SELECT * INTO STRICT policy FROM public.partition_policies WHERE table_name = parent;
    until_at := app.period_end(policy.period, first_day) || ' 00:00:00+00';
    name := app.partition_name(parent, policy.period, first_day);
    -- Everybody waits for this. What was compared before and only grows cannot have become another: if it is as many, it is the same.
    is_compared := app.only_grows(parent) AND obj_description(format('public.%I', name)::regclass, 'pg_class') = 'compared';
    EXECUTE format('SELECT count(*) FROM public.%I WHERE %I >= %L AND %2$I < %4$L', source, time_column, from_at, until_at)
    INTO expected;
    EXECUTE format('SELECT count(*) FROM public.%I', name) INTO there;
    IF there <> expected THEN
        there := there + app.copy_rest(parent, first_day);
    END IF;
    IF there <> expected OR is_compared IS NOT TRUE AND app.differing_rows(parent, first_day) > 0 THEN
        RAISE EXCEPTION 'the rows in % differ from those in %, which they were copied from', name, source USING ERRCODE = 'PB409';
    END IF;
    EXECUTE format(
        'ALTER TABLE public.%I ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)', parent, name, from_at, until_at);
    EXECUTE format('ALTER TABLE public.%I DROP CONSTRAINT filling', name);
    EXECUTE format('COMMENT ON TABLE public.%I IS NULL', name);
    RETURN there;
END
$$;

CREATE OR REPLACE FUNCTION app.drain_default(parent text) RETURNS bigint
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
        IF app.is_filling(name) THEN
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
    EXECUTE format('SELECT count(*) FROM public.%I WHERE NOT app.has_period(%I)', source, time_column) INTO homeless;
    IF homeless = 0 THEN
        EXECUTE format('TRUNCATE public.%I', source);
    ELSE
        EXECUTE format('DELETE FROM public.%I WHERE app.has_period(%I)', source, time_column);
    END IF;
    EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION public.%I DEFAULT', parent, source);
    RETURN moved;
END
$$;
COMMENT ON FUNCTION app.drain_default(text) IS
    'Moves every row of the default partition to the partition of its period; all of it or nothing. Rows that have none stay.';
