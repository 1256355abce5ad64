WITH RECURSIVE sources AS (
    SELECT m.oid AS view, m.oid AS relation
    FROM pg_class AS m
    WHERE m.relkind = 'm' AND m.relnamespace = 'public'::regnamespace AND pg_has_role(m.relowner, 'USAGE')
    UNION
    -- What the rule of a view refers to, and the partitions of a table.
    SELECT s.view, d.next
    FROM sources AS s
    CROSS JOIN LATERAL (
        SELECT d.refobjid AS next
        FROM pg_rewrite AS r
        JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
        WHERE r.ev_class = s.relation
        UNION ALL
        SELECT inhrelid FROM pg_inherits WHERE inhparent = s.relation
    ) AS d
)
SELECT m.relname::text AS "name!",
    (m.relispopulated AND EXISTS (
        SELECT FROM pg_index AS i
        WHERE i.indrelid = m.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
    )) AS "is_concurrent!",
    COALESCE(sum(t.n_tup_ins + t.n_tup_upd + t.n_tup_del), 0)::bigint AS "changes!",
    r.changes AS "noted?"
FROM pg_class AS m
JOIN sources AS s ON s.view = m.oid
LEFT JOIN pg_stat_user_tables AS t ON t.relid = s.relation AND t.relid <> m.oid
LEFT JOIN view_refreshes AS r ON r.view_name = m.relname
GROUP BY m.oid, m.relname, m.relispopulated, r.changes
ORDER BY 1
