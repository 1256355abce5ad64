-- Who the members are and how they sign in: accounts, roles and permissions, sign-ins, and what is kept encrypted.

CREATE TABLE users (
    id uuid PRIMARY KEY,
    email text NOT NULL CHECK (email ~ '^[^@[:space:]]+@[^@[:space:]]+$' AND length(email) <= 254),
    password_hash text,
    first_name text NOT NULL,
    last_name text NOT NULL,
    company text,
    title text,
    phone text CHECK (phone ~ '^\+[0-9]{8,15}$'),
    street text,
    city text,
    state text,
    zip text,
    coordinates geography (Point, 4326),
    member_type text NOT NULL DEFAULT 'REGULAR' CHECK (member_type IN ('REGULAR', 'ADMIN')),
    member_since date,
    membership_expires_at timestamptz,
    is_active boolean NOT NULL DEFAULT true,
    is_verified boolean NOT NULL DEFAULT false,
    approved_at timestamptz,
    suspended_at timestamptz,
    bio text,
    website text,
    linkedin text,
    profile_image_key text,
    certifications jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(certifications) = 'array'),
    languages text[] NOT NULL DEFAULT '{}',
    notification_preferences jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(notification_preferences) = 'object'),
    field_visibility jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(field_visibility) = 'object'),
    mfa_secret bytea,
    mfa_enabled_at timestamptz,
    contractor_license text REFERENCES licences,
    deleted_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT users_suspended_is_inactive CHECK (suspended_at IS NULL OR NOT is_active)
);
COMMENT ON TABLE users IS 'Accounts: members and staff.';
COMMENT ON COLUMN users.field_visibility IS
    'Who sees "email", "phone" and "address": EVERYONE, MEMBERS or NOBODY. A field that is not named is for MEMBERS.';
COMMENT ON COLUMN users.mfa_secret IS 'The TOTP secret, encrypted by the application.';
COMMENT ON COLUMN users.contractor_license IS 'The licence that the member has claimed and we have checked.';
-- Not citext: its operators are lost under an empty search_path.
CREATE UNIQUE INDEX users_email_key ON users (lower(email)) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX users_contractor_license_key ON users (contractor_license) WHERE deleted_at IS NULL;
CREATE INDEX users_contractor_license ON users (contractor_license);
CREATE INDEX users_directory ON users (last_name, first_name, id) WHERE is_active AND deleted_at IS NULL;
CREATE INDEX users_city ON users (lower(city), last_name, first_name, id) WHERE is_active AND deleted_at IS NULL;
CREATE INDEX users_created ON users (created_at DESC, id DESC);
CREATE INDEX users_coordinates ON users USING gist (coordinates);
CREATE INDEX users_expiry ON users (membership_expires_at) WHERE is_active AND deleted_at IS NULL;
SELECT app.version_rows('users', '{membership_expires_at}');

ALTER TABLE california_contractors
    ADD CONSTRAINT california_contractors_outreach_by FOREIGN KEY (outreach_updated_by) REFERENCES users;

CREATE TABLE roles (
    id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name ~ '^[a-z][a-z_]*$'),
    description text NOT NULL,
    is_system boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1
);
COMMENT ON TABLE roles IS 'Named sets of permissions, editable by an administrator; system roles cannot be deleted.';
SELECT app.version_rows('roles');

CREATE TABLE permissions (
    id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name ~ '^[a-z_]+\.[a-z_]+$'),
    description text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE permissions IS 'What can be allowed, as resource.action.';

CREATE TABLE role_permissions (
    role_id uuid NOT NULL REFERENCES roles ON DELETE CASCADE,
    permission_id uuid NOT NULL REFERENCES permissions ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (role_id, permission_id)
);
CREATE INDEX role_permissions_permission ON role_permissions (permission_id);
COMMENT ON TABLE role_permissions IS 'Which role allows what.';

