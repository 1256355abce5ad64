INSERT INTO events (
    title, description, type, visibility, starts_at, ends_at, time_zone, registration_opens_at, registration_deadline,
    max_capacity, waitlist_enabled, place, address, city, virtual_url, coordinates, price_cents, member_price_cents,
    early_bird_price_cents, early_bird_deadline, agenda, speakers, sponsors, id, organizer_id
)
VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16::text::geography, $17, $18, $19, $20, $21, $22,
    $23, $24, $25
)
