-- What the record of backups may say, and what the role that makes them needs: the transaction of every function, and the locks by
-- which one run at a time works.

ALTER TABLE backups
    ADD CONSTRAINT backups_sha256_check CHECK (octet_length(sha256) = 32),
    ADD CONSTRAINT backups_restore_seconds_check CHECK (restore_seconds >= 0),
    ADD CONSTRAINT backups_stored_whole CHECK (
        state NOT IN ('STORED', 'PROVEN')
        OR manifest_key IS NOT NULL AND size_bytes IS NOT NULL AND sha256 IS NOT NULL AND finished_at IS NOT NULL),
    ADD CONSTRAINT backups_proven_when CHECK (state <> 'PROVEN' OR proven_at IS NOT NULL AND restore_seconds IS NOT NULL),
    ADD CONSTRAINT backups_failed_why CHECK (state <> 'FAILED' OR error IS NOT NULL);
COMMENT ON COLUMN backups.state IS
    'RUNNING while the dump is written, STORED once its manifest is there, PROVEN once it was restored; FAILED with the reason; EXPIRED once its objects are deleted.';
COMMENT ON COLUMN backups.sha256 IS 'Of the whole dump, computed while it was written.';
COMMENT ON COLUMN backups.restore_seconds IS 'How long the last drill took from an empty database to one that serves.';

GRANT EXECUTE ON FUNCTION app.begin_request(uuid, uuid, uuid, integer, bigint, integer, text), app.consistency_token() TO portal_backup;
SELECT app.allow('job_locks', 'portal_backup', command, 'true') FROM unnest(ARRAY['INSERT', 'UPDATE']) AS command;
