-- All parts see the tables as they were before, so "any" speaks of earlier sign-ins. The index sessions_user serves "surplus".
-- What the account may do is read here too, which spares a round trip.
-- FOR SHARE waits for a change of the password that is under way, and then compares with the new one.
WITH owner AS (
    SELECT id
    FROM users
    WHERE id = $2 AND is_active AND is_verified AND deleted_at IS NULL AND password_hash IS NOT DISTINCT FROM $11
    FOR SHARE
), kept AS (
    UPDATE known_devices SET last_seen_at = $6
    WHERE user_id = $2 AND device_hash = $8
    RETURNING device_hash
), remembered AS (
    INSERT INTO known_devices (user_id, device_hash, first_seen_at, last_seen_at)
    SELECT id, $9, $6, $6
    FROM owner
    WHERE NOT EXISTS (SELECT FROM kept)
), forgotten AS (
    DELETE FROM known_devices
    WHERE user_id = $2 AND device_hash IN (
        SELECT device_hash
        FROM known_devices
        WHERE user_id = $2 AND device_hash IS DISTINCT FROM $8
        ORDER BY last_seen_at DESC
        OFFSET $10)
), surplus AS (
    UPDATE sessions SET revoked_at = $6, revoked_reason = 'REPLACED'
    WHERE id IN (
        SELECT id
        FROM sessions
        WHERE user_id = $2 AND revoked_at IS NULL AND expires_at > $6
        ORDER BY last_seen_at DESC
        OFFSET $10)
), session AS (
    INSERT INTO sessions (id, user_id, refresh_token_hash, device, ip_address, rotated_at, created_at, last_seen_at, expires_at)
    SELECT $1, id, $3, $4, $5::text::inet, $6, $6, $6, $7
    FROM owner
)
SELECT
    EXISTS (SELECT FROM owner) AS "stored!",
    EXISTS (SELECT FROM kept) AS "known!",
    EXISTS (SELECT FROM known_devices WHERE user_id = $2) AS "any!",
    COALESCE(array_agg(DISTINCT r.name ORDER BY r.name) FILTER (WHERE r.name IS NOT NULL), '{}') AS "roles!",
    COALESCE(array_agg(DISTINCT p.name ORDER BY p.name) FILTER (WHERE p.name IS NOT NULL), '{}') AS "permissions!"
FROM user_roles AS ur
JOIN roles AS r ON r.id = ur.role_id
LEFT JOIN role_permissions AS rp ON rp.role_id = r.id
LEFT JOIN permissions AS p ON p.id = rp.permission_id
WHERE ur.user_id = $2 AND (ur.expires_at IS NULL OR ur.expires_at > $6)
