-- Bids that the caller may see: policies show the own ones, and those on projects that the caller runs. $1 a bid, $2 a project,
-- $3 a bidder, $4 states, ($5, $6) where the page before ended. Served by the keys on (project_id, submitted_at) and (user_id, created_at).
SELECT
    a.id, a.project_id, p.title AS project_title, p.status AS project_status, a.user_id,
    concat_ws(' ', m.first_name, m.last_name) AS bidder_name, m.company AS bidder_company,
    m.contractor_license AS bidder_license,
    p.license_classes = '{}' OR EXISTS (
        SELECT FROM contractor_listings AS c
        WHERE c.license_number = m.contractor_license AND c.in_good_standing AND c.classifications && p.license_classes
    ) AS "is_eligible!",
    a.bid_amount_cents, a.currency, a.cover_letter, a.proposal, a.status, a.submitted_at, a.withdrawn_at, a.reviewed_at,
    CASE WHEN app.runs_project(a.project_id) THEN COALESCE(a.notes, '') END AS notes,
    CASE WHEN a.status = 'WITHDRAWN' THEN 0 ELSE (
        SELECT count(*) FROM addenda AS d
        WHERE d.project_id = a.project_id
            AND NOT EXISTS (
                SELECT FROM addendum_acknowledgements AS k WHERE k.addendum_id = d.id AND k.user_id = a.user_id)
    ) END AS "addenda_to_acknowledge!",
    (
        SELECT COALESCE(jsonb_agg(jsonb_build_object(
            'fromStatus', e.from_status, 'toStatus', e.to_status, 'at', to_char(e.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.USZ')
        ) ORDER BY e.created_at, e.id), '[]')
        FROM application_events AS e
        WHERE e.application_id = a.id
    ) AS "history!",
    a.version
FROM project_applications AS a
JOIN project_summaries AS p ON p.id = a.project_id
LEFT JOIN member_directory AS m ON m.id = a.user_id
WHERE ($1::uuid IS NULL OR a.id = $1)
    AND ($2::uuid IS NULL OR a.project_id = $2)
    AND ($3::uuid IS NULL OR a.user_id = $3)
    AND ($4::text[] IS NULL OR a.status = ANY ($4))
    AND ($5::timestamptz IS NULL OR (a.submitted_at, a.id) < ($5, $6::uuid))
ORDER BY a.submitted_at DESC, a.id DESC
LIMIT $7
