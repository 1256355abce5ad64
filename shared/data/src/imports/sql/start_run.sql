UPDATE import_runs
SET
    state = 'LOADING', etag = $2, object_bytes = $3, dry_run = $4, uploaded_at = $5, as_of = NULL, format = NULL,
    byte_offset = 0, line_number = 0, rows_read = 0, rows_staged = 0, rows_seen = 0, rows_inserted = 0,
    rows_updated = 0, rows_unchanged = 0, rows_rejected = 0, rows_removed = 0, rows_restored = 0,
    removals_refused = 0, warnings = '{}', notes = '{}', error = NULL,
    heartbeat_at = now(), started_at = now(), finished_at = NULL, duration_ms = NULL, updated_at = now()
WHERE id = $1
