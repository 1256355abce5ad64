-- The audit for who has audit.read, the newest first: $1 a table, $2 a row of it, $3 an actor, $4 operations, from $5 to before $6,
-- ($7, $8) where the page before ended, $10 a request. A row's history is served by audit_log_row, an actor's by audit_log_user, a request's
-- by audit_log_request, a table's by audit_log_table, and all of it by the primary key; the second bound on the time lets whole partitions
-- be passed over. What stood in a row is for those who may see such rows. Of the $9 rows there are as many as go into $11 bytes, written
-- in JSON in JSON, and one at least; "found" tells how many there were.
SELECT
    p.id AS "id!", p.created_at AS "created_at!", p.table_name AS "table_name!", p.row_key AS "row_key!", p.operation AS "operation!",
    p.before, p.after, NOT p.is_shown AS "is_withheld!", p.user_id, concat_ws(' ', u.first_name, u.last_name) AS "name!",
    p.database_role AS "database_role!", p.application AS "application!", p.request_id, p.found AS "found!"
FROM (
    SELECT s.*,
        sum(octet_length(COALESCE(to_json(s.before::text)::text, '')) + octet_length(COALESCE(to_json(s.after::text)::text, '')))
            OVER (ORDER BY s.created_at DESC, s.id DESC ROWS UNBOUNDED PRECEDING) AS bytes,
        row_number() OVER (ORDER BY s.created_at DESC, s.id DESC) AS place,
        count(*) OVER () AS found
    FROM (
        SELECT
            a.id, a.created_at, a.table_name, a.row_key, a.operation, a.user_id, a.database_role, a.application, a.request_id,
            app.sees_audited(a.table_name) AS is_shown,
            CASE WHEN app.sees_audited(a.table_name) THEN a.before END AS before,
            CASE WHEN app.sees_audited(a.table_name) THEN a.after END AS after
        FROM audit_log AS a
        WHERE ($1::text IS NULL OR a.table_name = $1)
            AND ($2::text IS NULL OR a.row_key = $2)
            AND ($3::uuid IS NULL OR a.user_id = $3)
            AND ($4::text[] IS NULL OR a.operation = ANY ($4))
            AND ($5::timestamptz IS NULL OR a.created_at >= $5)
            AND ($6::timestamptz IS NULL OR a.created_at < $6)
            AND ($7::timestamptz IS NULL OR a.created_at <= $7 AND (a.created_at, a.id) < ($7, $8::bigint))
            AND ($10::uuid IS NULL OR a.request_id = $10)
        ORDER BY a.created_at DESC, a.id DESC
        LIMIT $9
    ) AS s
) AS p
LEFT JOIN users AS u ON u.id = p.user_id
WHERE p.place = 1 OR p.bytes <= $11
ORDER BY p.created_at DESC, p.id DESC
