-- Tickets that the caller may see. $1 one ticket, $2 a member, $3 states, ($4, $5) where the page before ended. The indexes
-- member_feedback_user and, for staff, member_feedback_status.
SELECT
    f.id, f.user_id, f.category, f.priority, f.subject, f.content, f.status,
    (SELECT count(*) FROM feedback_replies AS r WHERE r.feedback_id = f.id) AS "reply_count!",
    f.resolved_at, f.created_at, f.updated_at, f.version
FROM member_feedback AS f
WHERE ($1::uuid IS NULL OR f.id = $1)
    AND ($2::uuid IS NULL OR f.user_id = $2)
    AND ($3::text[] IS NULL OR f.status = ANY ($3))
    AND ($4::timestamptz IS NULL OR (f.created_at, f.id) < ($4, $5::uuid))
ORDER BY f.created_at DESC, f.id DESC
LIMIT $6
