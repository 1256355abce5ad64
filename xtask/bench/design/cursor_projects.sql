-- "Cursor-based pagination", at its first page.
SELECT id, title, created_at
FROM projects
WHERE created_at < now() AND status = 'PUBLISHED'
ORDER BY created_at DESC
LIMIT 20;
