-- How many entries the planner expects by the filters of browse.sql; $7 the request.
EXPLAIN (FORMAT JSON)
SELECT
FROM audit_log
WHERE ($1::text IS NULL OR table_name = $1)
    AND ($2::text IS NULL OR row_key = $2)
    AND ($3::uuid IS NULL OR user_id = $3)
    AND ($4::text[] IS NULL OR operation = ANY ($4))
    AND ($5::timestamptz IS NULL OR created_at >= $5)
    AND ($6::timestamptz IS NULL OR created_at < $6)
    AND ($7::uuid IS NULL OR request_id = $7)
