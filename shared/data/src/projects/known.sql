-- Which opportunities of a source ($1) are projects already, and what the source says of each otherwise than before: external ids
-- ($2) and details ($3), side by side. Where it is not known what the source said before, it says nothing new, so that nothing that
-- people wrote here is lost. Served by the key on (source, external_id).
SELECT
    now.external_id AS "external_id!", p.id, p.deleted_at IS NOT NULL AS "is_deleted!", said.project_id IS NOT NULL AS "is_noted!",
    ARRAY(
        SELECT field.key FROM jsonb_each(now.details) AS field
        WHERE said.project_id IS NOT NULL AND field.value IS DISTINCT FROM said.details -> field.key
        ORDER BY field.key
    ) AS "changed!"
FROM unnest($2::text[], $3::jsonb[]) AS now (external_id, details)
JOIN projects AS p ON p.source = $1 AND p.external_id = now.external_id
LEFT JOIN imported_projects AS said ON said.project_id = p.id
