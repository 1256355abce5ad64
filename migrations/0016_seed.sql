-- What the system ships: permissions, roles, and who may do what by them. An administrator edits all but the system roles' names.

INSERT INTO permissions (id, name, description)
SELECT gen_random_uuid(), name, description
FROM (VALUES
    ('users.read', 'See every account and its private fields'),
    ('users.manage', 'Approve, change, suspend and merge accounts'),
    ('roles.manage', 'Give and take roles, and edit what they allow'),
    ('projects.create', 'Post projects and run the own ones'),
    ('projects.manage', 'Run every project and see every bid'),
    ('events.create', 'Post events and run the own ones'),
    ('events.manage', 'Run every event, its registrations and its check-in'),
    ('courses.manage', 'Run the course catalogue and its enrolments'),
    ('payments.read', 'See every payment and the ledger'),
    ('payments.refund', 'Give money back'),
    ('payments.manage', 'Edit membership tiers'),
    ('feedback.manage', 'Answer tickets'),
    ('messages.moderate', 'Decide on reported messages'),
    ('announcements.manage', 'Write announcements'),
    ('contractors.outreach', 'See and keep the outreach to contractors who are not members'),
    ('imports.manage', 'See, start and undo imports'),
    ('audit.read', 'Read the audit log and what staff did'),
    ('reports.read', 'Read reports'),
    ('system.read', 'See health, jobs, backups and partitions')
) AS shipped (name, description);

INSERT INTO roles (id, name, description, is_system)
SELECT gen_random_uuid(), name, description, true
FROM (VALUES
    ('member', 'Every approved member'),
    ('project_manager', 'Posts and runs projects'),
    ('event_manager', 'Posts and runs events'),
    ('course_manager', 'Runs the courses'),
    ('finance', 'Looks after money'),
    ('support', 'Helps members and reaches out to firms'),
    ('administrator', 'May do everything')
) AS shipped (name, description);

INSERT INTO role_permissions (role_id, permission_id)
SELECT r.id, p.id
FROM roles AS r
JOIN permissions AS p ON p.name = ANY (CASE r.name
    WHEN 'project_manager' THEN ARRAY['projects.create', 'projects.manage']
    WHEN 'event_manager' THEN ARRAY['events.create', 'events.manage']
    WHEN 'course_manager' THEN ARRAY['courses.manage']
    WHEN 'finance' THEN ARRAY['payments.read', 'payments.refund', 'payments.manage', 'reports.read']
    WHEN 'support' THEN ARRAY[
        'users.read', 'feedback.manage', 'messages.moderate', 'announcements.manage', 'contractors.outreach']
    WHEN 'administrator' THEN (SELECT array_agg(name) FROM permissions)
    ELSE '{}' END);
