-- Enrolments that the caller may see: policies show the own ones, and all to who runs courses. $1 an enrolment, $2 a course, $3 a
-- member, $4 states, ($5, $6) where the page before ended. Served by the keys on (user_id, enrolled_at) and on (course_id, …).
SELECT
    e.id, e.course_id, c.title AS "course_title!", e.user_id, concat_ws(' ', m.first_name, m.last_name) AS member_name, e.status,
    e.progress_percent, e.amount_cents, e.currency, e.paid_at, e.hold_expires_at, e.enrolled_at, e.completed_at, e.certificate_number,
    e.certificate_expires_at, e.certificate_revoked_at, e.certificate_revocation_reason, e.version
FROM course_enrollments AS e
JOIN course_listings AS c ON c.id = e.course_id
LEFT JOIN member_directory AS m ON m.id = e.user_id
WHERE ($1::uuid IS NULL OR e.id = $1)
    AND ($2::uuid IS NULL OR e.course_id = $2)
    AND ($3::uuid IS NULL OR e.user_id = $3)
    AND ($4::text[] IS NULL OR e.status = ANY ($4))
    AND ($5::timestamptz IS NULL OR (e.enrolled_at, e.id) < ($5, $6::uuid))
ORDER BY e.enrolled_at DESC, e.id DESC
LIMIT $7
