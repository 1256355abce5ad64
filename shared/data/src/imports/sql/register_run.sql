INSERT INTO import_runs AS run (id, bucket, object_key, object_version, sequencer)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT ON CONSTRAINT import_runs_one_per_event DO UPDATE
SET state = CASE run.state WHEN 'FAILED' THEN 'QUEUED' ELSE run.state END, updated_at = now()
RETURNING id
