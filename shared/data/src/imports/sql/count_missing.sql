-- How many live contractors the file does not have. The narrow tables are compared first.
SELECT count(*) AS "missing!"
FROM licences AS l
JOIN california_contractors AS c USING (license_number, region)
WHERE c.removed_from_source_on IS NULL
    AND NOT EXISTS (
        SELECT FROM import_seen AS seen
        WHERE seen.import_id = $1 AND seen.license_number = l.license_number
    )
