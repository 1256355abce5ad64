-- Registrations that the caller may see: policies show the own ones, and those for events that the caller runs. $1 a registration,
-- $2 an event, $3 a member, $4 states, ($5, $6) where the page before ended. Served by the keys on (user_id, registered_at) and on
-- (event_id, status, registered_at).
SELECT
    r.id, r.event_id, e.title AS "event_title!", e.status AS "event_status!", e.starts_at AS "starts_at!", e.ends_at AS "ends_at!",
    e.time_zone AS "time_zone!", r.user_id, concat_ws(' ', m.first_name, m.last_name) AS member_name, m.company AS member_company,
    r.status, r.price_kind, r.amount_cents, r.currency, r.paid_at, r.hold_expires_at, r.waitlisted_at,
    CASE WHEN r.status = 'WAITLISTED' AND r.offer_expires_at IS NULL AND e.starts_at > now() THEN app.waitlist_position(r.id) END
        AS waitlist_position,
    r.offer_expires_at, r.checked_in_at, r.registered_at, r.cancelled_at, r.version
FROM event_registrations AS r
JOIN event_summaries AS e ON e.id = r.event_id
LEFT JOIN member_directory AS m ON m.id = r.user_id
WHERE ($1::uuid IS NULL OR r.id = $1)
    AND ($2::uuid IS NULL OR r.event_id = $2)
    AND ($3::uuid IS NULL OR r.user_id = $3)
    AND ($4::text[] IS NULL OR r.status = ANY ($4))
    AND ($5::timestamptz IS NULL OR (r.registered_at, r.id) < ($5, $6::uuid))
ORDER BY r.registered_at DESC, r.id DESC
LIMIT $7
