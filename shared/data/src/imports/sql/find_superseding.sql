-- S3's sequencers are hexadecimal numbers of differing length, compared as text once the shorter is filled with zeros on the right.
SELECT id, object_key, as_of
FROM import_runs
WHERE state = 'COMPLETED'
    AND NOT dry_run
    AND id <> $1
    AND format = $2
    AND (
        -- Uploaded again on purpose, an older file is what is wanted; arriving late, it is not.
        (
            format = 'LICENSE_MASTER' AND as_of > $3
            AND uploaded_at > (SELECT this.uploaded_at FROM import_runs AS this WHERE this.id = $1)
        )
        OR (
            bucket = $4 AND object_key = $5
            AND sequencer ~ '^[0-9A-Fa-f]+$' AND $6 ~ '^[0-9A-Fa-f]+$'
            AND rpad(upper(sequencer), 64, '0') COLLATE "C" > rpad(upper($6), 64, '0') COLLATE "C"
        )
    )
ORDER BY finished_at DESC
LIMIT 1
