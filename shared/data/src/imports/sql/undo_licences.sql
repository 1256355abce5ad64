-- Regions go back, and the contractors with them; the next import has to compare these rows.
UPDATE licences AS l
SET region = changed.before ->> 'region', source_fingerprint = NULL
FROM import_changes AS changed
WHERE changed.import_id = $1 AND l.license_number = changed.license_number
