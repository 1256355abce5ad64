-- Construction projects, who was invited to them, what changed in them and who bid.

CREATE TABLE projects (
    id uuid PRIMARY KEY,
    external_id text,
    source text NOT NULL DEFAULT 'MANUAL' CHECK (source ~ '^[A-Z][A-Z0-9_]*$'),
    owner_id uuid NOT NULL REFERENCES users,
    title text NOT NULL CHECK (title <> '' AND length(title) <= 300),
    description text NOT NULL DEFAULT '',
    category text NOT NULL CHECK (category IN (
        'RESIDENTIAL', 'COMMERCIAL', 'INFRASTRUCTURE', 'RENOVATION', 'NEW_CONSTRUCTION', 'MAINTENANCE', 'SPECIALTY')),
    budget_min_cents bigint CHECK (budget_min_cents >= 0),
    budget_max_cents bigint CHECK (budget_max_cents >= 0),
    estimated_value_cents bigint CHECK (estimated_value_cents >= 0),
    currency text NOT NULL DEFAULT 'USD' CHECK (currency ~ '^[A-Z]{3}$'),
    funding_source text,
    location text,
    address text,
    city text,
    state text,
    zip text,
    coordinates geography (Point, 4326),
    start_date date,
    end_date date,
    deadline_date timestamptz,
    requirements text[] NOT NULL DEFAULT '{}',
    skills_required text[] NOT NULL DEFAULT '{}',
    license_classes text[] NOT NULL DEFAULT '{}',
    experience_years integer CHECK (experience_years >= 0),
    bonding_required boolean NOT NULL DEFAULT false,
    insurance jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(insurance) = 'object'),
    status text NOT NULL DEFAULT 'DRAFT' CHECK (status IN (
        'DRAFT', 'PUBLISHED', 'BIDDING_OPEN', 'BIDDING_CLOSED', 'AWARDED', 'COMPLETED', 'CANCELLED')),
    priority text NOT NULL DEFAULT 'MEDIUM' CHECK (priority IN ('LOW', 'MEDIUM', 'HIGH', 'URGENT')),
    visibility text NOT NULL DEFAULT 'PUBLIC' CHECK (visibility IN ('PUBLIC', 'MEMBERS_ONLY', 'INVITE_ONLY', 'PRIVATE')),
    max_applications integer CHECK (max_applications > 0),
    application_count integer NOT NULL DEFAULT 0 CHECK (application_count >= 0),
    contact_name text,
    contact_email text,
    contact_phone text,
    published_at timestamptz,
    closed_at timestamptz,
    addendum_count integer NOT NULL DEFAULT 0,
    deleted_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    search tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('public.portal_prose', title), 'A')
        || setweight(to_tsvector('public.portal_names', app.words(skills_required)), 'B')
        || setweight(to_tsvector('pg_catalog.simple', app.words(license_classes)), 'B')
        || setweight(to_tsvector('public.portal_names', COALESCE(city, '')), 'C')
        || setweight(to_tsvector('public.portal_prose', description), 'D')
    ) STORED,
    CONSTRAINT projects_budget_order CHECK (budget_min_cents <= budget_max_cents),
    CONSTRAINT projects_date_order CHECK (start_date <= end_date),
    CONSTRAINT projects_room CHECK (application_count <= max_applications),
    CONSTRAINT projects_external_key UNIQUE (source, external_id)
);
COMMENT ON TABLE projects IS 'Construction opportunities, posted here or imported from another source by its external id.';
COMMENT ON COLUMN projects.application_count IS 'Bids that count towards max_applications; raises no version.';
COMMENT ON COLUMN projects.deadline_date IS 'Bids are taken before this instant.';
CREATE INDEX projects_owner ON projects (owner_id, created_at DESC, id DESC);
CREATE INDEX projects_status_created ON projects (status, created_at DESC, id DESC);
CREATE INDEX projects_category_created ON projects (category, created_at DESC, id DESC);
CREATE INDEX projects_status_deadline ON projects (status, deadline_date, id);
CREATE INDEX projects_budget ON projects (budget_max_cents, budget_min_cents);
CREATE INDEX projects_city ON projects (lower(city), created_at DESC, id DESC);
CREATE INDEX projects_coordinates ON projects USING gist (coordinates);
CREATE INDEX projects_skills ON projects USING gin (skills_required);
CREATE INDEX projects_license_classes ON projects USING gin (license_classes);
CREATE INDEX projects_search ON projects USING gin (search);
SELECT app.version_rows('projects', '{application_count}');

