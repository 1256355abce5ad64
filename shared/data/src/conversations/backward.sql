-- $1 is the caller, $2 whether those that are put away are shown, $3 the time since when, ($4, $5) where the page before ended.
-- The page is taken from the index conversations_inbox or conversations_archive before anything is joined.
SELECT
    c.counterpart_id,
    concat_ws(' ', d.first_name, d.last_name) AS name,
    d.company,
    d.profile_image_key,
    b.user_id IS NOT NULL AS "is_blocked!",
    m.id AS "message_id?",
    m.sender_id AS "sender_id?",
    m.subject AS "subject?",
    left(m.content, 140) AS excerpt,
    c.last_message_at AS "last_message_at!",
    c.unread_count AS "unread_count!",
    c.archived_at
FROM (
    SELECT *
    FROM conversations
    WHERE user_id = $1
        AND (archived_at IS NOT NULL) = $2
        AND ($3::timestamptz IS NULL OR last_message_at > $3)
        AND ($4::timestamptz IS NULL OR (last_message_at, counterpart_id) < ($4, $5::uuid))
    ORDER BY last_message_at DESC, counterpart_id DESC
    LIMIT $6
) AS c
LEFT JOIN member_directory AS d ON d.id = c.counterpart_id
LEFT JOIN messages AS m ON m.id = c.last_message_id
LEFT JOIN member_blocks AS b ON b.user_id = c.user_id AND b.blocked_id = c.counterpart_id
ORDER BY c.last_message_at DESC, c.counterpart_id DESC
