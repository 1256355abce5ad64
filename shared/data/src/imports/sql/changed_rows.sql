-- Which rows of a part of the file are not stored with the same fingerprint, by their number from 1. Serves from the primary key.
SELECT row.ordinal AS "ordinal!"
FROM unnest($1::text[], $2::uuid[]) WITH ORDINALITY AS row (license_number, fingerprint, ordinal)
WHERE NOT EXISTS (
    SELECT FROM licences AS l
    WHERE l.license_number = row.license_number AND l.source_fingerprint = row.fingerprint
)
ORDER BY row.ordinal
