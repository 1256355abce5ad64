-- Courses, their ordered modules, and how far each member has come.

CREATE TABLE courses (
    id uuid PRIMARY KEY,
    author_id uuid NOT NULL REFERENCES users,
    title text NOT NULL CHECK (title <> '' AND length(title) <= 300),
    description text NOT NULL DEFAULT '',
    category text NOT NULL DEFAULT 'GENERAL',
    difficulty text NOT NULL CHECK (difficulty IN ('BEGINNER', 'INTERMEDIATE', 'ADVANCED', 'EXPERT')),
    duration_minutes integer CHECK (duration_minutes > 0),
    price_cents bigint NOT NULL DEFAULT 0 CHECK (price_cents >= 0),
    member_price_cents bigint CHECK (member_price_cents >= 0),
    currency text NOT NULL DEFAULT 'USD' CHECK (currency ~ '^[A-Z]{3}$'),
    completion_percent integer NOT NULL DEFAULT 100 CHECK (completion_percent BETWEEN 1 AND 100),
    certificate_valid_months integer CHECK (certificate_valid_months > 0),
    is_published boolean NOT NULL DEFAULT false,
    published_at timestamptz,
    deleted_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    search tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('public.portal_prose', title), 'A')
        || setweight(to_tsvector('public.portal_prose', description), 'D')
    ) STORED
);
CREATE INDEX courses_published ON courses (created_at DESC, id DESC) WHERE is_published AND deleted_at IS NULL;
CREATE INDEX courses_author ON courses (author_id);
CREATE INDEX courses_search ON courses USING gin (search);
SELECT app.version_rows('courses');
COMMENT ON TABLE courses IS 'The course catalogue.';
COMMENT ON COLUMN courses.completion_percent IS 'Share of the required modules that completes the course.';

CREATE TABLE course_modules (
    id uuid PRIMARY KEY,
    course_id uuid NOT NULL REFERENCES courses ON DELETE CASCADE,
    position integer NOT NULL CHECK (position > 0),
    title text NOT NULL CHECK (title <> ''),
    content text NOT NULL DEFAULT '',
    duration_minutes integer CHECK (duration_minutes > 0),
    is_required boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT course_modules_position_key UNIQUE (course_id, position) DEFERRABLE
);
SELECT app.version_rows('course_modules');
COMMENT ON TABLE course_modules IS 'The parts of a course, in order.';

CREATE TABLE course_enrollments (
    id uuid PRIMARY KEY,
    course_id uuid NOT NULL REFERENCES courses,
    user_id uuid NOT NULL REFERENCES users,
    status text NOT NULL DEFAULT 'ENROLLED' CHECK (status IN ('ENROLLED', 'IN_PROGRESS', 'COMPLETED', 'DROPPED')),
    progress_percent integer NOT NULL DEFAULT 0 CHECK (progress_percent BETWEEN 0 AND 100),
    amount_cents bigint NOT NULL DEFAULT 0 CHECK (amount_cents >= 0),
    paid_at timestamptz,
    enrolled_at timestamptz NOT NULL DEFAULT now(),
    completed_at timestamptz,
    certificate_number text UNIQUE,
    certificate_expires_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT course_enrollments_one_per_member UNIQUE (course_id, user_id)
);
CREATE INDEX course_enrollments_user ON course_enrollments (user_id, enrolled_at DESC, id DESC);
CREATE INDEX course_enrollments_certificate_expiry ON course_enrollments (certificate_expires_at)
    WHERE certificate_expires_at IS NOT NULL;
SELECT app.version_rows('course_enrollments');
COMMENT ON TABLE course_enrollments IS 'Who takes which course, and the certificate that anyone can verify.';

CREATE TABLE module_progress (
    enrollment_id uuid NOT NULL REFERENCES course_enrollments ON DELETE CASCADE,
    module_id uuid NOT NULL REFERENCES course_modules ON DELETE CASCADE,
    percent integer NOT NULL CHECK (percent BETWEEN 0 AND 100),
    completed_at timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (enrollment_id, module_id)
);
CREATE INDEX module_progress_module ON module_progress (module_id);
COMMENT ON TABLE module_progress IS 'How far a member has come in each module.';
