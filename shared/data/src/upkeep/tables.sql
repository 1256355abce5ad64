WITH counted AS (
    SELECT c.oid, c.relname, c.relkind, pg_partition_root(c.oid) AS root, s.n_live_tup, s.n_dead_tup, s.n_mod_since_analyze,
        s.n_ins_since_vacuum, greatest(age(c.relfrozenxid), mxid_age(c.relminmxid)) AS frozen_age,
        greatest(s.last_analyze, s.last_autoanalyze) AS analyzed_at
    FROM pg_stat_user_tables AS s
    JOIN pg_class AS c ON c.oid = s.relid
    WHERE s.schemaname = 'public' AND c.relpersistence = 'p' AND pg_has_role(c.relowner, 'USAGE')
)
SELECT relname::text AS "name!", false AS "is_parent!", n_live_tup AS "live!", n_dead_tup AS "dead!",
    n_mod_since_analyze AS "modified!", n_ins_since_vacuum AS "inserted!", frozen_age::bigint AS "frozen_age!",
    analyzed_at, NULL::timestamptz AS partition_analyzed_at
FROM counted
WHERE relkind <> 'p'
UNION ALL
-- Autovacuum never analyses a partitioned table, only its partitions.
SELECT p.relname::text, true, sum(c.n_live_tup)::bigint, 0, sum(c.n_mod_since_analyze)::bigint, 0, 0, p.analyzed_at,
    max(c.analyzed_at)
FROM counted AS p
JOIN counted AS c ON c.root = p.oid AND c.relkind <> 'p'
WHERE p.relkind = 'p'
GROUP BY p.oid, p.relname, p.analyzed_at
ORDER BY 1
