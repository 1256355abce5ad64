-- A merge moves all that an account holds, so two people are for it; it shows nobody what was hidden, gives nobody more than its makers may
-- give, and leaves a finding wherever money was paid for what is put away.

-- ---- Two members of staff for one merge ----
CREATE TABLE merge_orders (
    keep_id uuid NOT NULL REFERENCES users,
    merge_id uuid NOT NULL REFERENCES users,
    ordered_by uuid NOT NULL REFERENCES users,
    reason text NOT NULL CHECK (reason <> '' AND length(reason) <= 500),
    ordered_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (keep_id, merge_id),
    CONSTRAINT merge_orders_of_two CHECK (keep_id <> merge_id)
);
CREATE INDEX merge_orders_merge ON merge_orders (merge_id);
CREATE INDEX merge_orders_ordered_by ON merge_orders (ordered_by);
COMMENT ON TABLE merge_orders IS
    'Merges that one member of staff has ordered and a second has not confirmed. One that is older than 14 days counts no more.';
SELECT app.protect('merge_orders');
SELECT app.classify('merge_orders', '{"private": ["keep_id", "merge_id", "ordered_by", "reason", "ordered_at"]}');
SELECT app.enable_audit('merge_orders');
SELECT app.allow('merge_orders', 'portal_admin', 'SELECT', '(SELECT app.has(''users.read''))');
SELECT app.allow('merge_orders', 'portal_admin', 'INSERT', '(SELECT app.has(''users.manage'')) AND ordered_by = (SELECT app.user_id())');
CREATE POLICY portal_admin_update ON merge_orders FOR UPDATE TO portal_admin
    USING ((SELECT app.has('users.manage'))) WITH CHECK ((SELECT app.has('users.manage')) AND ordered_by = (SELECT app.user_id()));
GRANT UPDATE (ordered_by, reason, ordered_at) ON merge_orders TO portal_admin;
SELECT app.allow('merge_orders', 'portal_definer', command, 'true') FROM unnest(ARRAY['SELECT', 'DELETE']) AS command;

