-- Sign-in tells a member what they may do, so that clients show what they can use; the database still decides at each request.

SELECT app.allow(name::regclass, 'portal_auth', 'SELECT', 'true') FROM unnest(ARRAY['role_permissions', 'permissions']) AS name;

COMMENT ON COLUMN sessions.refresh_token_hash IS 'SHA-256 of the newest refresh token of the family.';
COMMENT ON COLUMN sessions.previous_token_hash IS
    'SHA-256 of the one before: for 30 seconds after rotated_at it is answered with the newest again, in case that answer was lost.';
COMMENT ON COLUMN sessions.device IS 'What the client says it is: its User-Agent.';
COMMENT ON COLUMN sessions.revoked_reason IS 'SIGNED_OUT, REVOKED, PASSWORD_CHANGED, TOKEN_REUSED or REPLACED.';
COMMENT ON COLUMN known_devices.device_hash IS 'SHA-256 of a random token that the device keeps and sends when it signs in.';
COMMENT ON COLUMN login_attempts.subject_hash IS
    'SHA-256 of what is limited and of whom: a folded e-mail address, an IPv4 address or IPv6 /64, or a device token with its account.';
COMMENT ON COLUMN login_attempts.failures IS
    'Attempts that have not succeeded; one that is still running counts, so that many at once cannot pass a limit.';
