SELECT
    id, bucket, object_key, object_version, sequencer, etag, object_bytes, as_of, state, dry_run, format,
    byte_offset, line_number, rows_read, rows_staged, rows_seen, rows_inserted, rows_updated, rows_unchanged,
    rows_rejected, rows_removed, rows_restored, removals_refused,
    warnings AS "warnings: Json<BTreeMap<String, u64>>",
    notes, error, invocations, heartbeat_at, started_at, finished_at, duration_ms
FROM import_runs
WHERE id = $1
