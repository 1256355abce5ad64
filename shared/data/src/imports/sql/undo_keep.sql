-- Rows that the import added and that somebody has made use of since.
WITH kept AS (
    UPDATE california_contractors AS c
    SET removed_from_source_on = current_date, updated_at = now(), version = c.version + 1
    WHERE c.first_import_id = $1
        AND (
            c.is_namc_member
            OR c.outreach_status <> 'NEW'
            OR c.outreach_updated_at IS NOT NULL
            OR EXISTS (SELECT FROM users AS u WHERE u.contractor_license = c.license_number)
        )
    RETURNING c.license_number
)
UPDATE licences AS l
SET source_fingerprint = NULL
FROM kept
WHERE l.license_number = kept.license_number
