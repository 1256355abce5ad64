-- An event whose dates change stands anew where they say: a later deadline opens its registration again.
UPDATE events
SET
    title = $1,
    description = $2,
    type = $3,
    visibility = $4,
    starts_at = $5,
    ends_at = $6,
    time_zone = $7,
    registration_opens_at = $8,
    registration_deadline = $9,
    max_capacity = $10,
    waitlist_enabled = $11,
    place = $12,
    address = $13,
    city = $14,
    virtual_url = $15,
    coordinates = $16::text::geography,
    price_cents = $17,
    member_price_cents = $18,
    early_bird_price_cents = $19,
    early_bird_deadline = $20,
    agenda = $21,
    speakers = $22,
    sponsors = $23,
    calendar_sequence = calendar_sequence + $25::boolean::integer,
    status = CASE
        WHEN status IN ('PUBLISHED', 'REGISTRATION_OPEN', 'REGISTRATION_CLOSED', 'IN_PROGRESS')
            AND (starts_at, ends_at, registration_opens_at, registration_deadline) IS DISTINCT FROM ($5, $6, $8, $9)
            THEN 'REGISTRATION_OPEN'
        ELSE status
    END
WHERE id = $24 AND deleted_at IS NULL
