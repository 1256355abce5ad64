-- audit_log's primary key gives the order. Times are microseconds since 1970, so that no setting of the session changes a digest.
SELECT ARRAY[
    'audit_log',
    (extract(epoch FROM created_at) * 1000000)::bigint::text,
    id::text,
    table_name,
    row_key,
    operation,
    before::text,
    after::text,
    user_id::text,
    database_role,
    application,
    request_id::text
] AS "fields!: Vec<Option<String>>"
FROM audit_log
WHERE created_at >= $1 AND created_at < $2
ORDER BY created_at, id
