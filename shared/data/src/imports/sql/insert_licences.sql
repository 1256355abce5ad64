INSERT INTO licences (license_number, region, source_fingerprint, first_import_id)
SELECT s.license_number, s.region, s.source_fingerprint, s.import_id
FROM import_staging AS s
WHERE s.import_id = $1
    AND NOT EXISTS (SELECT FROM licences AS l WHERE l.license_number = s.license_number)
