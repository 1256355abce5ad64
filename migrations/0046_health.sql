-- What the function `health` works with: a role that sees statistics and little else, and the state of its alerts.

CREATE TABLE health_alerts (
    id uuid PRIMARY KEY,
    check_name text NOT NULL CONSTRAINT health_alerts_check_name CHECK (check_name ~ '^[a-z][a-z-]*$'),
    subject text NOT NULL DEFAULT '',
    value double precision NOT NULL,
    threshold double precision NOT NULL,
    details jsonb NOT NULL DEFAULT '{}',
    started_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    calm_since timestamptz,
    ended_at timestamptz,
    start_told_at timestamptz,
    end_told_at timestamptz,
    CONSTRAINT health_alerts_end CHECK (ended_at >= started_at),
    CONSTRAINT health_alerts_told CHECK (end_told_at IS NULL OR start_told_at IS NOT NULL AND ended_at IS NOT NULL)
);
CREATE UNIQUE INDEX health_alerts_open ON health_alerts (check_name, subject) WHERE ended_at IS NULL;
CREATE INDEX health_alerts_untold ON health_alerts (started_at)
    WHERE start_told_at IS NULL OR ended_at IS NOT NULL AND end_told_at IS NULL;
CREATE INDEX health_alerts_recent ON health_alerts (started_at DESC);
COMMENT ON TABLE health_alerts IS 'What was or is wrong, by check and subject, and whether people were told that it began and ended.';
COMMENT ON COLUMN health_alerts.subject IS 'What of several things it is about, such as a table or a job; empty where there is one.';
COMMENT ON COLUMN health_alerts.calm_since IS 'Since when the check finds nothing any more; the alert ends once that has lasted.';
SELECT app.protect('health_alerts');
SELECT app.classify('health_alerts', '{
    "private": ["id", "check_name", "subject", "value", "threshold", "details", "started_at", "seen_at", "calm_since", "ended_at",
        "start_told_at", "end_told_at"]
}');
SELECT app.allow('health_alerts', 'portal_admin', 'SELECT', '(SELECT app.has(''system.read''))');

-- ---- The role ----
-- Statistics come with pg_monitor. Of the tables it sees when things happened, and of no person anything.
SELECT app.allow('health_alerts', 'portal_monitor', command, 'true') FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) AS command;
SELECT app.allow('system_metrics', 'portal_monitor', command, 'true') FROM unnest(ARRAY['SELECT', 'INSERT']) AS command;
SELECT app.allow('job_runs', 'portal_monitor', command, 'true') FROM unnest(ARRAY['SELECT', 'INSERT']) AS command;
SELECT app.allow('job_runs', 'portal_monitor', 'UPDATE', 'job = ''health''');
SELECT app.allow('job_locks', 'portal_monitor', command, 'job = ''health''') FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) AS command;
SELECT app.allow('partition_policies', 'portal_monitor', 'SELECT', 'true');
SELECT app.allow('index_baselines', 'portal_monitor', 'SELECT', 'true');
SELECT app.allow('audit_seals', 'portal_monitor', 'SELECT', 'true', 'day');
SELECT app.allow('audit_log', 'portal_monitor', 'SELECT', 'true', 'created_at');
SELECT app.allow('admin_actions', 'portal_monitor', 'SELECT', 'true', 'created_at');
SELECT app.allow('backups', 'portal_monitor', 'SELECT', 'true', 'id, state, started_at, finished_at, proven_at');
SELECT app.allow('outbox', 'portal_monitor', 'SELECT', 'true', 'id, state, channel, created_at, not_before');
GRANT USAGE ON SCHEMA app TO portal_monitor;
GRANT EXECUTE ON FUNCTION app.begin_request(uuid, uuid, uuid, integer, bigint, integer, text), app.consistency_token()
    TO portal_monitor;
GRANT EXECUTE ON FUNCTION app.partitions(text) TO portal_monitor;
