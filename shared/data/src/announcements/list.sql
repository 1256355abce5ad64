-- $1 is the caller, $2 one announcement, $3 whether all are shown that the policies show, $4 whether only unread ones, ($5, $6) where the
-- page before ended. The index announcements_publish. The rule stands here again because the policies show more to those who write them.
SELECT
    a.id, a.author_id, a.title, a.content, a.audience, a.audience_member_type,
    CASE WHEN a.audience = 'ROLE' THEN app.name_of_role(a.audience_role_id) END AS audience_role,
    a.is_urgent, a.publish_at, a.expires_at, r.read_at AS "read_at?", a.created_at, a.version
FROM announcements AS a
LEFT JOIN announcement_reads AS r ON r.announcement_id = a.id AND r.user_id = $1
WHERE a.deleted_at IS NULL
    AND ($2::uuid IS NULL OR a.id = $2)
    AND ($3 OR a.publish_at <= now()
        AND COALESCE(a.expires_at > now(), true)
        AND app.is_in_audience(a.audience, a.audience_member_type, a.audience_role_id))
    AND (NOT $4 OR r.read_at IS NULL)
    AND ($5::timestamptz IS NULL OR (a.publish_at, a.id) < ($5, $6::uuid))
ORDER BY a.publish_at DESC, a.id DESC
LIMIT $7
