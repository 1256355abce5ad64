-- Courses as the function `learning` needs them: what a module teaches is for those who take the course and have paid, an enrolment is
-- held until it is paid, and a certificate stands as it was given: it can run out, be revoked and be renewed by taking the course again.

-- ---- Courses and modules ----
ALTER TABLE courses
    ADD CONSTRAINT courses_category_length CHECK (category <> '' AND length(category) <= 100),
    ADD CONSTRAINT courses_description_length CHECK (length(description) <= 20000),
    ADD CONSTRAINT courses_member_price CHECK (member_price_cents <= price_cents),
    ADD CONSTRAINT courses_published_at CHECK (NOT is_published OR published_at IS NOT NULL) NOT VALID;
ALTER TABLE course_modules ADD CONSTRAINT course_modules_title_length CHECK (length(title) <= 300);
-- Lists go by the publication; those who see drafts see them by their entry.
CREATE INDEX courses_listed ON courses (COALESCE(published_at, created_at) DESC, id DESC) WHERE deleted_at IS NULL;
DROP INDEX courses_published;
COMMENT ON COLUMN courses.published_at IS 'When the course was first published; kept when it is taken from the catalogue.';

-- ---- Enrolments ----
-- An enrolment is one way through a course. Whose certificate runs out takes the course again by another: what was paid, done and
-- certified before stays as it was. Of those that are not completed there is one.
ALTER TABLE course_enrollments
    ADD COLUMN currency text NOT NULL DEFAULT 'USD' CHECK (currency ~ '^[A-Z]{3}$'),
    ADD COLUMN hold_expires_at timestamptz,
    ADD COLUMN hold_lapsed_at timestamptz,
    ADD COLUMN certificate_holder text CHECK (certificate_holder <> ''),
    ADD COLUMN certificate_course text CHECK (certificate_course <> ''),
    ADD COLUMN certificate_revoked_at timestamptz,
    ADD COLUMN certificate_revocation_reason text CHECK (certificate_revocation_reason <> '' AND length(certificate_revocation_reason) <= 500),
    ADD COLUMN certificate_reminded_days integer CHECK (certificate_reminded_days > 0),
    DROP CONSTRAINT course_enrollments_one_per_member;
CREATE UNIQUE INDEX course_enrollments_one_per_member ON course_enrollments (course_id, user_id) WHERE status <> 'COMPLETED';
CREATE INDEX course_enrollments_course ON course_enrollments (course_id, user_id, enrolled_at DESC);
CREATE INDEX course_enrollments_held ON course_enrollments (hold_expires_at) WHERE hold_expires_at IS NOT NULL;

UPDATE course_enrollments AS e
SET certificate_holder = concat_ws(' ', u.first_name, u.last_name), certificate_course = c.title
FROM users AS u, courses AS c
WHERE u.id = e.user_id AND c.id = e.course_id AND e.certificate_number IS NOT NULL;

ALTER TABLE course_enrollments
    ADD CONSTRAINT course_enrollments_certificate CHECK (
        (certificate_number IS NULL) = (certificate_holder IS NULL) AND (certificate_number IS NULL) = (certificate_course IS NULL)
        AND (certificate_number IS NOT NULL OR certificate_expires_at IS NULL AND certificate_revoked_at IS NULL)),
    ADD CONSTRAINT course_enrollments_certified_when_completed CHECK (
        certificate_number IS NULL OR status = 'COMPLETED' AND completed_at IS NOT NULL),
    ADD CONSTRAINT course_enrollments_revocation CHECK (
        (certificate_revoked_at IS NULL) = (certificate_revocation_reason IS NULL)),
    ADD CONSTRAINT course_enrollments_held_unpaid CHECK (
        hold_expires_at IS NULL OR status = 'ENROLLED' AND paid_at IS NULL AND amount_cents > 0),
    ADD CONSTRAINT course_enrollments_paid_before_learning CHECK (
        status IN ('ENROLLED', 'DROPPED') OR amount_cents = 0 OR paid_at IS NOT NULL) NOT VALID;
COMMENT ON TABLE course_enrollments IS
    'Who takes which course, each way through it by itself, and the certificate at its end that anyone can verify.';
COMMENT ON COLUMN course_enrollments.amount_cents IS 'What it costs, at the price of the day; nothing is shown of the modules before it is paid.';
COMMENT ON COLUMN course_enrollments.hold_expires_at IS 'Until when the price waits for its payment.';
COMMENT ON COLUMN course_enrollments.hold_lapsed_at IS
    'When it was given up for want of its payment; one that comes late still counts.';
