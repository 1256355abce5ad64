-- Policies, continued: what people write, what they pay, and what staff and jobs leave behind.

-- ---- Messages: the two people, nobody else; jobs count them without reading ----
SELECT app.allow('messages', 'portal_api', 'SELECT',
    'sender_id = (SELECT app.user_id()) OR receiver_id = (SELECT app.user_id())');
SELECT app.allow('messages', 'portal_api', 'INSERT', 'sender_id = (SELECT app.user_id())');
SELECT app.allow('messages', 'portal_api', 'UPDATE',
    'sender_id = (SELECT app.user_id()) OR receiver_id = (SELECT app.user_id())', 'status, read_at');
SELECT app.allow('messages', 'portal_jobs', 'SELECT', 'true', 'id, sender_id, receiver_id, status, sent_at');
-- Sending keeps both sides' rows, so the counterpart may touch them, but not read the other side's.
SELECT app.allow('conversations', 'portal_api', command,
    'user_id = (SELECT app.user_id()) OR counterpart_id = (SELECT app.user_id())')
FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) AS command;
SELECT app.allow('conversations', 'portal_jobs', 'SELECT', 'true');
SELECT app.allow('member_blocks', 'portal_api', command, 'user_id = (SELECT app.user_id())')
FROM unnest(ARRAY['SELECT', 'INSERT', 'DELETE']) AS command;
SELECT app.allow('member_blocks', 'portal_definer', 'SELECT', 'true');
SELECT app.allow('message_reports', 'portal_api', command, 'reported_by = (SELECT app.user_id())')
FROM unnest(ARRAY['SELECT', 'INSERT']) AS command;
SELECT app.allow('message_reports', 'portal_admin', command, '(SELECT app.has(''messages.moderate''))')
FROM unnest(ARRAY['SELECT', 'UPDATE']) AS command;

