-- What a member may not do to the own enrolment, whatever code would ask for it: the database knows the price, and when a course is
-- completed. Certificates are good until the end of the day that stands on them, where the association is. Also: one mail about a
-- ticket until staff has dealt with it, and readers of announcements that are counted among those whom they are for.

-- ---- What a course costs ----

SELECT app.allow(name::regclass, 'portal_definer', 'SELECT', 'true')
FROM unnest(ARRAY['course_modules', 'module_progress']) AS name;
GRANT SELECT (id, title, price_cents, member_price_cents, completion_percent, certificate_valid_months) ON courses TO portal_definer;

CREATE FUNCTION app.course_price(course uuid) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT CASE
        WHEN c.member_price_cents IS NOT NULL AND app.is_membership_in_force(app.user_id(), now()) THEN c.member_price_cents
        ELSE c.price_cents
    END
    FROM public.courses AS c
    WHERE c.id = course
$$;
COMMENT ON FUNCTION app.course_price(uuid) IS 'What a course costs the caller now, in cents.';

-- ---- When it is completed, and what its certificate is worth ----

CREATE FUNCTION app.has_completed(enrollment uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT count(*) > 0 AND count(*) FILTER (WHERE s.percent = 100) * 100 >= min(s.asked) * count(*)
    FROM (
        SELECT COALESCE(p.percent, 0) AS percent, c.completion_percent AS asked, m.is_required,
            bool_or(m.is_required) OVER () AS some_are
        FROM public.course_enrollments AS e
        JOIN public.courses AS c ON c.id = e.course_id
        JOIN public.course_modules AS m ON m.course_id = e.course_id
        LEFT JOIN public.module_progress AS p ON p.enrollment_id = e.id AND p.module_id = m.id
        WHERE e.id = enrollment
    ) AS s
    WHERE s.is_required OR NOT s.some_are
$$;
COMMENT ON FUNCTION app.has_completed(uuid) IS
    'Whether enough of the modules that count are done: of the required ones, or of all where none is required.';

CREATE FUNCTION app.end_of_day(moment timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
RETURN ((moment AT TIME ZONE 'America/Los_Angeles')::date + 1)::timestamp AT TIME ZONE 'America/Los_Angeles' - interval '1 microsecond';
COMMENT ON FUNCTION app.end_of_day(timestamptz) IS 'The last moment of a day where the association is.';

CREATE FUNCTION app.certificate_expiry(issued timestamptz, months integer) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
RETURN app.end_of_day(
    (issued AT TIME ZONE 'America/Los_Angeles' + make_interval(months => months)) AT TIME ZONE 'America/Los_Angeles');
COMMENT ON FUNCTION app.certificate_expiry(timestamptz, integer) IS
    'When a certificate runs out: so many months later, at the end of the same day of the month or, where that month is shorter, of its last. NULL for one that is good for ever.';

UPDATE course_enrollments SET certificate_expires_at = app.end_of_day(certificate_expires_at) WHERE certificate_expires_at IS NOT NULL;

-- ---- What members' requests may not do ----

-- Whatever else an enrolment is, it becomes.
REVOKE INSERT ON course_enrollments FROM portal_api;
GRANT INSERT (id, course_id, user_id, amount_cents, currency, hold_expires_at, enrolled_at) ON course_enrollments TO portal_api;

CREATE FUNCTION app.guard_price() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    IF NEW.amount_cents IS DISTINCT FROM app.course_price(NEW.course_id) OR NEW.user_id IS DISTINCT FROM app.user_id() THEN
        RAISE EXCEPTION 'The price has changed: try again.' USING ERRCODE = 'PB409';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION app.guard_price() IS 'Refuses an amount that is not what the course costs the caller.';
CREATE TRIGGER guard_price_of_new BEFORE INSERT ON course_enrollments
    FOR EACH ROW WHEN (current_user = 'portal_api') EXECUTE FUNCTION app.guard_price();
CREATE TRIGGER guard_price BEFORE UPDATE OF amount_cents ON course_enrollments
    FOR EACH ROW WHEN (current_user = 'portal_api' AND OLD.amount_cents <> NEW.amount_cents) EXECUTE FUNCTION app.guard_price();

CREATE FUNCTION app.guard_completion() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
DECLARE
    course record;
BEGIN
    SELECT c.title, c.certificate_valid_months INTO course FROM public.course_listings AS c WHERE c.id = NEW.course_id;
    IF OLD.status NOT IN ('ENROLLED', 'IN_PROGRESS') OR NEW.status <> 'COMPLETED' OR NOT app.has_completed(NEW.id)
        OR NEW.certificate_holder IS DISTINCT FROM app.learner_name(NEW.id) OR NEW.certificate_course IS DISTINCT FROM course.title
        OR NEW.certificate_expires_at IS DISTINCT FROM app.certificate_expiry(NEW.completed_at, course.certificate_valid_months)
        OR NEW.completed_at NOT BETWEEN now() - interval '1 hour' AND now() + interval '1 hour'
    THEN
        RAISE EXCEPTION 'a certificate is given to who has completed a course, once' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION app.guard_completion() IS 'Refuses a completion that the modules do not bear out, and a certificate that says anything else.';
CREATE TRIGGER guard_completion
    BEFORE UPDATE OF status, completed_at, certificate_number, certificate_holder, certificate_course, certificate_expires_at
    ON course_enrollments
    FOR EACH ROW WHEN (
        current_user = 'portal_api'
        AND ((OLD.status = 'COMPLETED') <> (NEW.status = 'COMPLETED')
            OR (OLD.completed_at, OLD.certificate_number, OLD.certificate_holder, OLD.certificate_course, OLD.certificate_expires_at)
                IS DISTINCT FROM
                (NEW.completed_at, NEW.certificate_number, NEW.certificate_holder, NEW.certificate_course, NEW.certificate_expires_at)))
    EXECUTE FUNCTION app.guard_completion();

CREATE FUNCTION app.guard_revocation() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    IF NOT app.has('courses.manage') THEN
        RAISE EXCEPTION 'those who run courses revoke certificates' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION app.guard_revocation() IS 'Refuses to revoke a certificate, or to take that back, without the permission.';
CREATE TRIGGER guard_revocation BEFORE UPDATE OF certificate_revoked_at, certificate_revocation_reason ON course_enrollments
    FOR EACH ROW WHEN (current_user = 'portal_api') EXECUTE FUNCTION app.guard_revocation();
-- Of reminders jobs alone keep count.
REVOKE UPDATE (certificate_reminded_days) ON course_enrollments FROM portal_api;

-- ---- Tickets: one mail until staff has dealt with it ----

ALTER TABLE member_feedback ADD COLUMN handled_at timestamptz;
COMMENT ON COLUMN member_feedback.handled_at IS
    'When staff last wrote, or changed the ticket: of what the member writes after that one mail is sent. Raises no version.';
SELECT app.classify('member_feedback', '{"private": ["handled_at"]}');
DROP TRIGGER touch ON member_feedback;
SELECT app.version_rows('member_feedback', '{handled_at}');
SELECT app.allow('member_feedback', 'portal_definer', 'UPDATE', 'true', 'handled_at');

CREATE FUNCTION app.note_handling() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    changed jsonb := to_jsonb(NEW);
BEGIN
    UPDATE public.member_feedback AS f
    SET handled_at = clock_timestamp()
    WHERE f.id = COALESCE(changed ->> 'feedback_id', changed ->> 'id')::uuid AND f.user_id <> app.user_id();
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION app.note_handling() IS 'Keeps member_feedback.handled_at.';
ALTER FUNCTION app.note_handling() OWNER TO portal_definer;
GRANT EXECUTE ON FUNCTION app.note_handling() TO portal_api, portal_admin;
CREATE TRIGGER note_handling AFTER INSERT ON feedback_replies FOR EACH ROW EXECUTE FUNCTION app.note_handling();
CREATE TRIGGER note_handling AFTER UPDATE ON member_feedback
    FOR EACH ROW WHEN (OLD.handled_at IS NOT DISTINCT FROM NEW.handled_at) EXECUTE FUNCTION app.note_handling();

CREATE OR REPLACE FUNCTION app.notify_about_ticket(ticket uuid, mail_kind text, occasion text, payload jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    feedback public.member_feedback;
    told uuid;
    reason text := occasion;
BEGIN
    SELECT * INTO feedback FROM public.member_feedback WHERE id = ticket;
    IF feedback.user_id = app.user_id() THEN
        told := feedback.assigned_to;
        reason := concat_ws('/', ticket, extract(epoch FROM COALESCE(feedback.handled_at, feedback.created_at)));
    ELSIF app.has('feedback.manage') THEN
        told := feedback.user_id;
    ELSE
        RAISE EXCEPTION 'only the member and staff write about a ticket' USING ERRCODE = '42501';
    END IF;
    INSERT INTO public.outbox (id, user_id, channel, kind, recipient, payload, deduplication_key)
    SELECT app.uuid_v7(), u.id, 'EMAIL', mail_kind, u.email, notify_about_ticket.payload, concat_ws('/', mail_kind, reason, u.id)
    FROM public.users AS u
    WHERE u.id = told AND u.id <> app.user_id() AND u.is_active AND u.deleted_at IS NULL
    ON CONFLICT (deduplication_key) DO NOTHING;
END
$$;
COMMENT ON FUNCTION app.notify_about_ticket(uuid, text, text, jsonb) IS
    'One mail about a ticket, to the other side: from staff to the member for each occasion, from the member to who works on it one until staff has dealt with the ticket.';

-- ---- How far an announcement has come ----

CREATE OR REPLACE FUNCTION app.announcement_reach(announcement uuid, OUT audience_size bigint, OUT read_count bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    IF NOT app.has('announcements.manage') THEN
        RAISE EXCEPTION 'only those who write announcements see how far one has come' USING ERRCODE = '42501';
    END IF;
    SELECT count(*), count(r.user_id)
    INTO audience_size, read_count
    FROM app.announcement_audience(announcement, NULL, NULL) AS a
    LEFT JOIN public.announcement_reads AS r ON r.announcement_id = announcement AND r.user_id = a.user_id;
END
$$;
COMMENT ON FUNCTION app.announcement_reach(uuid) IS 'How many members an announcement is for today, and how many of those have read it.';

DO $$
DECLARE
    signature text;
BEGIN
    FOREACH signature IN ARRAY ARRAY['app.course_price(uuid)', 'app.has_completed(uuid)'] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO portal_definer', signature);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_api', signature);
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION app.end_of_day(timestamptz), app.certificate_expiry(timestamptz, integer) TO PUBLIC;
GRANT EXECUTE ON FUNCTION app.guard_price(), app.guard_completion(), app.guard_revocation() TO portal_api;
