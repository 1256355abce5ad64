-- What lists and searches read. A view holds the whole rule of what the caller may see of a table, rows and fields; it is
-- owned by portal_views, whose policy on the table is USING (true), so that operators that are not leakproof (&&, @@, @>)
-- still reach their indexes. None is a security barrier, for the same reason: they are read by our own SQL alone.

CREATE FUNCTION app.sees_field(visibility text, owner_id uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN COALESCE(
    owner_id = app.user_id()
    OR visibility = 'EVERYONE'
    OR COALESCE(visibility, 'MEMBERS') = 'MEMBERS' AND app.user_id() IS NOT NULL
    OR app.has('users.read'), false);
COMMENT ON FUNCTION app.sees_field(text, uuid) IS 'Whether the caller sees a field that its owner shows to this audience.';
GRANT EXECUTE ON FUNCTION app.sees_field(text, uuid) TO PUBLIC;

CREATE VIEW contractor_listings AS
SELECT
    license_number, region, display_name, business_name, full_business_name, dba_name, business_type,
    address, city, state, county, zip_code, country, phone,
    issue_date, reissue_date, expiration_date, inactivation_date, reactivation_date,
    pending_suspension, pending_class_removal, pending_class_replace,
    primary_status, secondary_status, in_good_standing, classifications, asbestos_registration,
    wc_coverage_type, wc_insurance_company, wc_policy_number,
    wc_effective_date, wc_expiration_date, wc_cancellation_date, wc_suspend_date,
    cb_surety_company, cb_number, cb_effective_date, cb_cancellation_date, cb_amount_cents,
    wb_surety_company, wb_number, wb_effective_date, wb_cancellation_date, wb_amount_cents,
    db_surety_company, db_number, db_effective_date, db_cancellation_date, db_amount_cents,
    date_required, discp_case_region, db_bond_reason, db_case_no, name_tp_2,
    coordinates, is_namc_member, removed_from_source_on, created_at, updated_at, version, search
FROM california_contractors;
COMMENT ON VIEW contractor_listings IS 'The state''s public record of each contractor, without our outreach.';

CREATE VIEW contractor_outreach AS
SELECT license_number, region, outreach_status, outreach_notes, outreach_updated_at, outreach_updated_by
FROM california_contractors
WHERE (SELECT app.has('contractors.outreach'));
COMMENT ON VIEW contractor_outreach IS 'How far staff have come with each contractor; nobody else sees a row.';

CREATE VIEW project_listings AS
SELECT
    p.id, p.external_id, p.source, p.owner_id, p.title, p.description, p.category,
    p.budget_min_cents, p.budget_max_cents, p.estimated_value_cents, p.currency, p.funding_source,
    p.location, p.address, p.city, p.state, p.zip, p.coordinates,
    p.start_date, p.end_date, p.deadline_date, p.requirements, p.skills_required, p.license_classes,
    p.experience_years, p.bonding_required, p.insurance, p.status, p.priority, p.visibility, p.max_applications,
    CASE WHEN p.owner_id = (SELECT app.user_id()) OR (SELECT app.has('projects.manage')) THEN p.application_count END
        AS application_count,
    p.status = 'BIDDING_OPEN'
        AND COALESCE(p.deadline_date > now(), true)
        AND COALESCE(p.application_count < p.max_applications, true) AS accepting_applications,
    p.contact_name, p.contact_email, p.contact_phone,
    p.published_at, p.closed_at, p.addendum_count, p.created_at, p.updated_at, p.version, p.search
FROM projects AS p
WHERE p.deleted_at IS NULL
  AND (
      p.visibility = 'PUBLIC' AND p.status <> 'DRAFT'
      OR p.visibility = 'MEMBERS_ONLY' AND p.status <> 'DRAFT' AND (SELECT app.user_id()) IS NOT NULL
      OR p.owner_id = (SELECT app.user_id())
      OR (SELECT app.has('projects.manage'))
      OR p.visibility = 'INVITE_ONLY' AND p.status <> 'DRAFT' AND p.id IN (
          SELECT i.project_id FROM project_invitations AS i WHERE i.user_id = (SELECT app.user_id()))
  );
COMMENT ON VIEW project_listings IS 'The projects that the caller may see; the count of bids only for the owner and staff.';

CREATE VIEW event_listings AS
SELECT
    e.id, e.organizer_id, e.title, e.description, e.type, e.status, e.visibility, e.starts_at, e.ends_at, e.time_zone,
    e.registration_deadline, e.max_capacity, e.registered_count, e.waitlist_enabled, e.place, e.address, e.city,
    CASE WHEN (SELECT app.user_id()) IS NOT NULL THEN e.virtual_url END AS virtual_url,
    e.coordinates, e.price_cents, e.member_price_cents, e.early_bird_price_cents, e.early_bird_deadline, e.currency,
    e.agenda, e.speakers, e.sponsors, e.calendar_sequence, e.published_at, e.cancelled_at,
    e.created_at, e.updated_at, e.version, e.search
FROM events AS e
WHERE e.deleted_at IS NULL
  AND (
      e.status <> 'DRAFT' AND (e.visibility = 'PUBLIC' OR (SELECT app.user_id()) IS NOT NULL)
      OR e.organizer_id = (SELECT app.user_id())
      OR (SELECT app.has('events.manage'))
  );
COMMENT ON VIEW event_listings IS 'The events that the caller may see.';

CREATE VIEW course_listings AS
SELECT
    c.id, c.author_id, c.title, c.description, c.category, c.difficulty, c.duration_minutes, c.price_cents,
    c.member_price_cents, c.currency, c.completion_percent, c.certificate_valid_months, c.is_published, c.published_at,
    c.created_at, c.updated_at, c.version, c.search
FROM courses AS c
WHERE c.deleted_at IS NULL
  AND (c.is_published OR c.author_id = (SELECT app.user_id()) OR (SELECT app.has('courses.manage')));
COMMENT ON VIEW course_listings IS 'The courses that the caller may see.';

CREATE VIEW member_directory AS
SELECT
    u.id, u.first_name, u.last_name, u.company, u.title, u.member_type, u.member_since, u.bio, u.website, u.linkedin,
    u.profile_image_key, u.certifications, u.languages, u.contractor_license,
    CASE WHEN app.sees_field(u.field_visibility ->> 'email', u.id) THEN u.email END AS email,
    CASE WHEN app.sees_field(u.field_visibility ->> 'phone', u.id) THEN u.phone END AS phone,
    CASE WHEN app.sees_field(u.field_visibility ->> 'address', u.id) THEN u.street END AS street,
    CASE WHEN app.sees_field(u.field_visibility ->> 'address', u.id) THEN u.city END AS city,
    CASE WHEN app.sees_field(u.field_visibility ->> 'address', u.id) THEN u.state END AS state,
    CASE WHEN app.sees_field(u.field_visibility ->> 'address', u.id) THEN u.zip END AS zip,
    u.created_at, u.updated_at, u.version
FROM users AS u
WHERE u.is_active AND u.approved_at IS NOT NULL AND u.deleted_at IS NULL AND (SELECT app.user_id()) IS NOT NULL;
COMMENT ON VIEW member_directory IS 'The members, field by field as each allows.';

CREATE VIEW member_locations AS
SELECT u.id, u.city, u.state, u.coordinates
FROM users AS u
WHERE u.is_active AND u.approved_at IS NOT NULL AND u.deleted_at IS NULL AND (SELECT app.user_id()) IS NOT NULL
  AND app.sees_field(u.field_visibility ->> 'address', u.id);
COMMENT ON VIEW member_locations IS
    'Where the members are that let the caller know it; apart, so that its columns are bare and reach their indexes.';

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'contractor_listings', 'contractor_outreach', 'project_listings', 'event_listings', 'course_listings',
        'member_directory', 'member_locations'
    ] LOOP
        EXECUTE format('ALTER VIEW %I OWNER TO portal_views', name);
        EXECUTE format('GRANT SELECT ON %I TO portal_api, portal_admin, portal_jobs', name);
    END LOOP;