COMMENT ON COLUMN course_enrollments.certificate_holder IS 'The name on the certificate, as it was when it was given.';
COMMENT ON COLUMN course_enrollments.certificate_course IS 'The title on the certificate, as it was when it was given.';
COMMENT ON COLUMN course_enrollments.certificate_reminded_days IS
    'Of the reminders before the certificate runs out the last that was written: so many days before.';
SELECT app.classify('course_enrollments', '{
    "public": ["certificate_holder", "certificate_course", "certificate_revoked_at"],
    "private": ["currency", "hold_expires_at", "hold_lapsed_at", "certificate_revocation_reason", "certificate_reminded_days"]
}');

-- ---- Who sees what ----
CREATE FUNCTION app.is_enrolled(course uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$ SELECT EXISTS (
    SELECT FROM public.course_enrollments AS e WHERE e.course_id = course AND e.user_id = (SELECT app.user_id())) $$;
COMMENT ON FUNCTION app.is_enrolled(uuid) IS 'Whether the caller takes or has taken the course, or gave it up.';

CREATE FUNCTION app.is_open_enrollment(status text, amount_cents bigint, paid_at timestamptz) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN status <> 'DROPPED' AND (amount_cents = 0 OR paid_at IS NOT NULL);
COMMENT ON FUNCTION app.is_open_enrollment(text, bigint, timestamptz) IS
    'Whether an enrolment opens the modules of its course: it is not given up, and paid where it costs something.';

-- A course that is taken from the catalogue stays with those who take it.
CREATE OR REPLACE VIEW course_listings AS
SELECT
    c.id, c.author_id, c.title, c.description, c.category, c.difficulty, c.duration_minutes, c.price_cents,
    c.member_price_cents, c.currency, c.completion_percent, c.certificate_valid_months, c.is_published, c.published_at,
    c.created_at, c.updated_at, c.version, c.search
FROM courses AS c
WHERE c.deleted_at IS NULL
  AND (c.is_published OR c.author_id = (SELECT app.user_id()) OR (SELECT app.has('courses.manage')) OR app.is_enrolled(c.id));

CREATE FUNCTION app.opens_course(course uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT EXISTS (
        SELECT FROM public.course_listings AS c
        WHERE c.id = course AND (c.author_id = (SELECT app.user_id()) OR (SELECT app.has('courses.manage')))
    ) OR EXISTS (
        SELECT FROM public.course_enrollments AS e
        JOIN public.course_listings AS c ON c.id = e.course_id
        WHERE e.course_id = course AND e.user_id = (SELECT app.user_id())
            AND app.is_open_enrollment(e.status, e.amount_cents, e.paid_at))
$$;
COMMENT ON FUNCTION app.opens_course(uuid) IS
    'Whether the caller may read what the modules of a course teach: its author, staff, and who takes it and has paid.';

CREATE FUNCTION app.opens_enrollment(enrollment uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$ SELECT EXISTS (
    SELECT FROM public.course_enrollments AS e
    WHERE e.id = enrollment AND e.user_id = (SELECT app.user_id()) AND app.is_open_enrollment(e.status, e.amount_cents, e.paid_at)) $$;
COMMENT ON FUNCTION app.opens_enrollment(uuid) IS 'Whether an enrolment is the caller''s and open, so that the caller may go on in it.';

SELECT app.allow('course_modules', 'portal_views', 'SELECT', 'true');
CREATE VIEW module_listings AS
SELECT
    m.id, m.course_id, m.position, m.title, m.duration_minutes, m.is_required, m.created_at, m.updated_at, m.version,
    CASE WHEN app.opens_course(m.course_id) THEN m.content END AS content
FROM course_modules AS m
WHERE app.sees_course(m.course_id);
COMMENT ON VIEW module_listings IS 'The modules of the courses that the caller may see; what they teach where the caller may read it.';

-- The table itself is for those who may read all of it.
ALTER POLICY portal_api_select ON course_modules USING (app.opens_course(course_id));
-- What was paid is said by the payment alone, and a way through a course does not change its course or its member.
REVOKE UPDATE ON course_enrollments FROM portal_api;
GRANT UPDATE (
    status, progress_percent, amount_cents, currency, hold_expires_at, hold_lapsed_at, enrolled_at, completed_at, certificate_number,
    certificate_holder, certificate_course, certificate_expires_at, certificate_revoked_at, certificate_revocation_reason,
    certificate_reminded_days
) ON course_enrollments TO portal_api;
ALTER POLICY portal_api_insert ON module_progress WITH CHECK (app.opens_enrollment(enrollment_id));
ALTER POLICY portal_api_update ON module_progress
    USING (app.opens_enrollment(enrollment_id)) WITH CHECK (app.opens_enrollment(enrollment_id));

CREATE FUNCTION app.keep_progress() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    IF NEW.percent < OLD.percent THEN
        RAISE EXCEPTION 'progress in a module only moves forward' USING ERRCODE = 'PB409';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION app.keep_progress() IS 'Refuses to take progress back.';
CREATE TRIGGER keep_progress BEFORE UPDATE OF percent ON module_progress
    FOR EACH ROW EXECUTE FUNCTION app.keep_progress();

-- ---- One after the other ----
CREATE FUNCTION app.hold_course(course uuid, alone boolean) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    key bigint := hashtextextended('course/' || course::text, 0);
BEGIN
    IF alone THEN
        PERFORM pg_advisory_xact_lock(key);
    ELSE
        PERFORM pg_advisory_xact_lock_shared(key);
    END IF;
END
$$;
COMMENT ON FUNCTION app.hold_course(uuid, boolean) IS
    'Keeps the modules of a course from changing until the transaction ends, or waits to change them alone. Taken before any row.';

-- ---- Certificates ----
CREATE FUNCTION app.find_certificate(number text) RETURNS TABLE (
    certificate_number text, holder text, course text, issued_at timestamptz, expires_at timestamptz, revoked_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT e.certificate_number, e.certificate_holder, e.certificate_course, e.completed_at, e.certificate_expires_at,
        e.certificate_revoked_at
    FROM public.course_enrollments AS e
    WHERE e.certificate_number = find_certificate.number
$$;
COMMENT ON FUNCTION app.find_certificate(text) IS 'What anyone who has the number of a certificate may know of it.';

-- ---- Mails ----
CREATE FUNCTION app.notify_learner(enrollment uuid, mail_kind text, occasion text, payload jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    IF NOT (session_user = 'portal_jobs' OR app.is_enrollment_owner(enrollment) OR app.has('courses.manage')) THEN
        RAISE EXCEPTION 'members are told of their own enrolments' USING ERRCODE = '42501';
    END IF;
    INSERT INTO public.outbox (id, user_id, channel, kind, recipient, payload, deduplication_key)
    SELECT app.uuid_v7(), u.id, 'EMAIL', mail_kind, u.email,
        payload || jsonb_build_object(
            'firstName', u.first_name, 'courseId', e.course_id, 'enrollmentId', e.id,
            'title', COALESCE(e.certificate_course, (SELECT c.title FROM public.courses AS c WHERE c.id = e.course_id)),
            'certificateNumber', e.certificate_number),
        concat_ws('/', mail_kind, e.id, occasion)
    FROM public.course_enrollments AS e
    JOIN public.users AS u ON u.id = e.user_id AND u.is_active AND u.deleted_at IS NULL
    WHERE e.id = enrollment
    ON CONFLICT (deduplication_key) DO NOTHING;
END
$$;
COMMENT ON FUNCTION app.notify_learner(uuid, text, text, jsonb) IS
    'One mail to a member about an enrolment, to the caller or from staff and jobs; once for each occasion.';
GRANT SELECT (id) ON courses TO portal_definer;

CREATE FUNCTION app.learner_name(enrollment uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT concat_ws(' ', u.first_name, u.last_name)
    FROM public.course_enrollments AS e
    JOIN public.users AS u ON u.id = e.user_id
    WHERE e.id = enrollment AND (e.user_id = (SELECT app.user_id()) OR (SELECT app.has('courses.manage')))
$$;
COMMENT ON FUNCTION app.learner_name(uuid) IS 'The name for a certificate of an enrolment: the caller''s own, or any for who runs courses.';

DO $$
DECLARE
    signature text;
BEGIN
    FOREACH signature IN ARRAY ARRAY[
        'app.is_enrolled(uuid)', 'app.opens_course(uuid)', 'app.opens_enrollment(uuid)', 'app.hold_course(uuid, boolean)',
        'app.find_certificate(text)', 'app.notify_learner(uuid, text, text, jsonb)', 'app.learner_name(uuid)'
    ] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO portal_definer', signature);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_api, portal_admin, portal_jobs', signature);
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION app.is_enrolled(uuid), app.opens_course(uuid), app.sees_course(uuid) TO portal_views;
GRANT EXECUTE ON FUNCTION app.is_open_enrollment(text, bigint, timestamptz) TO portal_api, portal_admin, portal_jobs, portal_definer;
ALTER VIEW module_listings OWNER TO portal_views;
GRANT SELECT ON module_listings TO portal_api;
