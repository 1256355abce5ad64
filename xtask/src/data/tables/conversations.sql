-- Message ids are UUIDv7: the greatest is the latest.
INSERT INTO conversations (user_id, counterpart_id, last_message_id, last_message_at, unread_count)
SELECT user_id, counterpart_id, max(id::text)::uuid, max(sent_at), count(*) FILTER (WHERE unread)
FROM (
    SELECT sender_id AS user_id, receiver_id AS counterpart_id, id, sent_at, false AS unread
    FROM messages
    UNION ALL
    SELECT receiver_id, sender_id, id, sent_at, status IN ('SENT', 'DELIVERED')
    FROM messages
) AS sides
GROUP BY user_id, counterpart_id