CREATE FUNCTION app.is_blocked_by(receiver uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT EXISTS (SELECT FROM public.member_blocks WHERE user_id = receiver AND blocked_id = (SELECT app.user_id()))
$$;
ALTER FUNCTION app.is_blocked_by(uuid) OWNER TO portal_definer;
GRANT EXECUTE ON FUNCTION app.is_blocked_by(uuid) TO portal_api;
COMMENT ON FUNCTION app.is_blocked_by(uuid) IS 'Whether the caller is blocked by someone, without showing anybody''s list.';

-- ---- Announcements and tickets ----
SELECT app.allow('announcements', 'portal_api', 'SELECT',
    'deleted_at IS NULL AND publish_at <= now() AND COALESCE(expires_at > now(), true)
     AND app.is_in_audience(audience, audience_member_type, audience_role_id)
     OR (SELECT app.has(''announcements.manage''))');
SELECT app.allow('announcements', 'portal_api', command, '(SELECT app.has(''announcements.manage''))')
FROM unnest(ARRAY['INSERT', 'UPDATE']) AS command;
SELECT app.allow('announcements', 'portal_jobs', 'SELECT', 'true');
SELECT app.allow('announcements', 'portal_jobs', 'UPDATE', 'true', 'notified_at');
SELECT app.allow('announcement_reads', 'portal_api', 'SELECT',
    'user_id = (SELECT app.user_id()) OR (SELECT app.has(''announcements.manage''))');
SELECT app.allow('announcement_reads', 'portal_api', 'INSERT', 'user_id = (SELECT app.user_id())');

SELECT app.allow('member_feedback', 'portal_api', command, 'user_id = (SELECT app.user_id())')
FROM unnest(ARRAY['SELECT', 'INSERT']) AS command;
SELECT app.allow('member_feedback', 'portal_api', 'UPDATE', 'user_id = (SELECT app.user_id())', 'status');
SELECT app.allow('member_feedback', 'portal_admin', command, '(SELECT app.has(''feedback.manage''))')
FROM unnest(ARRAY['SELECT', 'UPDATE']) AS command;
SELECT app.allow('feedback_replies', 'portal_api', 'SELECT', 'NOT is_internal AND app.is_feedback_owner(feedback_id)');
SELECT app.allow('feedback_replies', 'portal_api', 'INSERT',
    'author_id = (SELECT app.user_id()) AND NOT is_internal AND app.is_feedback_owner(feedback_id)');
SELECT app.allow('feedback_replies', 'portal_admin', 'SELECT', '(SELECT app.has(''feedback.manage''))');
SELECT app.allow('feedback_replies', 'portal_admin', 'INSERT',
    'author_id = (SELECT app.user_id()) AND (SELECT app.has(''feedback.manage''))');

SELECT app.allow('saved_searches', 'portal_api', command, 'user_id = (SELECT app.user_id())')
FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS command;
SELECT app.allow('saved_searches', 'portal_jobs', 'SELECT', 'true');
SELECT app.allow('saved_searches', 'portal_jobs', 'UPDATE', 'true', 'matched_until, last_alert_on');

-- ---- What is to be sent: everyone may put in, the notify function alone takes out ----
SELECT app.allow('outbox', role_name, 'INSERT', 'state = ''PENDING''')
FROM unnest(ARRAY['portal_auth', 'portal_api', 'portal_admin']) AS role_name;
SELECT app.allow('outbox', 'portal_jobs', command, 'true')
FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS command;

-- ---- Money: members read their own, webhooks and billing write, finance reads and refunds ----
SELECT app.allow('payments', 'portal_api', 'SELECT',
    'user_id = (SELECT app.user_id()) OR (SELECT app.has(''payments.read''))');
SELECT app.allow('payments', 'portal_api', 'INSERT', 'user_id = (SELECT app.user_id()) AND status = ''PENDING''');
SELECT app.allow('payments', 'portal_api', 'UPDATE',
    'user_id = (SELECT app.user_id()) OR (SELECT app.has(''payments.refund''))',
    'status, stripe_payment_intent_id, stripe_customer_id, failure_code');
SELECT app.allow('payments', 'portal_admin', 'SELECT',
    '(SELECT app.has(''payments.read'')) OR (SELECT app.has(''reports.read''))');
SELECT app.allow('memberships', 'portal_api', 'SELECT',
    'user_id = (SELECT app.user_id()) OR (SELECT app.has(''payments.read''))');
SELECT app.allow('memberships', 'portal_admin', 'SELECT',
    '(SELECT app.has(''users.read'')) OR (SELECT app.has(''reports.read''))');
SELECT app.allow('membership_people', 'portal_api', 'SELECT',
    'user_id = (SELECT app.user_id()) OR app.is_membership_holder(membership_id)');
SELECT app.allow('membership_people', 'portal_api', command, 'app.is_membership_holder(membership_id)')
FROM unnest(ARRAY['INSERT', 'DELETE']) AS command;
SELECT app.allow(name::regclass, role_name, 'SELECT',
    '(SELECT app.has(''payments.read'')) OR (SELECT app.has(''reports.read''))')
FROM unnest(ARRAY['ledger_transactions', 'ledger_entries']) AS name, unnest(ARRAY['portal_api', 'portal_admin']) AS role_name;
SELECT app.allow(name::regclass, 'portal_jobs', command, 'true')
FROM unnest(ARRAY['payments', 'memberships', 'stripe_events']) AS name, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) AS command;
SELECT app.allow(name::regclass, 'portal_jobs', command, 'true')
FROM unnest(ARRAY['ledger_transactions', 'ledger_entries']) AS name, unnest(ARRAY['SELECT', 'INSERT']) AS command;
SELECT app.allow('membership_people', 'portal_jobs', 'SELECT', 'true');

SELECT app.allow('idempotency_keys', role_name, command, 'user_id = (SELECT app.user_id())')
FROM unnest(ARRAY['portal_api', 'portal_admin', 'portal_auth']) AS role_name,
     unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS command;

-- ---- Operations ----
SELECT app.allow('admin_actions', 'portal_admin', 'SELECT', '(SELECT app.has(''audit.read''))');
SELECT app.allow('admin_actions', role_name, 'INSERT', 'user_id = (SELECT app.user_id())')
FROM unnest(ARRAY['portal_admin', 'portal_api']) AS role_name;
SELECT app.allow('audit_log', 'portal_admin', 'SELECT', '(SELECT app.has(''audit.read''))');
-- Triggers write as the definer; no role that logs in for a function can change or delete a row of the log.
SELECT app.allow('audit_log', 'portal_definer', 'INSERT', 'true');
GRANT USAGE ON SEQUENCE audit_log_id TO portal_definer;

SELECT app.allow(name::regclass, 'portal_admin', 'SELECT', '(SELECT app.has(''system.read''))')
FROM unnest(ARRAY['system_metrics', 'job_runs', 'audit_seals', 'backups', 'partition_policies']) AS name;
SELECT app.allow(name::regclass, 'portal_jobs', command, 'true')
FROM unnest(ARRAY['system_metrics', 'job_runs']) AS name, unnest(ARRAY['SELECT', 'INSERT']) AS command;
SELECT app.allow('job_runs', 'portal_jobs', 'UPDATE', 'true');
SELECT app.allow('search_terms', 'portal_jobs', command, 'true') FROM unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) AS command;
SELECT app.allow('backups', 'portal_backup', command, 'true') FROM unnest(ARRAY['INSERT', 'UPDATE']) AS command;
SELECT app.allow('job_runs', 'portal_backup', command, 'true') FROM unnest(ARRAY['INSERT', 'UPDATE']) AS command;
GRANT SELECT ON SEQUENCE audit_log_id TO portal_backup;
GRANT USAGE ON SCHEMA app TO portal_backup;
