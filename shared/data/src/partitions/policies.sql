-- How each table is cut and kept, and what stands in its default partition by the server's statistics.
SELECT
    p.table_name AS "table!",
    p.period,
    p.retention::text AS "retention!",
    (extract(year FROM p.retention) * 360 + extract(month FROM p.retention) * 30 + extract(day FROM p.retention))::bigint
        AS "retention_days!",
    p.ahead,
    COALESCE(pg_stat_get_live_tuples(c.oid), 0) AS "default_rows!",
    COALESCE(pg_total_relation_size(c.oid), 0) AS "default_bytes!"
FROM partition_policies AS p
LEFT JOIN pg_class AS c ON c.oid = to_regclass(format('public.%I', p.table_name || '_default'))
ORDER BY p.table_name
