-- Which of these results became visible after a moment only, by what app.find_projects and its like call new.
SELECT 'CONTRACTOR' AS "kind!", license_number AS "id!"
FROM contractor_listings
WHERE $2::text[] IS NOT NULL AND license_number = ANY ($2) AND created_at > $1
UNION ALL
SELECT 'PROJECT', id::text FROM project_listings
WHERE $3::uuid[] IS NOT NULL AND id = ANY ($3) AND COALESCE(published_at, created_at) > $1
UNION ALL
SELECT 'EVENT', id::text FROM event_listings
WHERE $4::uuid[] IS NOT NULL AND id = ANY ($4) AND COALESCE(published_at, created_at) > $1
UNION ALL
SELECT 'COURSE', id::text FROM course_listings
WHERE $5::uuid[] IS NOT NULL AND id = ANY ($5) AND COALESCE(published_at, created_at) > $1
UNION ALL
SELECT 'MEMBER', id::text FROM app.approved_since($1) AS new (id)
WHERE $6::uuid[] IS NOT NULL AND id = ANY ($6)
