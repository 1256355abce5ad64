-- Waits for whoever changes the event or its seats now. The policies show it to its organizer and to staff alone.
SELECT
    version, calendar_sequence, registered_count,
    app.event_status(status, registration_opens_at, registration_deadline, starts_at, ends_at, now()) AS "status!",
    title, description, type AS kind, visibility, starts_at, ends_at, time_zone, registration_opens_at,
    registration_deadline, max_capacity, waitlist_enabled, place, address, city, virtual_url,
    ST_Y(coordinates::geometry) AS lat, ST_X(coordinates::geometry) AS lng, price_cents, member_price_cents,
    early_bird_price_cents, early_bird_deadline, agenda, speakers, sponsors
FROM events
WHERE id = $1 AND deleted_at IS NULL
FOR UPDATE
