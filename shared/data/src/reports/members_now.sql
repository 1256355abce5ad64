-- $1 what time it is.
WITH holders AS (
    SELECT m.user_id, bool_or(m.ends_at > $1::timestamptz) AS is_paid
    FROM memberships AS m
    WHERE m.state <> 'CANCELLED' AND m.starts_at <= $1 AND COALESCE(m.grace_ends_at, m.ends_at) > $1
    GROUP BY m.user_id
)
SELECT a.accounts AS "accounts!", a.awaiting AS "awaiting_approval!", a.suspended AS "suspended!", h.members AS "members!",
    h.in_grace AS "in_grace!", a.covered AS "covered!"
FROM (
    SELECT count(*) AS accounts, count(*) FILTER (WHERE approved_at IS NULL) AS awaiting,
        count(*) FILTER (WHERE suspended_at IS NOT NULL) AS suspended,
        count(*) FILTER (WHERE membership_expires_at > $1) AS covered
    FROM account_dates
    WHERE deleted_at IS NULL
) AS a
CROSS JOIN (SELECT count(*) AS members, count(*) FILTER (WHERE NOT is_paid) AS in_grace FROM holders) AS h
