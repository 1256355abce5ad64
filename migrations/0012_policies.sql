-- Who may do what to which rows. Every table is forced; each line below is one policy and the grant that goes with it.
-- A policy on a list's table is for single rows and writes; lists read the views of the migration before.

CREATE FUNCTION app.allow(target regclass, role_name text, command text, condition text, columns text DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql SET search_path = ''
AS $$
DECLARE
    clause text := CASE command
        WHEN 'SELECT' THEN 'USING (%1$s)'
        WHEN 'DELETE' THEN 'USING (%1$s)'
        WHEN 'INSERT' THEN 'WITH CHECK (%1$s)'
        WHEN 'UPDATE' THEN 'USING (%1$s) WITH CHECK (%1$s)'
    END;
BEGIN
    EXECUTE format('CREATE POLICY %I ON %s FOR %s TO %I ', role_name || '_' || lower(command), target, command, role_name)
        || format(clause, condition);
    EXECUTE format('GRANT %s %s ON %s TO %I', command, COALESCE('(' || columns || ')', ''), target, role_name);
END
$$;
COMMENT ON FUNCTION app.allow(regclass, text, text, text, text) IS
    'Migrations: a policy for one role and command, and the grant (of some columns only, if named). Call it once for each.';

SELECT app.protect(name::regclass) FROM unnest(ARRAY[
    'import_runs', 'import_rejects', 'import_changes', 'licences', 'california_contractors',
    'users', 'roles', 'permissions', 'role_permissions', 'user_roles', 'skills', 'user_skills', 'sessions', 'known_devices',
    'login_attempts', 'single_use_tokens', 'mfa_recovery_codes', 'secure_data',
    'projects', 'project_invitations', 'project_applications', 'application_events', 'addenda', 'addendum_acknowledgements',
    'project_files', 'events', 'event_registrations', 'event_files', 'courses', 'course_modules', 'course_enrollments',
    'module_progress', 'messages', 'conversations', 'member_blocks', 'message_reports', 'announcements',
    'announcement_reads', 'member_feedback', 'feedback_replies', 'saved_searches', 'outbox',
    'membership_tiers', 'payments', 'memberships', 'membership_people', 'ledger_transactions', 'ledger_entries',
    'stripe_events', 'idempotency_keys', 'admin_actions', 'audit_log', 'system_metrics', 'partition_policies', 'job_runs',
    'audit_seals', 'backups', 'search_terms'
]) AS name;

-- The views see every row of what they show, and the definer of what its functions decide by.
SELECT app.allow(name::regclass, 'portal_views', 'SELECT', 'true') FROM unnest(ARRAY[
    'california_contractors', 'projects', 'project_invitations', 'events', 'courses', 'users']) AS name;
SELECT app.allow(name::regclass, 'portal_definer', 'SELECT', 'true') FROM unnest(ARRAY[
    'sessions', 'users', 'user_roles', 'role_permissions', 'permissions', 'projects', 'project_applications',
    'course_enrollments', 'member_feedback', 'memberships', 'column_classes', 'partition_policies']) AS name;

-- ---- Anyone signed in or not: vocabulary and catalogue ----
SELECT app.allow(name::regclass, role_name, 'SELECT', 'true')
FROM unnest(ARRAY['skills', 'membership_tiers', 'search_terms', 'licences']) AS name,
     unnest(ARRAY['portal_api', 'portal_admin', 'portal_jobs']) AS role_name;
SELECT app.allow('skills', 'portal_admin', 'INSERT', '(SELECT app.has(''users.manage''))');
SELECT app.allow('skills', 'portal_admin', 'DELETE', '(SELECT app.has(''users.manage''))');
SELECT app.allow('membership_tiers', 'portal_admin', 'INSERT', '(SELECT app.has(''payments.manage''))');
SELECT app.allow('membership_tiers', 'portal_admin', 'UPDATE', '(SELECT app.has(''payments.manage''))');

-- ---- Accounts ----
SELECT app.allow('users', 'portal_api', 'SELECT', 'id = (SELECT app.user_id())');
SELECT app.allow('users', 'portal_api', 'UPDATE', 'id = (SELECT app.user_id())',
    'first_name, last_name, company, title, phone, street, city, state, zip, coordinates, bio, website, linkedin,
     profile_image_key, certifications, languages, notification_preferences, field_visibility, contractor_license, deleted_at');
SELECT app.allow('users', 'portal_auth', 'SELECT', 'true',
    'id, email, password_hash, first_name, last_name, member_type, is_active, is_verified, approved_at, suspended_at,
     mfa_secret, mfa_enabled_at, profile_image_key, membership_expires_at, deleted_at, created_at, updated_at, version');
SELECT app.allow('users', 'portal_auth', 'INSERT', 'is_active AND member_type = ''REGULAR''',
    'id, email, password_hash, first_name, last_name, company, phone');
SELECT app.allow('users', 'portal_auth', 'UPDATE', 'true', 'email, password_hash, is_verified, mfa_secret, mfa_enabled_at');
SELECT app.allow('users', 'portal_admin', 'SELECT',
    'id = (SELECT app.user_id()) OR (SELECT app.has(''users.read''))');
SELECT app.allow('users', 'portal_admin', 'UPDATE', '(SELECT app.has(''users.manage''))',
    'email, first_name, last_name, company, title, phone, street, city, state, zip, coordinates, member_type, member_since,
     membership_expires_at, is_active, is_verified, approved_at, suspended_at, contractor_license, deleted_at');
SELECT app.allow('users', 'portal_jobs', 'SELECT', 'true',
    'id, email, first_name, last_name, is_active, is_verified, notification_preferences, membership_expires_at,
     contractor_license, deleted_at, version');
SELECT app.allow('users', 'portal_jobs', 'UPDATE', 'true', 'membership_expires_at, contractor_license');

SELECT app.allow(name::regclass, 'portal_admin', 'SELECT', '(SELECT app.has(''users.read''))')
FROM unnest(ARRAY['roles', 'permissions', 'role_permissions', 'user_roles']) AS name;
SELECT app.allow(name::regclass, 'portal_admin', command, '(SELECT app.has(''roles.manage''))')
FROM unnest(ARRAY['role_permissions', 'user_roles']) AS name, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) AS command;
SELECT app.allow('roles', 'portal_admin', 'INSERT', '(SELECT app.has(''roles.manage'')) AND NOT is_system');
SELECT app.allow('roles', 'portal_admin', 'UPDATE', '(SELECT app.has(''roles.manage''))', 'description');
SELECT app.allow('roles', 'portal_admin', 'DELETE', '(SELECT app.has(''roles.manage'')) AND NOT is_system');
SELECT app.allow(name::regclass, 'portal_auth', 'SELECT', 'true') FROM unnest(ARRAY['roles', 'user_roles']) AS name;
SELECT app.allow('user_roles', 'portal_api', 'SELECT', 'user_id = (SELECT app.user_id())');

SELECT app.allow('user_skills', 'portal_api', 'SELECT', '(SELECT app.user_id()) IS NOT NULL');
SELECT app.allow('user_skills', 'portal_api', 'INSERT', 'user_id = (SELECT app.user_id()) AND NOT verified');
SELECT app.allow('user_skills', 'portal_api', 'UPDATE', 'user_id = (SELECT app.user_id())', 'level');
SELECT app.allow('user_skills', 'portal_api', 'DELETE', 'user_id = (SELECT app.user_id())');
SELECT app.allow('user_skills', 'portal_admin', 'SELECT', '(SELECT app.has(''users.read''))');
SELECT app.allow('user_skills', 'portal_admin', 'UPDATE', '(SELECT app.has(''users.manage''))', 'verified');
SELECT app.allow('user_skills', 'portal_jobs', 'SELECT', 'true');

-- ---- Sign-in: portal_auth alone works with the secrets ----
SELECT app.allow(name::regclass, 'portal_auth', command, 'true')
FROM unnest(ARRAY['sessions', 'known_devices', 'login_attempts', 'single_use_tokens', 'mfa_recovery_codes']) AS name,
     unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS command;
SELECT app.allow('sessions', 'portal_admin', 'SELECT', '(SELECT app.has(''users.read''))',
    'id, user_id, device, ip_address, created_at, last_seen_at, expires_at, revoked_at, revoked_reason');
SELECT app.allow('sessions', 'portal_admin', 'UPDATE', '(SELECT app.has(''users.manage''))', 'revoked_at, revoked_reason');
SELECT app.allow(name::regclass, 'portal_jobs', command, 'true')
FROM unnest(ARRAY['single_use_tokens']) AS name, unnest(ARRAY['SELECT', 'INSERT', 'DELETE']) AS command;

SELECT app.allow('secure_data', 'portal_api', command, 'user_id = (SELECT app.user_id())')
FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS command;
SELECT app.allow('secure_data', 'portal_jobs', 'SELECT', 'true');
SELECT app.allow('secure_data', 'portal_jobs', 'UPDATE', 'true', 'key_id, ciphertext');

-- ---- Contractors ----
SELECT app.allow('california_contractors', 'portal_admin', 'SELECT', '(SELECT app.has(''contractors.outreach''))');
SELECT app.allow('california_contractors', 'portal_api', 'SELECT', '(SELECT app.has(''contractors.outreach''))');
SELECT app.allow('california_contractors', role_name, 'UPDATE', '(SELECT app.has(''contractors.outreach''))',
    'outreach_status, outreach_notes, outreach_updated_at, outreach_updated_by')
FROM unnest(ARRAY['portal_api', 'portal_admin']) AS role_name;
SELECT app.allow(name::regclass, 'portal_jobs', command, 'true')
FROM unnest(ARRAY['california_contractors', 'import_runs', 'import_rejects', 'import_changes']) AS name, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS command;
SELECT app.allow('licences', 'portal_jobs', command, 'true') FROM unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) AS command;
-- COPY refuses to write to a table with row-level security, so these two have none: they hold rows of a public file, one role
-- alone is granted them, and they are emptied after each run.
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON import_staging, import_seen TO portal_jobs;
GRANT SELECT ON import_staging, import_seen TO portal_backup;
SELECT app.allow(name::regclass, 'portal_admin', 'SELECT', '(SELECT app.has(''imports.manage''))')
FROM unnest(ARRAY['import_runs', 'import_rejects', 'import_changes']) AS name;

-- ---- Projects ----
SELECT app.allow('projects', 'portal_api', 'SELECT',
    'owner_id = (SELECT app.user_id()) OR (SELECT app.has(''projects.manage''))');
SELECT app.allow('projects', 'portal_api', 'INSERT',
    'owner_id = (SELECT app.user_id()) AND ((SELECT app.has(''projects.create'')) OR (SELECT app.has(''projects.manage'')))');
SELECT app.allow('projects', 'portal_api', 'UPDATE',
    'owner_id = (SELECT app.user_id()) OR (SELECT app.has(''projects.manage''))');
SELECT app.allow('projects', 'portal_jobs', command, 'true') FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) AS command;
SELECT app.allow('projects', 'portal_admin', 'SELECT', '(SELECT app.has(''reports.read''))');

SELECT app.allow('project_invitations', 'portal_api', 'SELECT',
    'user_id = (SELECT app.user_id()) OR (SELECT app.has(''projects.manage'')) OR app.is_project_owner(project_id)');
SELECT app.allow('project_invitations', 'portal_api', 'INSERT',
    'invited_by = (SELECT app.user_id()) AND ((SELECT app.has(''projects.manage'')) OR app.is_project_owner(project_id))');
SELECT app.allow('project_invitations', 'portal_api', 'DELETE',
    '(SELECT app.has(''projects.manage'')) OR app.is_project_owner(project_id)');

SELECT app.allow('project_applications', 'portal_api', 'SELECT',
    'user_id = (SELECT app.user_id()) OR (SELECT app.has(''projects.manage'')) OR app.is_project_owner(project_id)');
SELECT app.allow('project_applications', 'portal_api', 'INSERT',
    'user_id = (SELECT app.user_id()) AND status = ''PENDING'' AND app.sees_project(project_id)');
SELECT app.allow('project_applications', 'portal_api', 'UPDATE',
    'user_id = (SELECT app.user_id()) OR (SELECT app.has(''projects.manage'')) OR app.is_project_owner(project_id)');
SELECT app.allow('project_applications', 'portal_admin', 'SELECT', '(SELECT app.has(''reports.read''))');
SELECT app.allow('project_applications', 'portal_jobs', 'SELECT', 'true', 'id, project_id, user_id, status, submitted_at');
SELECT app.allow('application_events', 'portal_api', command, 'app.sees_application(application_id)')
FROM unnest(ARRAY['SELECT', 'INSERT']) AS command;

SELECT app.allow('addenda', 'portal_api', 'SELECT', 'app.sees_project(project_id)');
SELECT app.allow('addenda', 'portal_api', 'INSERT',
    'created_by = (SELECT app.user_id()) AND ((SELECT app.has(''projects.manage'')) OR app.is_project_owner(project_id))');
SELECT app.allow('addendum_acknowledgements', 'portal_api', 'SELECT',
    'user_id = (SELECT app.user_id()) OR (SELECT app.has(''projects.manage''))');
SELECT app.allow('addendum_acknowledgements', 'portal_api', 'INSERT', 'user_id = (SELECT app.user_id())');

SELECT app.allow('project_files', 'portal_api', 'SELECT', 'app.sees_project(project_id)');
SELECT app.allow('project_files', 'portal_api', 'INSERT',
    'uploaded_by = (SELECT app.user_id()) AND ((SELECT app.has(''projects.manage'')) OR app.is_project_owner(project_id))');
SELECT app.allow('project_files', 'portal_api', 'UPDATE',
    '(SELECT app.has(''projects.manage'')) OR app.is_project_owner(project_id)');

-- ---- Events and courses ----
SELECT app.allow('events', 'portal_api', command,
    'organizer_id = (SELECT app.user_id()) AND (SELECT app.has(''events.create'')) OR (SELECT app.has(''events.manage''))')
FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) AS command;
SELECT app.allow('event_registrations', 'portal_api', command,
    'user_id = (SELECT app.user_id()) OR (SELECT app.has(''events.manage''))')
FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) AS command;
SELECT app.allow('event_files', 'portal_api', 'SELECT', 'app.sees_event(event_id)');
SELECT app.allow('event_files', 'portal_api', 'INSERT',
    'uploaded_by = (SELECT app.user_id()) AND (SELECT app.has(''events.manage''))');
