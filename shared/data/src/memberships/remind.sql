-- Over memberships_expiry: what ends soon, and nothing of the same member follows.
UPDATE memberships AS m
SET reminded_days = d.days, reminded_at = $1
FROM (
    SELECT o.id, CASE
        WHEN o.ends_at <= $1::timestamptz + interval '1 day' THEN 1
        WHEN o.ends_at <= $1::timestamptz + interval '7 days' THEN 7
        ELSE 30 END AS days
    FROM memberships AS o
    WHERE o.state IN ('ACTIVE', 'GRACE')
        AND o.ends_at > $1
        AND o.ends_at <= $1::timestamptz + interval '30 days'
        AND (o.reminded_days IS NULL
            OR o.reminded_days > 7 AND o.ends_at <= $1::timestamptz + interval '7 days'
            OR o.reminded_days > 1 AND o.ends_at <= $1::timestamptz + interval '1 day')
        AND NOT EXISTS (
            SELECT FROM memberships AS n
            WHERE n.user_id = o.user_id AND n.state = 'ACTIVE' AND n.starts_at >= o.ends_at)
    ORDER BY o.ends_at, o.id
    LIMIT $2
    FOR UPDATE OF o SKIP LOCKED) AS d
WHERE m.id = d.id
RETURNING m.id, d.days AS "days!", m.ends_at AS "ends_at!"
