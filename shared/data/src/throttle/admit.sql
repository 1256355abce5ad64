-- While one of the rows is locked, none is counted and nothing is written: refusing costs one look at the primary key. Rows are
-- taken in one order, so that two attempts cannot lock each other out. A row that was locked after the look is left as it is and
-- is in neither part.
WITH rules AS (
    SELECT *
    FROM unnest($1::text[], $2::bytea[], $3::float8[], $4::float8[], $5::float8[], $6::float8[])
        AS r (kind, hash, free, first_lock, longest_lock, forgotten_after)
), locked AS (
    SELECT a.subject_hash, a.failures, a.locked_until
    FROM rules AS r
    JOIN login_attempts AS a ON a.subject_kind = r.kind AND a.subject_hash = r.hash
    WHERE a.locked_until > $8
), counted AS (
    INSERT INTO login_attempts AS a (subject_kind, subject_hash, user_id, failures, last_failure_at)
    SELECT r.kind, r.hash, $7, 1, $8
    FROM rules AS r
    WHERE NOT EXISTS (SELECT FROM locked)
    ORDER BY r.kind, r.hash
    ON CONFLICT (subject_kind, subject_hash) DO UPDATE
    SET (user_id, failures, locked_until, last_failure_at) = (
        SELECT
            COALESCE(a.user_id, EXCLUDED.user_id),
            n.failures,
            CASE WHEN n.failures >= r.free THEN
                $8 + make_interval(secs => LEAST(r.longest_lock, r.first_lock * 2 ^ LEAST(n.failures - r.free, 30)))
            END,
            $8
        FROM rules AS r,
            LATERAL (
                SELECT CASE
                    WHEN a.last_failure_at < $8 - make_interval(secs => r.forgotten_after) THEN 1
                    ELSE a.failures + 1
                END
            ) AS n (failures)
        WHERE r.kind = a.subject_kind AND r.hash = a.subject_hash
    )
    WHERE a.locked_until IS NULL OR a.locked_until <= $8
    RETURNING a.subject_hash, a.failures, a.locked_until
)
SELECT subject_hash AS "subject_hash!", failures AS "failures!", locked_until, true AS "counted!" FROM counted
UNION ALL
SELECT subject_hash, failures, locked_until, false FROM locked
