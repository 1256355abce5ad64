-- Served by the indexes on holds, on offers and on the waitlist, each of which is as small as what waits.
SELECT due.event_id AS "event_id!"
FROM (
    SELECT event_id FROM event_registrations
    WHERE hold_expires_at <= $1 AND status = 'REGISTERED' AND paid_at IS NULL
    UNION
    SELECT event_id FROM event_registrations
    WHERE offer_expires_at <= $1 AND status = 'WAITLISTED'
    UNION
    SELECT r.event_id FROM event_registrations AS r
    JOIN events AS e ON e.id = r.event_id
    WHERE r.status = 'WAITLISTED' AND r.offer_expires_at IS NULL
        AND e.starts_at > $1 AND e.status NOT IN ('DRAFT', 'COMPLETED', 'CANCELLED') AND e.deleted_at IS NULL
        AND (e.max_capacity IS NULL OR e.registered_count < e.max_capacity)
        AND EXISTS (SELECT FROM users AS u WHERE u.id = r.user_id AND u.is_active AND u.deleted_at IS NULL)
) AS due
WHERE $2::uuid IS NULL OR due.event_id > $2
ORDER BY due.event_id
LIMIT $3
