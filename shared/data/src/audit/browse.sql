-- The audit for who has audit.read, the newest first: $1 a table, $2 a row of it, $3 an actor, $4 operations, from $5 to before $6,
-- ($7, $8) where the page before ended. A row's history is served by audit_log_row, an actor's by audit_log_user, a table's by
-- audit_log_table, and all of it by the primary key; the second bound on the time lets whole partitions be passed over.
SELECT
    a.id AS "id!", a.created_at AS "created_at!", a.table_name AS "table_name!", a.row_key AS "row_key!", a.operation AS "operation!",
    a.before, a.after, a.user_id, concat_ws(' ', u.first_name, u.last_name) AS "name!", a.database_role AS "database_role!",
    a.application AS "application!", a.request_id
FROM audit_log AS a
LEFT JOIN users AS u ON u.id = a.user_id
WHERE ($1::text IS NULL OR a.table_name = $1)
    AND ($2::text IS NULL OR a.row_key = $2)
    AND ($3::uuid IS NULL OR a.user_id = $3)
    AND ($4::text[] IS NULL OR a.operation = ANY ($4))
    AND ($5::timestamptz IS NULL OR a.created_at >= $5)
    AND ($6::timestamptz IS NULL OR a.created_at < $6)
    AND ($7::timestamptz IS NULL OR a.created_at <= $7 AND (a.created_at, a.id) < ($7, $8::bigint))
ORDER BY a.created_at DESC, a.id DESC
LIMIT $9
