INSERT INTO projects (
    title, description, category, budget_min_cents, budget_max_cents, estimated_value_cents, funding_source,
    location, address, city, state, zip, coordinates, start_date, end_date, deadline_date, requirements,
    skills_required, license_classes, experience_years, bonding_required, insurance, priority, visibility,
    max_applications, contact_name, contact_email, contact_phone, id, owner_id,
    source, external_id
)
VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::text::geography, $14, $15, $16, $17, $18, $19, $20,
    $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, COALESCE($31, 'MANUAL'), $32
)
