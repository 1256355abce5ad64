-- Tables that the present role may not read, or reads through a policy that may hide rows: one without a permissive policy that is
-- plainly true, or with a restrictive one. Policies count where they are for everybody or for a role that this one is a member of.
WITH tables AS (
    SELECT c.oid, n.oid AS schema, format('%s.%s', n.nspname, c.relname) AS name
    FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND n.nspname !~ '^(pg_|information_schema$)'
      AND NOT EXISTS (
          SELECT FROM pg_depend AS d
          WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
), policies AS (
    SELECT p.polrelid, p.polpermissive, pg_get_expr(p.polqual, p.polrelid) = 'true' AS is_true
    FROM pg_policy AS p
    WHERE p.polcmd IN ('r', '*')
      AND EXISTS (SELECT FROM unnest(p.polroles) AS r (oid) WHERE r.oid = 0 OR pg_has_role(r.oid, 'USAGE'))
)
SELECT t.name AS "name!"
FROM tables AS t
WHERE NOT has_schema_privilege(t.schema, 'USAGE')
   OR NOT has_table_privilege(t.oid, 'SELECT')
   OR row_security_active(t.oid) AND (
       NOT EXISTS (SELECT FROM policies AS p WHERE p.polrelid = t.oid AND p.polpermissive AND p.is_true)
       OR EXISTS (SELECT FROM policies AS p WHERE p.polrelid = t.oid AND NOT p.polpermissive))
ORDER BY 1
