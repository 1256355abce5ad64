-- Bids: who changes one waits first for its project, as an award does, so that neither waits for the other; a bidder keeps seeing
-- what the bid is on; and who sees every bid makes none. Imports of projects: what each source has said last, so that what people
-- have changed here since then can be told apart from what the source changes.

CREATE FUNCTION app.hold_project(project uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    PERFORM FROM public.projects AS p
    WHERE p.id = project AND (app.sees_project(project) OR app.has_ever_bid(project))
    FOR NO KEY UPDATE;
END
$$;
COMMENT ON FUNCTION app.hold_project(uuid) IS
    'Waits for whoever changes the project, and lets nobody change it until the transaction ends; nothing where the caller may not see it.';

CREATE FUNCTION app.hold_project_of_bid(application uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT app.hold_project(a.project_id) FROM public.project_applications AS a
    WHERE a.id = application AND app.sees_application(application)
$$;
COMMENT ON FUNCTION app.hold_project_of_bid(uuid) IS 'The same by a bid, before the bid''s own row is locked.';

ALTER FUNCTION app.hold_project(uuid) OWNER TO portal_definer;
ALTER FUNCTION app.hold_project_of_bid(uuid) OWNER TO portal_definer;
GRANT EXECUTE ON FUNCTION app.hold_project(uuid), app.hold_project_of_bid(uuid) TO portal_api;

-- Whoever runs the project sees what others bid.
ALTER POLICY portal_api_insert ON project_applications WITH CHECK (
    user_id = (SELECT app.user_id()) AND status = 'PENDING' AND app.sees_project(project_id)
    AND NOT app.runs_project(project_id));

-- Addenda have to reach every bidder, also one who is no longer invited, or whose project is shown to nobody else any more.
SELECT app.allow('project_applications', 'portal_views', 'SELECT', 'true', 'project_id, user_id, status');
CREATE OR REPLACE VIEW project_listings AS
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
      OR p.id IN (
          SELECT a.project_id FROM project_applications AS a
          WHERE a.user_id = (SELECT app.user_id()) AND a.status <> 'WITHDRAWN')
  );
COMMENT ON VIEW project_listings IS
    'The projects that the caller may see or has bid on; the count of bids only for the owner and staff.';

-- ---- Imports of projects ----

CREATE TABLE imported_projects (
    project_id uuid PRIMARY KEY REFERENCES projects ON DELETE CASCADE,
    details jsonb NOT NULL CHECK (jsonb_typeof(details) = 'object'),
    imported_by uuid NOT NULL REFERENCES users,
    imported_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE imported_projects IS
    'What the source of an imported project has said of it last. A field that it says anew is taken; one that people have changed here stays.';
COMMENT ON COLUMN imported_projects.details IS 'The fields as POST /v1/projects has them.';
CREATE INDEX imported_projects_imported_by ON imported_projects (imported_by);
SELECT app.protect('imported_projects');
SELECT app.classify('imported_projects', '{
    "private": ["project_id", "details", "imported_by", "imported_at"]
}');
SELECT app.allow('imported_projects', 'portal_api', 'SELECT', '(SELECT app.has(''projects.manage''))');
SELECT app.allow('imported_projects', 'portal_api', 'INSERT',
    '(SELECT app.has(''projects.manage'')) AND imported_by = (SELECT app.user_id())');
SELECT app.allow('imported_projects', 'portal_api', 'UPDATE', '(SELECT app.has(''projects.manage''))',
    'details, imported_by, imported_at');
