UPDATE california_contractors AS c
SET removed_from_source_on = $2, last_import_id = $1, updated_at = now(), version = c.version + 1
FROM import_changes AS changed
WHERE changed.import_id = $1
    AND changed.operation = 'REMOVE'
    AND c.license_number = changed.license_number
