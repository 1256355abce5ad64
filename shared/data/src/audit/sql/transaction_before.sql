-- A prepared transaction does not tell when it began, so any of this database counts as older than everything.
SELECT xact_start AS "began_at!", pid, application_name
FROM pg_stat_activity
WHERE datname = current_database()
  AND xact_start < $1
  AND pid <> pg_backend_pid()
  AND leader_pid IS DISTINCT FROM pg_backend_pid()
  AND backend_type <> 'autovacuum worker'
UNION ALL
SELECT prepared, NULL, gid
FROM pg_prepared_xacts
WHERE database = current_database()
ORDER BY 1
LIMIT 1
