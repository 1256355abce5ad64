-- Lines of rejected records are noted as 0: such a record keeps its licence from vanishing, but is no row that could win.
WITH repeated AS (
    SELECT license_number, max(line) AS last_line, count(*) - 1 AS superfluous
    FROM import_seen
    WHERE import_id = $1 AND line > 0
    GROUP BY license_number
    HAVING count(*) > 1
), dropped AS (
    DELETE FROM import_staging AS s
    USING repeated
    WHERE s.import_id = $1 AND s.license_number = repeated.license_number AND s.line < repeated.last_line
)
SELECT COALESCE(sum(superfluous), 0)::bigint AS "superfluous!"
FROM repeated