END
$$;

-- For policies of tables that hang on a project: policies may not look at each other's tables, functions of the definer may.

CREATE FUNCTION app.sees_project(project uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$ SELECT EXISTS (SELECT FROM public.project_listings WHERE id = project) $$;
COMMENT ON FUNCTION app.sees_project(uuid) IS 'Whether the caller may see a project, by the one rule in project_listings.';

CREATE FUNCTION app.is_project_owner(project uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$ SELECT EXISTS (SELECT FROM public.projects WHERE id = project AND owner_id = (SELECT app.user_id())) $$;
COMMENT ON FUNCTION app.is_project_owner(uuid) IS 'Whether the project is the caller''s.';

CREATE FUNCTION app.sees_event(event uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$ SELECT EXISTS (SELECT FROM public.event_listings WHERE id = event) $$;
COMMENT ON FUNCTION app.sees_event(uuid) IS 'Whether the caller may see an event, by the one rule in event_listings.';

CREATE FUNCTION app.sees_course(course uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$ SELECT EXISTS (SELECT FROM public.course_listings WHERE id = course) $$;
COMMENT ON FUNCTION app.sees_course(uuid) IS 'Whether the caller may see a course, by the one rule in course_listings.';

CREATE FUNCTION app.is_enrollment_owner(enrollment uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$ SELECT EXISTS (SELECT FROM public.course_enrollments WHERE id = enrollment AND user_id = (SELECT app.user_id())) $$;
COMMENT ON FUNCTION app.is_enrollment_owner(uuid) IS 'Whether the enrolment is the caller''s.';

CREATE FUNCTION app.sees_application(application uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT EXISTS (
        SELECT FROM public.project_applications AS a
        JOIN public.projects AS p ON p.id = a.project_id
        WHERE a.id = application
          AND (a.user_id = (SELECT app.user_id()) OR p.owner_id = (SELECT app.user_id())
               OR (SELECT app.has('projects.manage'))))
$$;
COMMENT ON FUNCTION app.sees_application(uuid) IS 'Bids are sealed: the bidder, the project''s owner and staff.';

CREATE FUNCTION app.is_feedback_owner(feedback uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$ SELECT EXISTS (SELECT FROM public.member_feedback WHERE id = feedback AND user_id = (SELECT app.user_id())) $$;
COMMENT ON FUNCTION app.is_feedback_owner(uuid) IS 'Whether the ticket is the caller''s.';

CREATE FUNCTION app.is_membership_holder(membership uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$ SELECT EXISTS (SELECT FROM public.memberships WHERE id = membership AND user_id = (SELECT app.user_id())) $$;
COMMENT ON FUNCTION app.is_membership_holder(uuid) IS 'Whether the membership is the caller''s.';

CREATE FUNCTION app.is_in_audience(audience text, member_type text, role_id uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT CASE audience
        WHEN 'ALL' THEN (SELECT app.user_id()) IS NOT NULL
        WHEN 'MEMBER_TYPE' THEN EXISTS (
            SELECT FROM public.users AS u
            WHERE u.id = (SELECT app.user_id()) AND u.member_type = is_in_audience.member_type)
        ELSE EXISTS (
            SELECT FROM public.user_roles AS r
            WHERE r.user_id = (SELECT app.user_id()) AND r.role_id = is_in_audience.role_id
              AND (r.expires_at IS NULL OR r.expires_at > now()))
    END
$$;
COMMENT ON FUNCTION app.is_in_audience(text, text, uuid) IS 'Whether an announcement is for the caller.';

DO $$
DECLARE
    signature text;
BEGIN
    FOREACH signature IN ARRAY ARRAY[
        'app.sees_project(uuid)', 'app.is_project_owner(uuid)', 'app.sees_event(uuid)', 'app.sees_course(uuid)',
        'app.is_enrollment_owner(uuid)', 'app.sees_application(uuid)', 'app.is_feedback_owner(uuid)',
        'app.is_membership_holder(uuid)', 'app.is_in_audience(text, text, uuid)'
    ] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO portal_definer', signature);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_api, portal_admin, portal_jobs', signature);
    END LOOP;
END
$$;
GRANT SELECT ON project_listings, event_listings, course_listings TO portal_definer;
