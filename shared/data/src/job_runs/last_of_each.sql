-- The last run of each job: from one job's name to the next over job_runs_recent, however many runs each has.
WITH RECURSIVE jobs AS (
    (SELECT job FROM job_runs ORDER BY job LIMIT 1)
    UNION ALL
    SELECT (SELECT r.job FROM job_runs AS r WHERE r.job > j.job ORDER BY r.job LIMIT 1) FROM jobs AS j WHERE j.job IS NOT NULL
)
SELECT l.id AS "id!", l.job AS "job!", l.state AS "state!", l.started_at AS "started_at!", l.finished_at, l.error, l.details AS "details!"
FROM jobs AS j
CROSS JOIN LATERAL (
    SELECT id, job, state, started_at, finished_at, error, details FROM job_runs
    WHERE job = j.job
    ORDER BY started_at DESC
    LIMIT 1
) AS l
WHERE j.job IS NOT NULL
ORDER BY l.job