SELECT app.allow('event_files', 'portal_api', 'UPDATE', '(SELECT app.has(''events.manage''))');

SELECT app.allow('courses', 'portal_api', command, '(SELECT app.has(''courses.manage''))')
FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) AS command;
SELECT app.allow('course_modules', 'portal_api', 'SELECT', 'app.sees_course(course_id)');
SELECT app.allow('course_modules', 'portal_api', command, '(SELECT app.has(''courses.manage''))')
FROM unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) AS command;
SELECT app.allow('course_enrollments', 'portal_api', command,
    'user_id = (SELECT app.user_id()) OR (SELECT app.has(''courses.manage''))')
FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) AS command;
SELECT app.allow('module_progress', 'portal_api', command,
    'app.is_enrollment_owner(enrollment_id) OR (SELECT app.has(''courses.manage''))')
FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) AS command;
SELECT app.allow(name::regclass, 'portal_admin', 'SELECT', '(SELECT app.has(''reports.read''))')
FROM unnest(ARRAY['events', 'event_registrations', 'courses', 'course_enrollments']) AS name;
SELECT app.allow(name::regclass, 'portal_jobs', command, 'true')
FROM unnest(ARRAY['events', 'event_registrations', 'courses', 'course_enrollments', 'project_files', 'event_files']) AS name,
     unnest(ARRAY['SELECT', 'UPDATE']) AS command;
