-- Imports, the newest first, for those with imports.manage: $1 one of them, $2 states, $3 the key of a file, ($4, $5) where the page before
-- ended. Served by import_runs_recent. An undo is refused while a later import stands.
SELECT
    r.id, r.bucket, r.object_key, r.object_bytes, r.as_of, r.state, r.dry_run, r.format, r.byte_offset, r.rows_read, r.rows_inserted,
    r.rows_updated, r.rows_unchanged, r.rows_rejected, r.rows_removed, r.rows_restored, r.removals_refused,
    r.warnings AS "warnings: Json<BTreeMap<String, u64>>",
    r.notes, r.error, r.invocations, r.created_at, r.heartbeat_at, r.started_at, r.finished_at, r.duration_ms,
    extract(epoch FROM r.heartbeat_at - r.started_at)::float8 AS seconds,
    r.undo_requested_at, r.undo_requested_by,
    (
        SELECT later.id FROM import_runs AS later
        WHERE later.finished_at > r.finished_at AND later.state = 'COMPLETED' AND NOT later.dry_run
        ORDER BY later.finished_at DESC
        LIMIT 1
    ) AS later
FROM import_runs AS r
WHERE ($1::uuid IS NULL OR r.id = $1)
    AND ($2::text[] IS NULL OR r.state = ANY ($2))
    AND ($3::text IS NULL OR r.object_key = $3)
    AND ($4::timestamptz IS NULL OR (r.created_at, r.id) < ($4, $5::uuid))
ORDER BY r.created_at DESC, r.id DESC
LIMIT $6