CREATE OR REPLACE FUNCTION app.account_references() RETURNS TABLE (table_name text, column_name text, on_merge text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    VALUES
        -- MOVE: the column names the kept account from then on; it is in no unique key, so nothing can clash.
        ('addenda', 'created_by', 'MOVE'), ('announcements', 'author_id', 'MOVE'), ('application_events', 'actor_id', 'MOVE'),
        ('avatars', 'user_id', 'MOVE'), ('california_contractors', 'outreach_updated_by', 'MOVE'), ('courses', 'author_id', 'MOVE'),
        ('event_files', 'uploaded_by', 'MOVE'), ('event_registrations', 'checked_in_by', 'MOVE'), ('events', 'organizer_id', 'MOVE'),
        ('import_runs', 'undo_requested_by', 'MOVE'),
        ('feedback_replies', 'author_id', 'MOVE'), ('imported_projects', 'imported_by', 'MOVE'), ('member_feedback', 'assigned_to', 'MOVE'),
        ('member_feedback', 'user_id', 'MOVE'), ('message_reports', 'resolved_by', 'MOVE'), ('payment_findings', 'resolved_by', 'MOVE'),
        ('project_applications', 'reviewed_by', 'MOVE'), ('project_files', 'uploaded_by', 'MOVE'),
        ('project_invitations', 'invited_by', 'MOVE'), ('projects', 'owner_id', 'MOVE'), ('refunds', 'requested_by', 'MOVE'),
        ('saved_searches', 'user_id', 'MOVE'), ('suspensions', 'suspended_by', 'MOVE'), ('user_roles', 'granted_by', 'MOVE'),
        -- DECIDE: both accounts may have one where there is room for one; app.merge_… decide.
        ('addendum_acknowledgements', 'user_id', 'DECIDE'), ('announcement_reads', 'user_id', 'DECIDE'),
        ('conversations', 'counterpart_id', 'DECIDE'), ('conversations', 'user_id', 'DECIDE'), ('course_enrollments', 'user_id', 'DECIDE'),
        ('event_registrations', 'user_id', 'DECIDE'), ('member_blocks', 'blocked_id', 'DECIDE'), ('member_blocks', 'user_id', 'DECIDE'),
        ('membership_people', 'user_id', 'DECIDE'), ('memberships', 'user_id', 'DECIDE'), ('message_digests', 'user_id', 'DECIDE'),
        ('message_reports', 'reported_by', 'DECIDE'), ('messages', 'receiver_id', 'DECIDE'), ('messages', 'sender_id', 'DECIDE'),
        ('notification_settings', 'user_id', 'DECIDE'), ('outbox', 'user_id', 'DECIDE'), ('payments', 'user_id', 'DECIDE'),
        ('project_applications', 'user_id', 'DECIDE'), ('project_invitations', 'user_id', 'DECIDE'), ('user_roles', 'user_id', 'DECIDE'),
        ('user_skills', 'user_id', 'DECIDE'), ('users', 'merged_into', 'DECIDE'),
        -- DROP: what the given-up account signs in with, secrets of its links, and orders to merge by it or of it.
        ('calendar_tokens', 'user_id', 'DROP'), ('idempotency_keys', 'user_id', 'DROP'), ('known_devices', 'user_id', 'DROP'),
        ('login_attempts', 'user_id', 'DROP'), ('merge_orders', 'keep_id', 'DROP'), ('merge_orders', 'merge_id', 'DROP'),
        ('merge_orders', 'ordered_by', 'DROP'), ('mfa_recovery_codes', 'user_id', 'DROP'), ('single_use_tokens', 'user_id', 'DROP'),
        ('member_turns', 'user_id', 'DROP'), ('totp_steps', 'user_id', 'DROP'),
        -- STAY: what was done under the name of the account (sealed, and never rewritten), its ended sign-ins, and what is sealed for it
        -- alone, which nothing here can open. A suspended account is not merged.
        ('admin_actions', 'target_user_id', 'STAY'), ('admin_actions', 'user_id', 'STAY'), ('secure_data', 'user_id', 'STAY'),
        ('sessions', 'user_id', 'STAY'), ('suspensions', 'user_id', 'STAY')
$$;

-- Roles that the kept account would have by a merge and does not have now, or has for a shorter time. Every member has the role of members.
CREATE FUNCTION app.roles_of_merge(keep uuid, given_up uuid) RETURNS TABLE (role_id uuid, until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT l.role_id, l.expires_at
    FROM public.user_roles AS l
    JOIN public.roles AS r ON r.id = l.role_id AND r.name <> 'member'
    LEFT JOIN public.user_roles AS k ON k.user_id = keep AND k.role_id = l.role_id
    WHERE l.user_id = given_up AND COALESCE(l.expires_at, 'infinity') > now()
        AND (k.user_id IS NULL OR COALESCE(k.expires_at, 'infinity') < COALESCE(l.expires_at, 'infinity'))
$$;
COMMENT ON FUNCTION app.roles_of_merge(uuid, uuid) IS 'The roles that a merge gives to the account that is kept.';

CREATE FUNCTION app.mergers(keep uuid, given_up uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT u.id
    FROM public.users AS u
    WHERE u.id IN (
            SELECT ur.user_id
            FROM public.user_roles AS ur
            JOIN public.role_permissions AS rp ON rp.role_id = ur.role_id
            JOIN public.permissions AS p ON p.id = rp.permission_id
            WHERE p.name = 'users.manage' AND COALESCE(ur.expires_at, 'infinity') > now())
        AND u.id NOT IN (keep, given_up)
        AND u.is_active AND u.is_verified AND u.approved_at IS NOT NULL AND u.deleted_at IS NULL
        AND app.powers_of(u.id) @> (app.powers_of(keep) || app.powers_of(given_up) || '{users.read}'::text[]
            || CASE WHEN EXISTS (SELECT FROM app.roles_of_merge(keep, given_up)) THEN '{roles.manage}'::text[] ELSE '{}' END)
$$;
COMMENT ON FUNCTION app.mergers(uuid, uuid) IS 'Who may merge two accounts: staff with an open account who may do all that either may.';

CREATE FUNCTION app.merge_standing(
    keep uuid, given_up uuid, OUT ordered_by uuid, OUT ordered_at timestamptz, OUT reason text, OUT may_finish boolean
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    IF NOT (app.has('users.manage') AND app.has('users.read')) THEN
        RAISE EXCEPTION 'only those who run accounts merge them' USING ERRCODE = '42501';
    END IF;
    SELECT o.ordered_by, o.ordered_at, o.reason INTO ordered_by, ordered_at, reason
    FROM public.merge_orders AS o
    WHERE o.keep_id = keep AND o.merge_id = given_up AND o.ordered_at > now() - interval '14 days'
        AND o.ordered_by IN (SELECT m FROM app.mergers(keep, given_up) AS m);
    may_finish := COALESCE(ordered_by <> app.user_id(), false)
        OR NOT EXISTS (SELECT FROM app.mergers(keep, given_up) AS m WHERE m <> app.user_id());
END
$$;
COMMENT ON FUNCTION app.merge_standing(uuid, uuid) IS
    'Who has ordered a merge, and whether the caller may finish it: as the second, or as the only one there is. Asked before the merge.';

-- ---- Who may merge ----
CREATE OR REPLACE FUNCTION app.admit_merge(keep uuid, given_up uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    refusal text;
BEGIN
    IF NOT app.has('users.manage') THEN
        RAISE EXCEPTION 'only those who run accounts merge them' USING ERRCODE = '42501';
    END IF;
    -- One order: who settles a payment holds its row and then the account's, who changes seats the event's first, a bid the project's, and
    -- with either come mails to who runs it.
    PERFORM FROM public.payments AS p WHERE p.user_id IN (keep, given_up) ORDER BY p.id FOR UPDATE;
    PERFORM FROM public.memberships AS m WHERE m.user_id IN (keep, given_up) ORDER BY m.id FOR UPDATE;
    PERFORM FROM public.events AS e
    WHERE e.organizer_id IN (keep, given_up)
        OR e.id IN (SELECT r.event_id FROM public.event_registrations AS r WHERE r.user_id IN (keep, given_up))
    ORDER BY e.id FOR NO KEY UPDATE;
    PERFORM FROM public.projects AS p
    WHERE p.owner_id IN (keep, given_up)
        OR p.id IN (SELECT a.project_id FROM public.project_applications AS a WHERE a.user_id IN (keep, given_up))
    ORDER BY p.id FOR NO KEY UPDATE;
    PERFORM FROM public.users AS u WHERE u.id IN (keep, given_up) ORDER BY u.id FOR UPDATE;
    SELECT CASE
        WHEN keep = given_up THEN 'An account cannot be merged with itself.'
        WHEN app.user_id() IN (keep, given_up) THEN 'Your own account is for somebody else to merge.'
        WHEN count(*) < 2 THEN 'Both accounts have to be there, and not closed.'
        WHEN NOT bool_and(u.is_active) THEN 'A suspended account is reinstated first.'
        WHEN NOT bool_and(u.is_verified OR u.id <> keep) THEN
            'The address of the account that would be kept was never confirmed: nobody could sign in. Keep the other one.'
        WHEN EXISTS (
            SELECT FROM public.user_roles AS ur
            WHERE ur.user_id IN (keep, given_up) AND (ur.expires_at IS NULL OR ur.expires_at > now()) AND NOT app.may_give(ur.role_id)
        ) THEN 'One of the accounts may do what you may not: somebody who may merges them.'
        WHEN EXISTS (
            SELECT FROM app.roles_of_merge(keep, given_up) AS g
            WHERE NOT (app.has('roles.manage') AND app.may_give(g.role_id, g.until))
        ) THEN 'The account that is kept would come to roles that you may not give: somebody who may merges them, or takes them first.'
        WHEN 1 < (
            SELECT count(*) FROM public.payments AS p
            WHERE p.user_id IN (keep, given_up) AND p.type = 'MEMBERSHIP' AND p.status IN ('PENDING', 'PROCESSING', 'FAILED')
        ) THEN 'Both accounts have a payment for a membership under way: one has to end or be called off first.'
    END INTO refusal
    FROM public.users AS u WHERE u.id IN (keep, given_up) AND u.deleted_at IS NULL;
    IF refusal IS NOT NULL THEN
        RAISE EXCEPTION '%', refusal USING ERRCODE = 'PB409';
    END IF;
END
$$;

-- ---- What a merge does ----
CREATE OR REPLACE FUNCTION app.merge_registrations(keep uuid, given_up uuid) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    clash record;
    clashes jsonb := '[]';
    put_away uuid[] := '{}';
    loser uuid;
    is_owed boolean;
BEGIN
    FOR clash IN
        SELECT k.id AS kept, l.id AS other, e.id AS event, e.title, k.paid_at AS kept_paid, l.paid_at AS other_paid,
            app.registration_rank(k.status, k.paid_at, k.offer_expires_at) >= app.registration_rank(l.status, l.paid_at, l.offer_expires_at) AS keeps
        FROM public.event_registrations AS k
        JOIN public.event_registrations AS l ON l.event_id = k.event_id AND l.user_id = given_up
        JOIN public.events AS e ON e.id = k.event_id
        WHERE k.user_id = keep
        ORDER BY e.id
    LOOP
        loser := CASE WHEN clash.keeps THEN clash.other ELSE clash.kept END;
        is_owed := CASE WHEN clash.keeps THEN clash.other_paid ELSE clash.kept_paid END IS NOT NULL;
        put_away := put_away || loser;
        IF is_owed THEN
            PERFORM app.note_put_away(loser, clash.title);
        END IF;
        -- A hold that has lapsed is one no more either: money that still comes for it goes back.
        UPDATE public.event_registrations
        SET status = 'CANCELLED', hold_expires_at = NULL, hold_lapsed_at = NULL, offer_expires_at = NULL,
            cancelled_at = COALESCE(cancelled_at, now())
        WHERE id = loser AND (status <> 'CANCELLED' OR hold_lapsed_at IS NOT NULL);
        clashes := clashes || app.clash(clash.event::text, clash.title, CASE WHEN clash.keeps THEN 'KEEP' ELSE 'MERGE' END,
            CASE WHEN is_owed THEN 'REFUND_DUE' ELSE 'FURTHEST' END);
    END LOOP;
    RETURN app.merged('event_registrations', app.merge_owner('event_registrations', keep, given_up, put_away), clashes);
END
$$;

CREATE OR REPLACE FUNCTION app.merge_enrollments(keep uuid, given_up uuid) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    clash record;
    clashes jsonb := '[]';
    put_away uuid[] := '{}';
    loser uuid;
    is_owed boolean;
BEGIN
    FOR clash IN
        SELECT k.id AS kept, l.id AS other, c.id AS course, c.title, k.paid_at AS kept_paid, l.paid_at AS other_paid,
            (app.enrollment_rank(k.status, k.amount_cents, k.paid_at), k.progress_percent)
                >= (app.enrollment_rank(l.status, l.amount_cents, l.paid_at), l.progress_percent) AS keeps
        FROM public.course_enrollments AS k
        JOIN public.course_enrollments AS l ON l.course_id = k.course_id AND l.user_id = given_up AND l.status <> 'COMPLETED'
        JOIN public.courses AS c ON c.id = k.course_id
        WHERE k.user_id = keep AND k.status <> 'COMPLETED'
        ORDER BY c.id
    LOOP
        loser := CASE WHEN clash.keeps THEN clash.other ELSE clash.kept END;
        is_owed := CASE WHEN clash.keeps THEN clash.other_paid ELSE clash.kept_paid END IS NOT NULL;
        put_away := put_away || loser;
        IF is_owed THEN
            PERFORM app.note_put_away(loser, clash.title);
        END IF;
        UPDATE public.course_enrollments SET status = 'DROPPED', hold_expires_at = NULL, hold_lapsed_at = NULL
        WHERE id = loser AND (status <> 'DROPPED' OR hold_lapsed_at IS NOT NULL);
        clashes := clashes || app.clash(clash.course::text, clash.title, CASE WHEN clash.keeps THEN 'KEEP' ELSE 'MERGE' END,
            CASE WHEN is_owed THEN 'REFUND_DUE' ELSE 'FURTHEST' END);
    END LOOP;
    RETURN app.merged('course_enrollments', app.merge_owner('course_enrollments', keep, given_up, put_away), clashes);
END
$$;
GRANT UPDATE (hold_lapsed_at) ON event_registrations, course_enrollments TO portal_definer;

ALTER TABLE payment_findings DROP CONSTRAINT payment_findings_kind_check;
ALTER TABLE payment_findings ADD CONSTRAINT payment_findings_kind_check CHECK (kind IN (
    'CONTRADICTION', 'UNKNOWN_INTENT', 'MISSING_INTENT', 'LEDGER_DIFFERS', 'REFUND_RETURNED', 'REFUND_REFUSED', 'DISPUTED',
    'CREDIT_GIVEN_BACK', 'PUT_AWAY'));
SELECT app.allow('payment_findings', 'portal_definer', 'INSERT', 'true', 'id, kind, subject, payment_id, detail');
GRANT UPDATE (last_found_at, detail) ON payment_findings TO portal_definer;

CREATE FUNCTION app.note_put_away(put_away uuid, title text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
    INSERT INTO public.payment_findings (id, kind, subject, payment_id, detail)
    SELECT app.uuid_v7(), 'PUT_AWAY', p.id::text, p.id,
        format('%s cents are left of a payment for "%s", which was put away when two accounts of one person were merged: refund them, or say why not',
            p.amount_cents - p.refunded_amount_cents, left(title, 500))
    FROM public.payments AS p
    LEFT JOIN public.event_registrations AS r ON r.id = p.registration_id
    WHERE put_away IN (p.registration_id, p.enrollment_id)
        AND p.status = 'COMPLETED' AND p.delivery = 'GIVEN' AND COALESCE(p.seat_version = r.seat_version, true)
        AND p.amount_cents > p.refunded_amount_cents + (
            SELECT COALESCE(sum(b.amount_cents), 0) FROM public.refunds AS b WHERE b.payment_id = p.id AND b.status = 'REQUESTED')
    ON CONFLICT (kind, subject) WHERE resolved_at IS NULL DO UPDATE SET last_found_at = now(), detail = EXCLUDED.detail
$$;
COMMENT ON FUNCTION app.note_put_away(uuid, text) IS
    'Writes a finding for the money of a registration or an enrolment that a merge puts away: called while it is still what was paid.';

CREATE FUNCTION app.merge_invitations(keep uuid, given_up uuid) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    own bigint;
BEGIN
    DELETE FROM public.project_invitations AS i USING public.projects AS p
    WHERE p.id = i.project_id AND i.user_id IN (keep, given_up) AND p.owner_id IN (keep, given_up);
    GET DIAGNOSTICS own = ROW_COUNT;
    RETURN app.merged('project_invitations', 0, CASE WHEN own = 0 THEN '[]' ELSE app.clash(NULL, own::text, 'BOTH', 'OWN_PROJECT') END)
        || app.merge_once('project_invitations', 'project_id', keep, given_up);
END
$$;
COMMENT ON FUNCTION app.merge_invitations(uuid, uuid) IS 'Invitations of both; nobody is invited to a project of their own.';

CREATE FUNCTION app.narrower(one text, other text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = ''
AS $$
    SELECT (ARRAY['NOBODY', 'MEMBERS', 'EVERYONE'])[LEAST(
        COALESCE(array_position(ARRAY['NOBODY', 'MEMBERS', 'EVERYONE'], COALESCE(one, 'MEMBERS')), 1),
        COALESCE(array_position(ARRAY['NOBODY', 'MEMBERS', 'EVERYONE'], COALESCE(other, 'MEMBERS')), 1))]
$$;
COMMENT ON FUNCTION app.narrower(text, text) IS 'The smaller of two audiences of a field; members where none is named.';

CREATE OR REPLACE FUNCTION app.merge_profile(keep uuid, given_up uuid) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    k public.users := (SELECT u FROM public.users AS u WHERE u.id = keep);
    l public.users := (SELECT u FROM public.users AS u WHERE u.id = given_up);
    no_address boolean := k.street IS NULL AND k.city IS NULL AND k.state IS NULL AND k.zip IS NULL AND k.coordinates IS NULL;
    taken text[] := array_remove(ARRAY[
        CASE WHEN k.company IS NULL AND l.company IS NOT NULL THEN 'company' END,
        CASE WHEN k.title IS NULL AND l.title IS NOT NULL THEN 'title' END,
        CASE WHEN k.phone IS NULL AND l.phone IS NOT NULL THEN 'phone' END,
        CASE WHEN no_address AND COALESCE(l.street, l.city, l.state, l.zip, l.coordinates::text) IS NOT NULL THEN 'address' END,
        CASE WHEN k.bio IS NULL AND l.bio IS NOT NULL THEN 'bio' END,
        CASE WHEN k.website IS NULL AND l.website IS NOT NULL THEN 'website' END,
        CASE WHEN k.linkedin IS NULL AND l.linkedin IS NOT NULL THEN 'linkedin' END,
        CASE WHEN k.profile_image_key IS NULL AND l.profile_image_key IS NOT NULL THEN 'picture' END,
        CASE WHEN k.certifications = '[]' AND l.certifications <> '[]' THEN 'certifications' END,
        CASE WHEN k.languages = '{}' AND l.languages <> '{}' THEN 'languages' END,
        CASE WHEN k.contractor_license IS NULL AND l.contractor_license IS NOT NULL THEN 'licence' END], NULL);
    clashes jsonb := '[]';
    field text;
    skills bigint;
    settings bigint;
BEGIN
    IF k.contractor_license IS NOT NULL AND l.contractor_license IS NOT NULL THEN
        -- A firm whose member is gone is none of ours.
        UPDATE public.california_contractors SET is_namc_member = false WHERE license_number = l.contractor_license;
        clashes := app.clash(l.contractor_license, k.contractor_license, 'KEEP', 'ONE_LICENCE');
    END IF;
    FOREACH field IN ARRAY taken LOOP
        clashes := clashes || app.clash(NULL, field, 'MERGE', 'FILLED_IN');
    END LOOP;
    -- The one that is given up first: of a licence and an address there is one among open accounts.
    UPDATE public.users
    SET deleted_at = now(), is_active = false, merged_into = keep, contractor_license = NULL
    WHERE id = given_up;
    UPDATE public.users SET merged_into = keep WHERE merged_into = given_up;
    UPDATE public.users
    SET company = COALESCE(k.company, l.company), title = COALESCE(k.title, l.title), phone = COALESCE(k.phone, l.phone),
        street = CASE WHEN no_address THEN l.street ELSE k.street END, city = CASE WHEN no_address THEN l.city ELSE k.city END,
        state = CASE WHEN no_address THEN l.state ELSE k.state END, zip = CASE WHEN no_address THEN l.zip ELSE k.zip END,
        coordinates = CASE WHEN no_address THEN l.coordinates ELSE k.coordinates END,
        bio = COALESCE(k.bio, l.bio), website = COALESCE(k.website, l.website), linkedin = COALESCE(k.linkedin, l.linkedin),
        profile_image_key = COALESCE(k.profile_image_key, l.profile_image_key),
        certifications = CASE WHEN k.certifications = '[]' THEN l.certifications ELSE k.certifications END,
        languages = CASE WHEN k.languages = '{}' THEN l.languages ELSE k.languages END,
        member_since = LEAST(k.member_since, l.member_since), approved_at = LEAST(k.approved_at, l.approved_at),
        contractor_license = COALESCE(k.contractor_license, l.contractor_license),
        -- What the other has hidden stays hidden.
        field_visibility = k.field_visibility || COALESCE((
            SELECT jsonb_object_agg(f, app.narrower(k.field_visibility ->> f, l.field_visibility ->> f))
            FROM unnest(ARRAY['phone', 'address']) AS f WHERE f = ANY (taken)), '{}')
    WHERE id = keep;

    UPDATE public.user_skills AS s SET verified = s.verified OR o.verified, level = CASE
        WHEN array_position(ARRAY['BEGINNER', 'INTERMEDIATE', 'ADVANCED', 'EXPERT'], o.level)
            > array_position(ARRAY['BEGINNER', 'INTERMEDIATE', 'ADVANCED', 'EXPERT'], s.level) THEN o.level ELSE s.level END
    FROM public.user_skills AS o WHERE s.user_id = keep AND o.user_id = given_up AND o.skill = s.skill;
    DELETE FROM public.user_skills AS o USING public.user_skills AS s WHERE o.user_id = given_up AND s.user_id = keep AND s.skill = o.skill;
    UPDATE public.user_skills SET user_id = keep WHERE user_id = given_up;
    GET DIAGNOSTICS skills = ROW_COUNT;
    UPDATE public.users SET skill_names = '{}' WHERE id = given_up AND skill_names <> '{}';
    DELETE FROM public.notification_settings AS o USING public.notification_settings AS s WHERE o.user_id = given_up AND s.user_id = keep;
    UPDATE public.notification_settings SET user_id = keep WHERE user_id = given_up;
    GET DIAGNOSTICS settings = ROW_COUNT;
    RETURN app.merged('users', LEAST(cardinality(taken), 1), clashes)
        || app.merged('user_skills', skills) || app.merged('notification_settings', settings);
END
$$;
GRANT UPDATE (field_visibility) ON users TO portal_definer;

CREATE OR REPLACE FUNCTION app.merge_accounts(keep uuid, given_up uuid, OUT report jsonb, OUT digest text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    reference record;
    moved bigint;
    versions text;
BEGIN
    PERFORM app.admit_merge(keep, given_up);
    SELECT string_agg(u.version::text, '/' ORDER BY u.id = keep) INTO versions FROM public.users AS u WHERE u.id IN (keep, given_up);
    report := app.merge_registrations(keep, given_up) || app.merge_applications(keep, given_up) || app.merge_enrollments(keep, given_up)
        || app.merge_invitations(keep, given_up)
        || app.merge_once('addendum_acknowledgements', 'addendum_id', keep, given_up)
        || app.merge_once('announcement_reads', 'announcement_id', keep, given_up)
        || app.merge_messages(keep, given_up) || app.merge_roles(keep, given_up);
    UPDATE public.payments SET user_id = keep WHERE user_id = given_up;
    GET DIAGNOSTICS moved = ROW_COUNT;
    report := report || app.merged('payments', moved) || app.merge_memberships(keep, given_up)
        || app.merged('outbox', app.merge_mails(keep, given_up)) || app.merge_profile(keep, given_up);
    FOR reference IN SELECT * FROM app.account_references() AS r WHERE r.on_merge IN ('MOVE', 'DROP') ORDER BY 1, 2 LOOP
        IF reference.on_merge = 'MOVE' THEN
            EXECUTE format('UPDATE public.%1$I SET %2$I = $1 WHERE %2$I = $2', reference.table_name, reference.column_name) USING keep, given_up;
        ELSE
            EXECUTE format('DELETE FROM public.%I WHERE %I = $1', reference.table_name, reference.column_name) USING given_up;
        END IF;
        GET DIAGNOSTICS moved = ROW_COUNT;
        IF reference.on_merge = 'MOVE' THEN
            report := report || app.merged(reference.table_name, moved);
        END IF;
    END LOOP;
    UPDATE public.sessions SET revoked_at = now(), revoked_reason = 'MERGED' WHERE user_id = given_up AND revoked_at IS NULL;
    SELECT count(*) INTO moved FROM public.secure_data WHERE user_id = given_up;
    report := report || app.merged('secure_data', 0, '[]', moved);
    -- Whoever reads at either address learns of it.
    INSERT INTO public.outbox (id, user_id, kind, recipient, payload)
    SELECT app.uuid_v7(), keep, 'ACCOUNT_MERGED', u.email, jsonb_build_object('keptEmail', k.email, 'closedEmail', l.email)
    FROM public.users AS u, public.users AS k, public.users AS l
    WHERE u.id IN (keep, given_up) AND k.id = keep AND l.id = given_up;
    -- What would be refused at the end of the transaction is refused in the preview too.
    SET CONSTRAINTS ALL IMMEDIATE;
    digest := encode(sha256(convert_to(concat_ws('/', keep, given_up, versions, report), 'UTF8')), 'hex');
END
$$;

DO $$
DECLARE
    made regprocedure;
BEGIN
    FOREACH made IN ARRAY ARRAY[
        'app.roles_of_merge(uuid, uuid)', 'app.mergers(uuid, uuid)', 'app.merge_standing(uuid, uuid)', 'app.note_put_away(uuid, text)',
        'app.merge_invitations(uuid, uuid)'
    ]::regprocedure[] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO portal_definer', made);
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION app.narrower(text, text) TO portal_definer;
GRANT EXECUTE ON FUNCTION app.merge_standing(uuid, uuid) TO portal_admin;
