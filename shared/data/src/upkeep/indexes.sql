SELECT c.relname::text AS "name!", i.indisvalid AS "is_valid!",
    (NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$') AS "is_leftover!",
    pg_relation_size(c.oid) AS "bytes!",
    CASE WHEN c.reltuples > 0 THEN c.reltuples::float8 END AS rows,
    b.bytes_per_row AS "baseline?"
FROM pg_index AS i
JOIN pg_class AS c ON c.oid = i.indexrelid AND c.relnamespace = 'public'::regnamespace AND c.relkind = 'i'
LEFT JOIN index_baselines AS b ON b.index_name = c.relname
-- Those of exclusion constraints cannot be built concurrently.
WHERE NOT i.indisexclusion AND c.relpersistence = 'p' AND pg_has_role(c.relowner, 'USAGE')
    AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index AS p WHERE p.relid = i.indrelid)
ORDER BY 1
