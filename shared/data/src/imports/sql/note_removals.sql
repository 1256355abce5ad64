-- Before-images of the rows that are about to be marked as removed. Their fingerprints go, so that they are written when they return.
WITH missing AS (
    UPDATE licences AS l
    SET source_fingerprint = NULL
    FROM california_contractors AS c
    WHERE c.license_number = l.license_number
        AND c.region = l.region
        AND c.removed_from_source_on IS NULL
        AND NOT EXISTS (
            SELECT FROM import_seen AS seen
            WHERE seen.import_id = $1 AND seen.license_number = l.license_number
        )
    RETURNING l.license_number, to_jsonb(c) - '{search,display_name}'::text[] AS image
)
INSERT INTO import_changes (import_id, license_number, operation, before)
SELECT $1, license_number, 'REMOVE', image
FROM missing
