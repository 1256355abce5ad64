-- Waits for whoever changes the project now. The policies show it to its owner and to staff alone.
SELECT
    owner_id, status, version, addendum_count, application_count, title, description, category, budget_min_cents,
    budget_max_cents, estimated_value_cents, funding_source, location, address, city, state, zip,
    ST_Y(coordinates::geometry) AS lat, ST_X(coordinates::geometry) AS lng, start_date, end_date, deadline_date,
    requirements, skills_required, license_classes, experience_years, bonding_required, insurance, priority,
    visibility, max_applications, contact_name, contact_email, contact_phone
FROM projects
WHERE id = $1 AND deleted_at IS NULL
FOR UPDATE
