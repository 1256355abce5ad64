-- What the import added goes, except for what has just been marked as removed.
DELETE FROM california_contractors AS c
WHERE c.first_import_id = $1
    AND c.removed_from_source_on IS NULL
