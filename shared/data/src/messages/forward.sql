-- $1 and $2 are the two people in the order of their ids; ($3, $4) is where the page before ended. The index messages_thread.
SELECT id, sender_id, receiver_id, subject, content, status, sent_at, read_at
FROM messages
WHERE LEAST(sender_id, receiver_id) = $1
    AND GREATEST(sender_id, receiver_id) = $2
    AND ($3::timestamptz IS NULL OR (sent_at, id) > ($3, $4::uuid))
ORDER BY sent_at, id
LIMIT $5
