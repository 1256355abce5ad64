-- What staff see and ask for on the operations page: undoing an import, browsing the audit, partitions, and what reports count.

-- ---- Undoing an import ----
-- Staff ask for it, and the import function does it, under the lock of the imports: a request that is written down outlives whatever
-- dies in between.
ALTER TABLE import_runs
    ADD COLUMN undo_requested_at timestamptz,
    ADD COLUMN undo_requested_by uuid REFERENCES users,
    ADD CONSTRAINT import_runs_undo_asked_by CHECK ((undo_requested_at IS NULL) = (undo_requested_by IS NULL)),
    ADD CONSTRAINT import_runs_undo_of_completed CHECK (undo_requested_at IS NULL OR state IN ('COMPLETED', 'UNDONE') AND NOT dry_run);
CREATE INDEX import_runs_undo_requested_by ON import_runs (undo_requested_by) WHERE undo_requested_by IS NOT NULL;
CREATE INDEX import_runs_undo_requested ON import_runs (undo_requested_at) WHERE undo_requested_at IS NOT NULL AND state = 'COMPLETED';
COMMENT ON COLUMN import_runs.undo_requested_at IS
    'Since when the run is to be taken back; once it is UNDONE, when that was asked for. Cleared, with a note, where it cannot be.';
SELECT app.classify('import_runs', '{"private": ["undo_requested_at", "undo_requested_by"]}');
SELECT app.allow('import_runs', 'portal_admin', 'UPDATE', '(SELECT app.has(''imports.manage''))',
    'undo_requested_at, undo_requested_by, updated_at');
ALTER POLICY portal_admin_update ON import_runs
    WITH CHECK ((SELECT app.has('imports.manage')) AND undo_requested_by = (SELECT app.user_id()));

-- ---- The audit ----
-- By row and by actor there are indexes already; a table's newest changes would otherwise be looked for among those of all tables.
CREATE INDEX audit_log_table ON audit_log (table_name, created_at DESC, id DESC);

-- ---- Partitions ----
GRANT EXECUTE ON FUNCTION app.partitions(text), app.missing_partitions(text, timestamptz, timestamptz),
    app.period_start(text, timestamptz) TO portal_admin;

-- ---- Reports ----
-- Whoever reads reports sees sums, not people: of accounts and firms these views hold what is counted and nothing else.
CREATE VIEW account_dates AS
SELECT u.created_at, u.approved_at, u.suspended_at, u.deleted_at, u.is_active, u.membership_expires_at
FROM users AS u
WHERE (SELECT app.has('reports.read'));
COMMENT ON VIEW account_dates IS 'When accounts came, were approved and went, for reports.';

CREATE VIEW contractor_standings AS
SELECT c.county, c.classifications, c.is_namc_member, c.outreach_status, c.outreach_updated_at
FROM california_contractors AS c
WHERE c.removed_from_source_on IS NULL AND (SELECT app.has('reports.read'));
COMMENT ON VIEW contractor_standings IS 'Where and what licensed firms are, and how far the outreach to them has come, for reports.';

ALTER VIEW account_dates OWNER TO portal_views;
ALTER VIEW contractor_standings OWNER TO portal_views;
GRANT SELECT ON account_dates, contractor_standings TO portal_admin;

CREATE FUNCTION app.plan_report() RETURNS void
LANGUAGE sql VOLATILE SET search_path = ''
AS $$ SELECT set_config('jit', 'off', true), set_config('work_mem', '64MB', true) $$;
COMMENT ON FUNCTION app.plan_report() IS
    'For the rest of the transaction: a report reads much, and compiling its plan would take longer than the report.';
GRANT EXECUTE ON FUNCTION app.plan_report() TO portal_admin;
