-- How many announcements a list has, as list.sql shows them: $1 is the caller, $2 whether all are counted that the policies show, $3
-- whether only unread ones, $4 how far to count.
SELECT count(*) AS "count!"
FROM (
    SELECT
    FROM announcements AS a
    WHERE a.deleted_at IS NULL
        AND ($2 OR a.publish_at <= now()
            AND COALESCE(a.expires_at > now(), true)
            AND app.is_in_audience(a.audience, a.audience_member_type, a.audience_role_id))
        AND (NOT $3 OR NOT EXISTS (
            SELECT FROM announcement_reads AS r WHERE r.announcement_id = a.id AND r.user_id = $1))
    LIMIT $4
) AS counted
