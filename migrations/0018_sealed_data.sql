-- What the second factor leaves behind, and the way for the upkeep to seal everything anew after a key was rotated.

-- The last time step whose code was taken, apart from users, so that a sign-in changes neither the account's version nor its audit.
CREATE TABLE totp_steps (
    user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    step bigint NOT NULL CHECK (step >= 0),
    used_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE totp_steps IS 'The last time step of each authenticator whose code was taken: no code of that step or before is taken again.';
COMMENT ON COLUMN totp_steps.step IS 'Seconds since 1970 divided by 30 (RFC 6238).';
SELECT app.protect('totp_steps');
SELECT app.allow('totp_steps', 'portal_auth', command, 'true') FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS command;
SELECT app.classify('totp_steps', '{"private": ["user_id", "step", "used_at"]}');

ALTER TABLE single_use_tokens ADD COLUMN attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0);
COMMENT ON COLUMN single_use_tokens.attempts IS
    'Codes that were tried with an MFA_CHALLENGE: a wrong one does not use it up, but after a few it is good no more.';
SELECT app.classify('single_use_tokens', '{"private": ["attempts"]}');

-- A row's key stands in the audit, so it cannot be the hash.
ALTER TABLE mfa_recovery_codes
    DROP CONSTRAINT mfa_recovery_codes_pkey,
    ADD COLUMN id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    ADD CONSTRAINT mfa_recovery_codes_code_key UNIQUE (user_id, code_hash);
COMMENT ON COLUMN mfa_recovery_codes.code_hash IS 'SHA-256 over the account''s id and the code''s 120 random bits.';
SELECT app.classify('mfa_recovery_codes', '{"private": ["id"]}');
SELECT app.enable_audit('mfa_recovery_codes');

COMMENT ON COLUMN users.mfa_secret IS
    'The TOTP secret, sealed by the application; set but not yet confirmed while mfa_enabled_at is NULL.';
ALTER TABLE users ADD CONSTRAINT users_mfa_has_secret CHECK (mfa_enabled_at IS NULL OR mfa_secret IS NOT NULL);
COMMENT ON COLUMN secure_data.key_id IS 'The key that the value was sealed with, as it also stands in the value.';

-- By which the upkeep finds what an older key sealed.
CREATE INDEX users_mfa_secret ON users (id) WHERE mfa_secret IS NOT NULL;

-- Sealed anew a value is the same value: neither version nor updated_at changes, so that no client's If-Match fails for it.
CREATE FUNCTION app.begin_resealing() RETURNS void
LANGUAGE sql VOLATILE SET search_path = ''
AS $$ SELECT set_config('app.resealing', 'on', true) $$;
COMMENT ON FUNCTION app.begin_resealing() IS 'Until the transaction ends, updates of sealed columns leave version and updated_at as they are.';
GRANT EXECUTE ON FUNCTION app.begin_resealing() TO portal_maintenance;

CREATE FUNCTION app.is_resealing() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN COALESCE(current_setting('app.resealing', true), '') = 'on';
COMMENT ON FUNCTION app.is_resealing() IS 'Whether app.begin_resealing was called in this transaction.';
GRANT EXECUTE ON FUNCTION app.is_resealing() TO PUBLIC;

DROP TRIGGER touch ON secure_data;
CREATE TRIGGER touch BEFORE UPDATE ON secure_data
    FOR EACH ROW WHEN (NOT app.is_resealing()) EXECUTE FUNCTION app.touch();
DROP TRIGGER touch ON users;
CREATE TRIGGER touch BEFORE UPDATE ON users
    FOR EACH ROW WHEN (OLD.membership_expires_at IS NOT DISTINCT FROM NEW.membership_expires_at AND NOT app.is_resealing())
    EXECUTE FUNCTION app.touch();
