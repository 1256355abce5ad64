-- Bids: whether one can still be taken is decided where the project's row is locked, so that a hundred at once cannot be one too many.
-- SQLSTATE PB409 is a rule of the business that says no; its message is for people.

CREATE FUNCTION app.admit_application() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    counts boolean := NEW.status <> 'WITHDRAWN';
    counted boolean := TG_OP = 'UPDATE' AND OLD.status <> 'WITHDRAWN';
    project public.projects;
BEGIN
    -- Who bids may take the bid back and hand it in again; what becomes of it is for those who run the project.
    IF TG_OP = 'UPDATE' AND NEW.status <> OLD.status AND NEW.status NOT IN ('PENDING', 'WITHDRAWN')
        AND NOT app.runs_project(NEW.project_id) THEN
        RAISE EXCEPTION 'only those who run the project decide on a bid' USING ERRCODE = '42501';
    END IF;
    IF counted AND NOT counts THEN
        UPDATE public.projects SET application_count = application_count - 1 WHERE id = NEW.project_id;
    ELSIF counts AND NOT counted THEN
        UPDATE public.projects AS p
        SET application_count = p.application_count + 1
        WHERE p.id = NEW.project_id
            AND p.status = 'BIDDING_OPEN'
            AND p.deleted_at IS NULL
            AND (p.deadline_date IS NULL OR p.deadline_date > clock_timestamp())
            AND (p.max_applications IS NULL OR p.application_count < p.max_applications);
        IF NOT FOUND THEN
            SELECT * INTO project FROM public.projects WHERE id = NEW.project_id;
            RAISE EXCEPTION '%', CASE
                WHEN project.status <> 'BIDDING_OPEN' OR project.deleted_at IS NOT NULL THEN 'This project takes no bids now.'
                WHEN project.deadline_date <= clock_timestamp() THEN 'The deadline for bids has passed.'
                ELSE 'This project has as many bids as it takes.'
            END USING ERRCODE = 'PB409';
        END IF;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION app.admit_application() IS 'Keeps projects.application_count, and refuses a bid that is late or one too many.';

CREATE FUNCTION app.note_application() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    INSERT INTO public.application_events (id, application_id, from_status, to_status, actor_id)
    VALUES (
        app.uuid_v7(), NEW.id, CASE WHEN TG_OP = 'UPDATE' THEN OLD.status END, NEW.status, app.user_id());
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION app.note_application() IS 'Writes the history of a bid.';

SELECT app.allow('projects', 'portal_definer', 'UPDATE', 'true', 'application_count');
SELECT app.allow('application_events', 'portal_definer', 'INSERT', 'true');
ALTER FUNCTION app.admit_application() OWNER TO portal_definer;
ALTER FUNCTION app.note_application() OWNER TO portal_definer;
CREATE TRIGGER admit BEFORE INSERT OR UPDATE OF status ON project_applications
    FOR EACH ROW EXECUTE FUNCTION app.admit_application();
CREATE TRIGGER note_inserted AFTER INSERT ON project_applications
    FOR EACH ROW EXECUTE FUNCTION app.note_application();
CREATE TRIGGER note_updated AFTER UPDATE ON project_applications
    FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION app.note_application();

-- The history is the trigger's to write.
REVOKE INSERT ON application_events FROM portal_api;
DROP POLICY portal_api_insert ON application_events;

CREATE FUNCTION app.has_bid(project uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$ SELECT EXISTS (
    SELECT FROM public.project_applications AS a
    WHERE a.project_id = project AND a.user_id = (SELECT app.user_id()) AND a.status <> 'WITHDRAWN') $$;
COMMENT ON FUNCTION app.has_bid(uuid) IS 'Whether the caller has a bid on the project.';
ALTER FUNCTION app.has_bid(uuid) OWNER TO portal_definer;
GRANT EXECUTE ON FUNCTION app.has_bid(uuid) TO portal_api;

-- One mail to one member about one project, from who may run it, or to its owner from who bids.
CREATE FUNCTION app.notify_about_project(project uuid, member uuid, mail_kind text, occasion text, payload jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    IF NOT (
        app.runs_project(project)
        OR app.has_bid(project) AND EXISTS (SELECT FROM public.projects WHERE id = project AND owner_id = member)
    ) THEN
        RAISE EXCEPTION 'only the owner, staff and, to the owner, bidders write about a project' USING ERRCODE = '42501';
    END IF;
    INSERT INTO public.outbox (id, user_id, channel, kind, recipient, payload, deduplication_key)
    SELECT app.uuid_v7(), u.id, 'EMAIL', mail_kind, u.email,
        notify_about_project.payload || jsonb_build_object('firstName', u.first_name),
        concat_ws('/', mail_kind, occasion, u.id)
    FROM public.users AS u
    WHERE u.id = member AND u.is_active AND u.deleted_at IS NULL
    ON CONFLICT (deduplication_key) DO NOTHING;
END
$$;
COMMENT ON FUNCTION app.notify_about_project(uuid, uuid, text, text, jsonb) IS
    'One mail to one member about a project; once for each occasion.';
ALTER FUNCTION app.notify_about_project(uuid, uuid, text, text, jsonb) OWNER TO portal_definer;
GRANT EXECUTE ON FUNCTION app.notify_about_project(uuid, uuid, text, text, jsonb) TO portal_api;

-- A bidder keeps seeing what the bid was on, also when the project has become private or is gone.
CREATE FUNCTION app.has_ever_bid(project uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$ SELECT EXISTS (
    SELECT FROM public.project_applications AS a WHERE a.project_id = project AND a.user_id = (SELECT app.user_id())) $$;
COMMENT ON FUNCTION app.has_ever_bid(uuid) IS 'Whether the caller has or had a bid on the project.';
ALTER FUNCTION app.has_ever_bid(uuid) OWNER TO portal_definer;
GRANT EXECUTE ON FUNCTION app.has_ever_bid(uuid) TO portal_api, portal_views;

CREATE VIEW project_summaries AS
SELECT p.id, p.title, p.status, p.license_classes
FROM projects AS p
WHERE p.owner_id = (SELECT app.user_id()) OR (SELECT app.has('projects.manage')) OR app.has_ever_bid(p.id);
COMMENT ON VIEW project_summaries IS 'What a project was about, for who runs it and who has bid on it.';
ALTER VIEW project_summaries OWNER TO portal_views;
GRANT SELECT ON project_summaries TO portal_api;
