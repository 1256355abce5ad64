-- Every staged row of a License Master ($2) gets the fingerprint of the file. A county list leaves a row half known, so the next
-- License Master has to compare it: its fingerprint, which staging has as NULL, goes to the rows that really change.
UPDATE licences AS l
SET region = s.region, source_fingerprint = s.source_fingerprint
FROM import_staging AS s
WHERE s.import_id = $1
    AND l.license_number = s.license_number
    AND (l.region, l.source_fingerprint) IS DISTINCT FROM (s.region, s.source_fingerprint)
    AND (
        $2
        OR EXISTS (
            SELECT FROM import_changes AS changed
            WHERE changed.import_id = $1 AND changed.license_number = s.license_number
        )
    )
