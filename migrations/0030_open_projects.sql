-- What is asked of the open projects alone: those near a point, and those that suit a member. Most projects are over, and an index of
-- all of them gives mostly rows that no such list shows.

CREATE INDEX projects_open_coordinates ON projects USING gist (coordinates)
    WHERE deleted_at IS NULL AND status IN ('PUBLISHED', 'BIDDING_OPEN');
CREATE INDEX projects_open_skills ON projects USING gin (skills_required)
    WHERE deleted_at IS NULL AND status = 'BIDDING_OPEN';
CREATE INDEX projects_open_classes ON projects USING gin (license_classes)
    WHERE deleted_at IS NULL AND status = 'BIDDING_OPEN';

CREATE VIEW project_opportunities AS
SELECT id, coordinates, skills_required, license_classes, created_at
FROM projects
WHERE deleted_at IS NULL AND status = 'BIDDING_OPEN' AND visibility IN ('PUBLIC', 'MEMBERS_ONLY')
  AND (SELECT app.user_id()) IS NOT NULL;
COMMENT ON VIEW project_opportunities IS
    'The projects that everybody who has signed in may see and bid on, with what matches are found by; project_listings has the whole rule, which takes ten times as long to plan.';
ALTER VIEW project_opportunities OWNER TO portal_views;
GRANT SELECT ON project_opportunities TO portal_api;
