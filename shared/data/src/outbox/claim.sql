-- Lower lanes first, each in order, as index outbox_due gives them; locked rows are another run's, which claims them at this moment. Of a
-- batch a quarter is left to the other lanes where they have anything, so that no flood of mails about sign-ins stops all others.
WITH urgent AS (
    SELECT id, user_id
    FROM outbox
    WHERE channel = 'EMAIL'
        AND state = 'PENDING'
        AND lane = 0
        AND not_before <= now()
        AND (claimed_until IS NULL OR claimed_until <= now())
    ORDER BY not_before, id
    LIMIT GREATEST($1::bigint * 3 / 4, 1)
    FOR UPDATE SKIP LOCKED
), others AS (
    SELECT id, user_id
    FROM outbox
    WHERE channel = 'EMAIL'
        AND state = 'PENDING'
        AND lane > 0
        AND not_before <= now()
        AND (claimed_until IS NULL OR claimed_until <= now())
    ORDER BY lane, not_before, id
    LIMIT $1
    FOR UPDATE SKIP LOCKED
), due AS (
    SELECT id, user_id FROM urgent
    UNION ALL
    SELECT id, user_id FROM others
    -- Those that are too many are never looked at, and so not locked.
    LIMIT $1
)
UPDATE outbox AS o
SET claimed_until = now() + $2::bigint * interval '1 millisecond',
    attempts = o.attempts + 1
FROM due
LEFT JOIN users AS u ON u.id = due.user_id
LEFT JOIN notification_settings AS s ON s.user_id = due.user_id
WHERE o.id = due.id
RETURNING
    o.id,
    o.kind,
    o.recipient,
    o.payload,
    o.secret,
    o.attempts,
    o.claimed_until AS "claimed_until!",
    o.about,
    u.first_name AS "first_name?",
    u.deleted_at IS NOT NULL AS "account_deleted!",
    u.id AS "user_id?",
    COALESCE(u.notification_preferences, '{}') AS "preferences!",
    app.quiet_until(s.time_zone, s.quiet_from, s.quiet_until, now()) AS quiet_until
