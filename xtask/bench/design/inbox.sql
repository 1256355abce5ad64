-- The newest message of each counterpart. The design has the two indexes and no statement; this is what an inbox takes of them.
SELECT * FROM (
    SELECT DISTINCT ON (counterpart) counterpart, id, subject, status, sent_at
    FROM (
        SELECT receiver_id AS counterpart, id, subject, status, sent_at FROM messages WHERE sender_id = :member
        UNION ALL
        SELECT sender_id, id, subject, status, sent_at FROM messages WHERE receiver_id = :member
    ) AS mine
    ORDER BY counterpart, sent_at DESC
) AS newest
ORDER BY sent_at DESC
LIMIT 20 OFFSET 0;
