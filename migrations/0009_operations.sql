-- What staff and jobs leave behind: actions, the audit log, metrics, runs. Partitioned by time, so that what is past its
-- retention goes as a whole.

CREATE TABLE admin_actions (
    id uuid NOT NULL,
    action text NOT NULL CHECK (action ~ '^[a-z_]+\.[a-z_]+$'),
    user_id uuid NOT NULL REFERENCES users,
    target_user_id uuid REFERENCES users,
    target_table text,
    target_id text,
    reason text NOT NULL DEFAULT '',
    details jsonb NOT NULL DEFAULT '{}',
    request_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (created_at, id)
) PARTITION BY RANGE (created_at);
CREATE INDEX admin_actions_user ON admin_actions (user_id, created_at DESC, id DESC);
CREATE INDEX admin_actions_target_user ON admin_actions (target_user_id, created_at DESC, id DESC)
    WHERE target_user_id IS NOT NULL;
CREATE INDEX admin_actions_action ON admin_actions (action, created_at DESC, id DESC);
COMMENT ON TABLE admin_actions IS 'Who did what to whom in the admin function, and why; monthly partitions, 24 months.';

CREATE TABLE audit_log (
    id bigint NOT NULL,
    table_name text NOT NULL,
    row_key text NOT NULL,
    operation text NOT NULL CHECK (operation IN ('INSERT', 'UPDATE', 'DELETE')),
    before jsonb,
    after jsonb,
    user_id uuid,
    database_role text NOT NULL,
    application text NOT NULL,
    request_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (created_at, id)
) PARTITION BY RANGE (created_at);
CREATE SEQUENCE audit_log_id AS bigint OWNED BY audit_log.id;
CREATE INDEX audit_log_row ON audit_log (table_name, row_key, created_at DESC, id DESC);
CREATE INDEX audit_log_user ON audit_log (user_id, created_at DESC, id DESC) WHERE user_id IS NOT NULL;
COMMENT ON TABLE audit_log IS
    'Every change to a sensitive table, by triggers: changed columns only, secrets redacted; monthly partitions, 24 months.';
COMMENT ON COLUMN audit_log.user_id IS 'Whose request it was; NULL for jobs and for work done in psql, which database_role names.';

CREATE TABLE system_metrics (
    id uuid NOT NULL,
    metric text NOT NULL,
    value double precision NOT NULL,
    metadata jsonb NOT NULL DEFAULT '{}',
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (recorded_at, id)
) PARTITION BY RANGE (recorded_at);
CREATE INDEX system_metrics_metric ON system_metrics (metric, recorded_at DESC);
COMMENT ON TABLE system_metrics IS 'History of health and job metrics; daily partitions, 90 days.';

CREATE TABLE partition_policies (
    table_name text PRIMARY KEY,
    period text NOT NULL CHECK (period IN ('DAY', 'MONTH')),
    retention interval NOT NULL,
    ahead integer NOT NULL DEFAULT 3 CHECK (ahead > 0)
);
COMMENT ON TABLE partition_policies IS 'How each partitioned table is cut, kept and prepared in advance.';
INSERT INTO partition_policies (table_name, period, retention) VALUES
    ('admin_actions', 'MONTH', '24 months'),
    ('audit_log', 'MONTH', '24 months'),
    ('system_metrics', 'DAY', '90 days');

CREATE TABLE job_runs (
    id uuid PRIMARY KEY,
    job text NOT NULL,
    state text NOT NULL DEFAULT 'RUNNING' CHECK (state IN ('RUNNING', 'COMPLETED', 'FAILED')),
    details jsonb NOT NULL DEFAULT '{}',
    error text,
    started_at timestamptz NOT NULL DEFAULT now(),
    heartbeat_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);
CREATE INDEX job_runs_recent ON job_runs (job, started_at DESC);
COMMENT ON TABLE job_runs IS 'Each run of a scheduled function.';

CREATE TABLE audit_seals (
    day date PRIMARY KEY,
    row_count bigint NOT NULL,
    digest bytea NOT NULL,
    previous_digest bytea,
    object_key text,
    sealed_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE audit_seals IS 'A hash chain over each day of the audit log; its copy in S3 makes tampering evident.';

CREATE TABLE backups (
    id uuid PRIMARY KEY,
    object_key text NOT NULL UNIQUE,
    manifest_key text,
    size_bytes bigint CHECK (size_bytes >= 0),
    sha256 bytea,
    state text NOT NULL DEFAULT 'RUNNING' CHECK (state IN ('RUNNING', 'STORED', 'PROVEN', 'FAILED', 'EXPIRED')),
    started_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    proven_at timestamptz,
    restore_seconds double precision,
    error text
);
CREATE INDEX backups_started ON backups (started_at DESC);
COMMENT ON TABLE backups IS 'Dumps in S3, and when a restore last proved each.';

CREATE TABLE search_terms (
    term text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('PROJECT', 'MEMBER', 'CONTRACTOR', 'EVENT', 'COURSE')),
    document_count integer NOT NULL CHECK (document_count > 0),
    PRIMARY KEY (term, kind)
);
CREATE INDEX search_terms_trigrams ON search_terms USING gin (term gin_trgm_ops);
CREATE INDEX search_terms_prefix ON search_terms (term text_pattern_ops, document_count DESC);
COMMENT ON TABLE search_terms IS 'Distinct words of public rows, by which misspelt words are corrected; refreshed by jobs.';

CREATE FUNCTION app.create_partition(parent text, start_date date) RETURNS text
LANGUAGE plpgsql SET search_path = ''
AS $$
DECLARE
    policy public.partition_policies;
    first_day date;
    end_day date;
    name text;
BEGIN
    SELECT * INTO STRICT policy FROM public.partition_policies WHERE table_name = parent;
    first_day := date_trunc(policy.period, start_date)::date;
    end_day := (first_day + CASE policy.period WHEN 'DAY' THEN interval '1 day' ELSE interval '1 month' END)::date;
    name := parent || to_char(first_day, CASE policy.period WHEN 'DAY' THEN '_YYYY_MM_DD' ELSE '_YYYY_MM' END);
    IF to_regclass(format('public.%I', name)) IS NULL THEN
        -- Bounds are UTC days, whatever the time zone of whoever runs this.
        EXECUTE format(
            'CREATE TABLE public.%I PARTITION OF public.%I FOR VALUES FROM (%L) TO (%L)',
            name, parent, first_day || ' 00:00:00+00', end_day || ' 00:00:00+00');
        PERFORM app.protect(format('public.%I', name)::regclass);
    END IF;
    RETURN name;
END
$$;
COMMENT ON FUNCTION app.create_partition(text, date) IS
    'Makes sure that the partition that holds a UTC day exists and is protected; returns its name.';

DO $$
DECLARE
    policy partition_policies;
    step interval;
BEGIN
    FOR policy IN SELECT * FROM partition_policies LOOP
        step := CASE policy.period WHEN 'DAY' THEN interval '1 day' ELSE interval '1 month' END;
        FOR n IN 0..policy.ahead LOOP
            PERFORM app.create_partition(policy.table_name, ((now() AT TIME ZONE 'UTC') + n * step)::date);
        END LOOP;
        -- Nothing is lost when a partition is missing: the partitions job drains this one.
        EXECUTE format('CREATE TABLE %1$I_default PARTITION OF %1$I DEFAULT', policy.table_name);
        PERFORM app.protect(format('%I_default', policy.table_name)::regclass);
    END LOOP;
    PERFORM app.protect(format('california_contractors_%s', region)::regclass)
    FROM unnest(ARRAY['north', 'south', 'out_of_state']) AS region;
END
$$;
