UPDATE import_runs
SET
    byte_offset = $3,
    line_number = $4,
    rows_read = $5,
    rows_rejected = $6,
    warnings = $7,
    rows_staged = rows_staged + $8,
    rows_seen = rows_seen + $9,
    heartbeat_at = now(),
    updated_at = now()
WHERE id = $1 AND byte_offset = $2 AND state = 'LOADING'