CREATE TABLE user_roles (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    role_id uuid NOT NULL REFERENCES roles ON DELETE CASCADE,
    granted_by uuid REFERENCES users,
    expires_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, role_id)
);
CREATE INDEX user_roles_role ON user_roles (role_id);
CREATE INDEX user_roles_granted_by ON user_roles (granted_by) WHERE granted_by IS NOT NULL;
COMMENT ON TABLE user_roles IS 'Who holds which role, possibly until a date.';

CREATE TABLE skills (
    name text PRIMARY KEY CHECK (name <> '' AND length(name) <= 80),
    created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE skills IS 'The vocabulary of skills that members and projects pick from.';

CREATE TABLE user_skills (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    skill text NOT NULL REFERENCES skills ON UPDATE CASCADE,
    level text NOT NULL CHECK (level IN ('BEGINNER', 'INTERMEDIATE', 'ADVANCED', 'EXPERT')),
    verified boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (user_id, skill)
);
CREATE INDEX user_skills_skill ON user_skills (skill, user_id);
SELECT app.version_rows('user_skills');
COMMENT ON TABLE user_skills IS 'What a member can do, and how well.';

CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    refresh_token_hash bytea NOT NULL,
    previous_token_hash bytea,
    rotated_at timestamptz NOT NULL DEFAULT now(),
    generation integer NOT NULL DEFAULT 1,
    device text,
    ip_address inet,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_reason text
);
CREATE INDEX sessions_user ON sessions (user_id, last_seen_at DESC);
CREATE UNIQUE INDEX sessions_refresh_token_key ON sessions (refresh_token_hash);
CREATE INDEX sessions_previous_token ON sessions (previous_token_hash);
CREATE INDEX sessions_expiry ON sessions (expires_at);
COMMENT ON TABLE sessions IS
    'A sign-in on one device: a family of refresh tokens, of which only the newest hash and the one before are kept.';

CREATE TABLE known_devices (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    device_hash bytea NOT NULL,
    first_seen_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, device_hash)
);
COMMENT ON TABLE known_devices IS 'Devices that have signed in before: they keep their way in while others guess.';

CREATE TABLE login_attempts (
    subject_kind text NOT NULL CHECK (subject_kind IN ('ACCOUNT', 'ADDRESS', 'DEVICE')),
    subject_hash bytea NOT NULL,
    user_id uuid REFERENCES users ON DELETE CASCADE,
    failures integer NOT NULL DEFAULT 0,
    locked_until timestamptz,
    last_failure_at timestamptz,
    last_login_at timestamptz,
    PRIMARY KEY (subject_kind, subject_hash)
);
CREATE INDEX login_attempts_user ON login_attempts (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX login_attempts_age ON login_attempts (last_failure_at);
COMMENT ON TABLE login_attempts IS
    'Failures and lockouts by account, address and device; apart from users, so that guessing neither bloats nor floods the audit.';

CREATE TABLE single_use_tokens (
    token_hash bytea PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    purpose text NOT NULL CHECK (purpose IN (
        'VERIFY_EMAIL', 'RESET_PASSWORD', 'CHANGE_EMAIL', 'MFA_CHALLENGE', 'CALENDAR', 'UNSUBSCRIBE')),
    payload jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    used_at timestamptz
);
CREATE INDEX single_use_tokens_user ON single_use_tokens (user_id, purpose);
CREATE INDEX single_use_tokens_expiry ON single_use_tokens (expires_at);
COMMENT ON TABLE single_use_tokens IS 'Hashes of the secrets that links in mails carry.';

CREATE TABLE mfa_recovery_codes (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    code_hash bytea NOT NULL,
    used_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, code_hash)
);
COMMENT ON TABLE mfa_recovery_codes IS 'Hashed codes for a member who has lost the second factor, each good once.';

CREATE TABLE secure_data (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('SSN', 'EIN', 'BANK_ACCOUNT', 'BANK_ROUTING')),
    key_id text NOT NULL,
    ciphertext bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    PRIMARY KEY (user_id, kind)
);
CREATE INDEX secure_data_key ON secure_data (key_id);
SELECT app.version_rows('secure_data', '{}');
COMMENT ON TABLE secure_data IS
    'Tax numbers and bank details: AES-256-GCM done by the application, with row and kind as associated data.';
