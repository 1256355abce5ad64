UPDATE import_runs
SET
    state = 'COMPLETED',
    rows_inserted = $2,
    rows_updated = $3,
    rows_unchanged = $4,
    rows_removed = $5,
    rows_restored = $6,
    removals_refused = $7,
    warnings = $8,
    notes = notes || $9::text[],
    heartbeat_at = clock_timestamp(),
    finished_at = clock_timestamp(),
    duration_ms = (extract(epoch FROM clock_timestamp() - started_at) * 1000)::bigint,
    updated_at = clock_timestamp()
WHERE id = $1
