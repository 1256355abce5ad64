-- Tickets for staff. $1 one ticket, $2 states, $3 priorities, $4 categories, $5 who works on them, ($6, $7) where the page before ended.
-- The indexes member_feedback_created, member_feedback_status and member_feedback_assigned. Policies show names to those who may see accounts.
SELECT
    f.id, f.user_id, f.category, f.priority, f.subject, f.content, f.status,
    (SELECT count(*) FROM feedback_replies AS r WHERE r.feedback_id = f.id) AS "reply_count!",
    f.assigned_to,
    (SELECT concat_ws(' ', u.first_name, u.last_name) FROM users AS u WHERE u.id = f.user_id) AS member_name,
    (SELECT u.email FROM users AS u WHERE u.id = f.user_id) AS member_email,
    f.resolved_at, f.created_at, f.updated_at, f.version
FROM member_feedback AS f
WHERE ($1::uuid IS NULL OR f.id = $1)
    AND ($2::text[] IS NULL OR f.status = ANY ($2))
    AND ($3::text[] IS NULL OR f.priority = ANY ($3))
    AND ($4::text[] IS NULL OR f.category = ANY ($4))
    AND ($5::uuid IS NULL OR f.assigned_to = $5)
    AND ($6::timestamptz IS NULL OR (f.created_at, f.id) < ($6, $7::uuid))
ORDER BY f.created_at DESC, f.id DESC
LIMIT $8
