-- The filters of browse.sql, $8 the request; $7 how far to count, none for all the way.
SELECT count(*) AS "count!"
FROM (
    SELECT
    FROM audit_log
    WHERE ($1::text IS NULL OR table_name = $1)
        AND ($2::text IS NULL OR row_key = $2)
        AND ($3::uuid IS NULL OR user_id = $3)
        AND ($4::text[] IS NULL OR operation = ANY ($4))
        AND ($5::timestamptz IS NULL OR created_at >= $5)
        AND ($6::timestamptz IS NULL OR created_at < $6)
        AND ($8::uuid IS NULL OR request_id = $8)
    LIMIT $7::bigint
) AS counted
