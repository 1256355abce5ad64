-- admin_actions' primary key gives the order.
SELECT ARRAY[
    'admin_actions',
    (extract(epoch FROM created_at) * 1000000)::bigint::text,
    id::text,
    action,
    user_id::text,
    target_user_id::text,
    target_table,
    target_id,
    reason,
    details::text,
    request_id::text
] AS "fields!: Vec<Option<String>>"
FROM admin_actions
WHERE created_at >= $1 AND created_at < $2
ORDER BY created_at, id
