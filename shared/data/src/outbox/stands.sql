-- Whether what the mail $1 says is so still: an announcement may have been withdrawn or have run out, a seat given back, an offer accepted or
-- lapsed, an event called off. That it was called off is true for good.
SELECT CASE
    WHEN o.kind = 'URGENT_ANNOUNCEMENT' THEN EXISTS (
        SELECT FROM announcements AS a
        WHERE a.id = o.about AND a.deleted_at IS NULL AND COALESCE(a.expires_at > now(), true))
    WHEN o.kind IN ('EVENT_REGISTERED', 'EVENT_HELD', 'EVENT_WAITLISTED', 'EVENT_SEAT_OFFERED') THEN EXISTS (
        SELECT FROM event_registrations AS r
        JOIN events AS e ON e.id = r.event_id
        WHERE r.event_id = o.about AND r.user_id = o.user_id AND e.deleted_at IS NULL AND e.status <> 'CANCELLED'
            AND CASE o.kind
                WHEN 'EVENT_REGISTERED' THEN r.status IN ('REGISTERED', 'ATTENDED')
                WHEN 'EVENT_HELD' THEN r.status = 'REGISTERED' AND r.hold_expires_at > now()
                WHEN 'EVENT_WAITLISTED' THEN r.status = 'WAITLISTED' AND r.offer_expires_at IS NULL
                ELSE r.status = 'WAITLISTED' AND r.offer_expires_at > now()
            END)
    WHEN o.kind IN ('EVENT_CHANGED', 'EVENT_OFFER_EXPIRED', 'EVENT_HOLD_EXPIRED') THEN EXISTS (
        SELECT FROM events AS e WHERE e.id = o.about AND e.deleted_at IS NULL AND e.status <> 'CANCELLED')
    WHEN o.kind IN ('COURSE_ENROLLED', 'COURSE_HELD', 'CERTIFICATE_REVOKED', 'CERTIFICATE_REINSTATED') THEN EXISTS (
        SELECT FROM course_enrollments AS e
        WHERE e.id = o.about
            AND CASE o.kind
                WHEN 'COURSE_ENROLLED' THEN e.status <> 'DROPPED'
                WHEN 'COURSE_HELD' THEN e.hold_expires_at > now()
                WHEN 'CERTIFICATE_REVOKED' THEN e.certificate_revoked_at IS NOT NULL
                ELSE e.certificate_revoked_at IS NULL
            END)
    ELSE true
END AS "stands!"
FROM outbox AS o
WHERE o.id = $1 AND o.about IS NOT NULL
