-- All parts see the tables as they were before, so "any" speaks of earlier sign-ins. The index sessions_user serves "surplus".
-- What the account may do is read here too, and its attempts are given back, which spares round trips.
-- FOR SHARE waits for a change of the password that is under way, and then compares with the new one. A second factor that was set
-- up meanwhile has yet to be asked for.
WITH owner AS (
    SELECT id, mfa_enabled_at IS NOT NULL AS has_second_factor
    FROM users
    WHERE id = $2 AND is_active AND is_verified AND deleted_at IS NULL AND password_hash IS NOT DISTINCT FROM $11
        AND (mfa_enabled_at IS NOT NULL) = $12
    FOR SHARE
), kept AS (
    UPDATE known_devices AS d
    SET last_seen_at = $6, second_factor_at = CASE WHEN o.has_second_factor THEN $6 ELSE d.second_factor_at END
    FROM owner AS o
    WHERE d.user_id = o.id AND d.device_hash = $8
    RETURNING d.device_hash
), remembered AS (
    INSERT INTO known_devices (user_id, device_hash, first_seen_at, last_seen_at, second_factor_at)
    SELECT id, $9, $6, $6, CASE WHEN has_second_factor THEN $6 END
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
    INSERT INTO sessions (
        id, user_id, refresh_token_hash, device, ip_address, rotated_at, created_at, last_seen_at, expires_at, second_factor_at)
    SELECT $1, id, $3, $4, $5::text::inet, $6, $6, $6, $7, CASE WHEN has_second_factor THEN $6 END
    FROM owner
), forgiven AS (
    SELECT app.forgive_attempts($13::text[], $14::bytea[], id, $6)
    FROM owner
)
SELECT
    EXISTS (SELECT FROM forgiven) AS "stored!",
    EXISTS (SELECT FROM kept) AS "known!",
    EXISTS (SELECT FROM known_devices WHERE user_id = $2) AS "any!",
    COALESCE(array_agg(DISTINCT r.name ORDER BY r.name) FILTER (WHERE r.name IS NOT NULL), '{}') AS "roles!",
    COALESCE(array_agg(DISTINCT p.name ORDER BY p.name) FILTER (WHERE p.name IS NOT NULL), '{}') AS "permissions!"
FROM user_roles AS ur
JOIN roles AS r ON r.id = ur.role_id
LEFT JOIN role_permissions AS rp ON rp.role_id = r.id
LEFT JOIN permissions AS p ON p.id = rp.permission_id
WHERE ur.user_id = $2 AND (ur.expires_at IS NULL OR ur.expires_at > $6)