CREATE TABLE project_invitations (
    project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    invited_by uuid NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (project_id, user_id)
);
CREATE INDEX project_invitations_user ON project_invitations (user_id);
CREATE INDEX project_invitations_invited_by ON project_invitations (invited_by);
COMMENT ON TABLE project_invitations IS 'Members who may see and bid on an INVITE_ONLY project.';

CREATE TABLE project_applications (
    id uuid PRIMARY KEY,
    project_id uuid NOT NULL REFERENCES projects,
    user_id uuid NOT NULL REFERENCES users,
    bid_amount_cents bigint CHECK (bid_amount_cents >= 0),
    currency text NOT NULL DEFAULT 'USD' CHECK (currency ~ '^[A-Z]{3}$'),
    cover_letter text NOT NULL DEFAULT '',
    proposal text NOT NULL DEFAULT '',
    status text NOT NULL DEFAULT 'PENDING' CHECK (
        status IN ('PENDING', 'REVIEWING', 'APPROVED', 'REJECTED', 'WITHDRAWN')),
    submitted_at timestamptz NOT NULL DEFAULT now(),
    withdrawn_at timestamptz,
    reviewed_by uuid REFERENCES users,
    reviewed_at timestamptz,
    notes text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT project_applications_one_per_member UNIQUE (project_id, user_id)
);
CREATE INDEX project_applications_user ON project_applications (user_id, created_at DESC, id DESC);
CREATE INDEX project_applications_project ON project_applications (project_id, submitted_at, id);
CREATE INDEX project_applications_reviewed_by ON project_applications (reviewed_by) WHERE reviewed_by IS NOT NULL;
SELECT app.version_rows('project_applications');
COMMENT ON TABLE project_applications IS 'Bids, sealed from rivals: seen by the bidder, the project''s owner and staff.';
COMMENT ON COLUMN project_applications.notes IS 'The reviewer''s own notes, never shown to the bidder.';

CREATE TABLE application_events (
    id uuid PRIMARY KEY,
    application_id uuid NOT NULL REFERENCES project_applications ON DELETE CASCADE,
    from_status text,
    to_status text NOT NULL,
    actor_id uuid REFERENCES users,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX application_events_application ON application_events (application_id, created_at, id);
CREATE INDEX application_events_actor ON application_events (actor_id) WHERE actor_id IS NOT NULL;
COMMENT ON TABLE application_events IS 'The history of a bid, with times.';

CREATE TABLE addenda (
    id uuid PRIMARY KEY,
    project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
    number integer NOT NULL CHECK (number > 0),
    summary text NOT NULL,
    changes jsonb NOT NULL DEFAULT '{}',
    created_by uuid NOT NULL REFERENCES users,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT addenda_number_key UNIQUE (project_id, number)
);
CREATE INDEX addenda_created_by ON addenda (created_by);
COMMENT ON TABLE addenda IS 'Changes to an open project that every bidder must learn of.';

CREATE TABLE addendum_acknowledgements (
    addendum_id uuid NOT NULL REFERENCES addenda ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    acknowledged_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (addendum_id, user_id)
);
CREATE INDEX addendum_acknowledgements_user ON addendum_acknowledgements (user_id);
COMMENT ON TABLE addendum_acknowledgements IS 'Which bidder has seen which addendum.';

CREATE TABLE project_files (
    id uuid PRIMARY KEY,
    project_id uuid NOT NULL REFERENCES projects ON DELETE CASCADE,
    object_key text NOT NULL UNIQUE,
    name text NOT NULL,
    media_type text NOT NULL,
    size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
    checksum_sha256 text,
    uploaded_by uuid NOT NULL REFERENCES users,
    state text NOT NULL DEFAULT 'PENDING' CHECK (state IN ('PENDING', 'STORED')),
    deleted_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1
);
CREATE INDEX project_files_project ON project_files (project_id, created_at, id);
CREATE INDEX project_files_uploaded_by ON project_files (uploaded_by);
CREATE INDEX project_files_pending ON project_files (created_at) WHERE state = 'PENDING';
SELECT app.version_rows('project_files');
COMMENT ON TABLE project_files IS 'Plans and documents of a project; the bytes are in the files bucket.';
