-- Two accounts of one person become one: what the one to be given up has goes to the one that is kept, in one transaction. The
-- preview of a merge is the merge itself, taken back; so the two cannot differ.

ALTER TABLE users
    ADD COLUMN merged_into uuid REFERENCES users,
    ADD CONSTRAINT users_merged_is_closed CHECK (merged_into IS NULL OR deleted_at IS NOT NULL),
    ADD CONSTRAINT users_not_merged_into_itself CHECK (merged_into <> id);
CREATE INDEX users_merged_into ON users (merged_into) WHERE merged_into IS NOT NULL;
COMMENT ON COLUMN users.merged_into IS 'The account that has taken over what this one had.';
SELECT app.classify('users', '{"private": ["merged_into"]}');
GRANT SELECT (merged_into) ON users TO portal_admin;

-- ---- What becomes of every reference to an account ----
-- A test compares this with the catalog: whoever adds a foreign key to users says here what a merge does with it.
CREATE FUNCTION app.account_references() RETURNS TABLE (table_name text, column_name text, on_merge text)
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
        -- DROP: what the given-up account signs in with, and secrets of its links.
        ('calendar_tokens', 'user_id', 'DROP'), ('idempotency_keys', 'user_id', 'DROP'), ('known_devices', 'user_id', 'DROP'),
        ('login_attempts', 'user_id', 'DROP'), ('mfa_recovery_codes', 'user_id', 'DROP'), ('single_use_tokens', 'user_id', 'DROP'),
        ('member_turns', 'user_id', 'DROP'), ('totp_steps', 'user_id', 'DROP'),
        -- STAY: what was done under the name of the account (sealed, and never rewritten), its ended sign-ins, and what is sealed for it
        -- alone, which nothing here can open. A suspended account is not merged.
        ('admin_actions', 'target_user_id', 'STAY'), ('admin_actions', 'user_id', 'STAY'), ('secure_data', 'user_id', 'STAY'),
        ('sessions', 'user_id', 'STAY'), ('suspensions', 'user_id', 'STAY')
$$;
COMMENT ON FUNCTION app.account_references() IS
    'What a merge of accounts does with each column that names one: MOVE, DECIDE (in code, since there may be one on both sides), DROP or STAY.';
GRANT EXECUTE ON FUNCTION app.account_references() TO portal_definer;

-- The functions below may do what they do and nothing else can call them, so the policies of the definer can be wide.
DO $$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN
        SELECT r.table_name AS target, c.command, c.columns
        FROM app.account_references() AS r,
        LATERAL (
            SELECT 'SELECT' AS command, NULL AS columns WHERE r.on_merge <> 'STAY'
            UNION ALL SELECT 'UPDATE', r.column_name WHERE r.on_merge IN ('MOVE', 'DECIDE')
            UNION ALL SELECT 'DELETE', NULL WHERE r.on_merge = 'DROP'
        ) AS c
        UNION ALL
        SELECT d.target, 'DELETE', NULL
        FROM unnest(ARRAY[
            'addendum_acknowledgements', 'announcement_reads', 'conversations', 'member_blocks', 'membership_people', 'message_digests',
            'notification_settings', 'project_invitations', 'user_roles', 'user_skills', 'users'
        ]) AS d (target)
        UNION ALL
        SELECT u.target, 'UPDATE', u.columns
        FROM (VALUES
            ('event_registrations', 'status, hold_expires_at, offer_expires_at, cancelled_at'),
            ('project_applications', 'status'), ('course_enrollments', 'status, hold_expires_at'),
            ('conversations', 'last_message_id, last_message_at, unread_count, archived_at'),
            ('memberships', 'starts_at, ends_at, grace_ends_at, anchor_day, value_cents, state, reminded_days'),
            ('outbox', 'recipient, state, secret, claimed_until'), ('user_roles', 'expires_at'), ('user_skills', 'level, verified'),
            ('users', 'company, title, phone, street, city, state, zip, coordinates, bio, website, linkedin, profile_image_key,
                certifications, languages, member_since, approved_at, contractor_license, is_active, deleted_at'),
            ('sessions', 'revoked_at, revoked_reason')
        ) AS u (target, columns)
        UNION ALL
        SELECT s.target, 'SELECT', NULL FROM unnest(ARRAY['secure_data', 'sessions', 'suspensions']) AS s (target)
        UNION ALL
        SELECT 'users', 'INSERT', 'id, email, first_name, last_name, is_active, deleted_at'
    LOOP
        IF NOT EXISTS (
            SELECT FROM pg_policies AS p
            WHERE p.tablename = wanted.target AND p.policyname = 'portal_definer_' || lower(wanted.command)
        ) THEN
            PERFORM app.allow(wanted.target::regclass, 'portal_definer', wanted.command, 'true', wanted.columns);
        ELSE
            EXECUTE format('GRANT %s %s ON %I TO portal_definer', wanted.command, COALESCE('(' || wanted.columns || ')', ''), wanted.target);
        END IF;
    END LOOP;
END
$$;

-- ---- What is said of a merge ----
CREATE FUNCTION app.merged(target text, moved bigint, clashes jsonb DEFAULT '[]', stays bigint DEFAULT 0) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = ''
AS $$
    SELECT CASE WHEN moved = 0 AND stays = 0 AND clashes = '[]' THEN '[]'::jsonb
        ELSE jsonb_build_array(jsonb_build_object('table', target, 'moved', moved, 'stays', stays, 'clashes', clashes)) END
$$;
CREATE FUNCTION app.clash(id text, name text, wins text, rule text) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = ''
AS $$ SELECT jsonb_build_array(jsonb_build_object('id', id, 'name', name, 'wins', wins, 'rule', rule)) $$;
COMMENT ON FUNCTION app.merged(text, bigint, jsonb, bigint) IS 'One entry of the report of a merge, in an array; none where there is nothing to say.';
COMMENT ON FUNCTION app.clash(text, text, text, text) IS 'One clash of a merge: over what, which side wins (KEEP, MERGE or BOTH), and by which rule.';

-- ---- Rows of which a member has one for each event, project or course ----
CREATE FUNCTION app.merge_owner(target text, keep uuid, given_up uuid, put_away uuid[]) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    parking uuid;
    parked bigint;
    moved bigint;
BEGIN
    -- The kept account's own rows that lose change places with the others: by way of an account that is there for no longer than that,
    -- since the key takes no two rows of one account at any moment.
    EXECUTE format('SELECT count(*) FROM public.%I WHERE user_id = $1 AND id = ANY ($2)', target) INTO parked USING keep, put_away;
    IF parked > 0 THEN
        parking := app.uuid_v7();
        INSERT INTO public.users (id, email, first_name, last_name, is_active, deleted_at)
        VALUES (parking, parking || '@merge.invalid', '', '', false, now());
        EXECUTE format('UPDATE public.%I SET user_id = $3 WHERE user_id = $1 AND id = ANY ($2)', target) USING keep, put_away, parking;
    END IF;
    EXECUTE format('UPDATE public.%I SET user_id = $1 WHERE user_id = $2 AND NOT id = ANY ($3)', target) USING keep, given_up, put_away;
    GET DIAGNOSTICS moved = ROW_COUNT;
    IF parked > 0 THEN
        EXECUTE format('UPDATE public.%I SET user_id = $1 WHERE user_id = $2', target) USING given_up, parking;
        DELETE FROM public.users WHERE id = parking;
    END IF;
    RETURN moved;
END
$$;
COMMENT ON FUNCTION app.merge_owner(text, uuid, uuid, uuid[]) IS
    'Gives the kept account all rows of the other, but for those that were put away: these end up with the account that is given up.';

CREATE FUNCTION app.merge_registrations(keep uuid, given_up uuid) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    clash record;
    clashes jsonb := '[]';
    put_away uuid[] := '{}';
    loser uuid;
BEGIN
    FOR clash IN
        SELECT k.id AS kept, l.id AS other, e.id AS event, e.title, k.paid_at IS NOT NULL AND l.paid_at IS NOT NULL AS paid_twice,
            app.registration_rank(k.status, k.paid_at, k.offer_expires_at) >= app.registration_rank(l.status, l.paid_at, l.offer_expires_at) AS keeps
        FROM public.event_registrations AS k
        JOIN public.event_registrations AS l ON l.event_id = k.event_id AND l.user_id = given_up
        JOIN public.events AS e ON e.id = k.event_id
        WHERE k.user_id = keep
        ORDER BY e.id
    LOOP
        loser := CASE WHEN clash.keeps THEN clash.other ELSE clash.kept END;
        put_away := put_away || loser;
        UPDATE public.event_registrations
        SET status = 'CANCELLED', hold_expires_at = NULL, offer_expires_at = NULL, cancelled_at = COALESCE(cancelled_at, now())
        WHERE id = loser AND status <> 'CANCELLED';
        clashes := clashes || app.clash(clash.event::text, clash.title, CASE WHEN clash.keeps THEN 'KEEP' ELSE 'MERGE' END,
            CASE WHEN clash.paid_twice THEN 'PAID_TWICE' ELSE 'FURTHEST' END);
    END LOOP;
    RETURN app.merged('event_registrations', app.merge_owner('event_registrations', keep, given_up, put_away), clashes);
END
$$;
CREATE FUNCTION app.registration_rank(status text, paid_at timestamptz, offer timestamptz) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = ''
AS $$
    SELECT CASE status WHEN 'ATTENDED' THEN 6 WHEN 'REGISTERED' THEN CASE WHEN paid_at IS NULL THEN 4 ELSE 5 END
        WHEN 'WAITLISTED' THEN CASE WHEN offer IS NULL THEN 2 ELSE 3 END WHEN 'NO_SHOW' THEN 1 ELSE 0 END
$$;
COMMENT ON FUNCTION app.registration_rank(text, timestamptz, timestamptz) IS 'How far a registration has come; of two of one person the furthest counts.';
COMMENT ON FUNCTION app.merge_registrations(uuid, uuid) IS
    'Of two registrations for one event the one that has come further stays, the other is cancelled and its seat is free.';

CREATE FUNCTION app.merge_applications(keep uuid, given_up uuid) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    clash record;
    clashes jsonb := '[]';
    put_away uuid[] := '{}';
    loser uuid;
BEGIN
    -- Who runs a project makes no bid on it.
    FOR clash IN
        SELECT a.id, p.id AS project, p.title FROM public.project_applications AS a JOIN public.projects AS p ON p.id = a.project_id
        WHERE a.user_id IN (keep, given_up) AND p.owner_id IN (keep, given_up) AND p.owner_id <> a.user_id
        ORDER BY p.id
    LOOP
        put_away := put_away || clash.id;
        clashes := clashes || app.clash(clash.project::text, clash.title, 'BOTH', 'OWN_PROJECT');
    END LOOP;
    FOR clash IN
        SELECT k.id AS kept, l.id AS other, p.id AS project, p.title,
            app.application_rank(k.status) >= app.application_rank(l.status) AS keeps
        FROM public.project_applications AS k
        JOIN public.project_applications AS l ON l.project_id = k.project_id AND l.user_id = given_up
        JOIN public.projects AS p ON p.id = k.project_id
        WHERE k.user_id = keep AND NOT k.id = ANY (put_away) AND NOT l.id = ANY (put_away)
        ORDER BY p.id
    LOOP
        loser := CASE WHEN clash.keeps THEN clash.other ELSE clash.kept END;
        put_away := put_away || loser;
        clashes := clashes || app.clash(clash.project::text, clash.title, CASE WHEN clash.keeps THEN 'KEEP' ELSE 'MERGE' END, 'FURTHEST');
    END LOOP;
    UPDATE public.project_applications SET status = 'WITHDRAWN' WHERE id = ANY (put_away) AND status IN ('PENDING', 'REVIEWING');
    RETURN app.merged('project_applications', app.merge_owner('project_applications', keep, given_up, put_away), clashes);
END
$$;
CREATE FUNCTION app.application_rank(status text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = ''
AS $$ SELECT array_position(ARRAY['WITHDRAWN', 'REJECTED', 'PENDING', 'REVIEWING', 'APPROVED'], status) $$;
COMMENT ON FUNCTION app.application_rank(text) IS 'How far a bid has come; of two of one person the furthest counts.';
COMMENT ON FUNCTION app.merge_applications(uuid, uuid) IS
    'Of two bids on one project the one that has come further stays, the other is withdrawn; so is one on a project of the person''s own.';

CREATE FUNCTION app.merge_enrollments(keep uuid, given_up uuid) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    clash record;
    clashes jsonb := '[]';
    put_away uuid[] := '{}';
    loser uuid;
BEGIN
    FOR clash IN
        SELECT k.id AS kept, l.id AS other, c.id AS course, c.title, k.paid_at IS NOT NULL AND l.paid_at IS NOT NULL AS paid_twice,
            (app.enrollment_rank(k.status, k.amount_cents, k.paid_at), k.progress_percent)
                >= (app.enrollment_rank(l.status, l.amount_cents, l.paid_at), l.progress_percent) AS keeps
        FROM public.course_enrollments AS k
        JOIN public.course_enrollments AS l ON l.course_id = k.course_id AND l.user_id = given_up AND l.status <> 'COMPLETED'
        JOIN public.courses AS c ON c.id = k.course_id
        WHERE k.user_id = keep AND k.status <> 'COMPLETED'
        ORDER BY c.id
    LOOP
        loser := CASE WHEN clash.keeps THEN clash.other ELSE clash.kept END;
        put_away := put_away || loser;
        UPDATE public.course_enrollments SET status = 'DROPPED', hold_expires_at = NULL WHERE id = loser AND status <> 'DROPPED';
        clashes := clashes || app.clash(clash.course::text, clash.title, CASE WHEN clash.keeps THEN 'KEEP' ELSE 'MERGE' END,
            CASE WHEN clash.paid_twice THEN 'PAID_TWICE' ELSE 'FURTHEST' END);
    END LOOP;
    RETURN app.merged('course_enrollments', app.merge_owner('course_enrollments', keep, given_up, put_away), clashes);
END
$$;
CREATE FUNCTION app.enrollment_rank(status text, amount_cents bigint, paid_at timestamptz) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = ''
AS $$
    SELECT CASE status WHEN 'IN_PROGRESS' THEN 3 WHEN 'ENROLLED' THEN CASE WHEN amount_cents = 0 OR paid_at IS NOT NULL THEN 2 ELSE 1 END
        ELSE 0 END
$$;
COMMENT ON FUNCTION app.enrollment_rank(text, bigint, timestamptz) IS
    'How far an enrolment that is not completed has come; of two of one person the furthest counts, then the one with more progress.';
COMMENT ON FUNCTION app.merge_enrollments(uuid, uuid) IS
    'Of two ways through one course that are not completed the one that has come further stays; completed ones all do.';

-- ---- Rows that say no more the second time ----
CREATE FUNCTION app.merge_once(target text, key text, keep uuid, given_up uuid) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    same bigint;
    moved bigint;
BEGIN
    EXECUTE format(
        'DELETE FROM public.%1$I AS l WHERE l.user_id = $2 AND EXISTS (SELECT FROM public.%1$I AS k WHERE k.user_id = $1 AND k.%2$I = l.%2$I)',
        target, key) USING keep, given_up;
    GET DIAGNOSTICS same = ROW_COUNT;
    EXECUTE format('UPDATE public.%I SET user_id = $1 WHERE user_id = $2', target) USING keep, given_up;
    GET DIAGNOSTICS moved = ROW_COUNT;
    RETURN app.merged(target, moved, CASE WHEN same = 0 THEN '[]' ELSE app.clash(NULL, same::text, 'KEEP', 'SAME') END);
END
$$;
COMMENT ON FUNCTION app.merge_once(text, text, uuid, uuid) IS 'Moves rows of which the kept account has no such one; the others say nothing more.';

-- ---- What is written ----
CREATE FUNCTION app.merge_messages(keep uuid, given_up uuid) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    sent bigint;
    received bigint;
    between bigint;
    reported bigint;
BEGIN
    SELECT count(*) INTO between FROM public.messages AS m
    WHERE LEAST(m.sender_id, m.receiver_id) = LEAST(keep, given_up) AND GREATEST(m.sender_id, m.receiver_id) = GREATEST(keep, given_up);
    UPDATE public.message_reports AS r SET reported_by = keep
    FROM public.messages AS m WHERE m.id = r.message_id AND r.reported_by = given_up AND m.sender_id <> keep;
    GET DIAGNOSTICS reported = ROW_COUNT;
    UPDATE public.messages SET sender_id = keep WHERE sender_id = given_up AND receiver_id <> keep;
    GET DIAGNOSTICS sent = ROW_COUNT;
    UPDATE public.messages SET receiver_id = keep WHERE receiver_id = given_up AND sender_id <> keep;
    GET DIAGNOSTICS received = ROW_COUNT;

    -- Where both have a thread with somebody it becomes one, on either side of it.
    INSERT INTO public.conversations AS c (user_id, counterpart_id, last_message_id, last_message_at, unread_count, archived_at)
    SELECT side.user_id, side.counterpart_id, o.last_message_id, o.last_message_at, o.unread_count, o.archived_at
    FROM public.conversations AS o
    CROSS JOIN LATERAL (
        SELECT CASE WHEN o.user_id = given_up THEN keep ELSE o.user_id END, CASE WHEN o.counterpart_id = given_up THEN keep ELSE o.counterpart_id END
    ) AS side (user_id, counterpart_id)
    WHERE (o.user_id = given_up AND o.counterpart_id <> keep) OR (o.counterpart_id = given_up AND o.user_id <> keep)
    ORDER BY 1, 2
    ON CONFLICT (user_id, counterpart_id) DO UPDATE SET
        last_message_id = CASE WHEN EXCLUDED.last_message_at > c.last_message_at THEN EXCLUDED.last_message_id ELSE c.last_message_id END,
        last_message_at = GREATEST(c.last_message_at, EXCLUDED.last_message_at),
        unread_count = c.unread_count + EXCLUDED.unread_count,
        archived_at = CASE WHEN c.archived_at IS NOT NULL AND EXCLUDED.archived_at IS NOT NULL
            THEN GREATEST(c.archived_at, EXCLUDED.archived_at) END;
    DELETE FROM public.conversations AS o
    WHERE (o.user_id = given_up AND o.counterpart_id <> keep) OR (o.counterpart_id = given_up AND o.user_id <> keep);

    -- A block between the two says nothing any more.
    DELETE FROM public.member_blocks WHERE (user_id, blocked_id) IN ((keep, given_up), (given_up, keep));
    DELETE FROM public.member_blocks AS l USING public.member_blocks AS k
    WHERE (l.user_id = given_up AND k.user_id = keep AND k.blocked_id = l.blocked_id)
        OR (l.blocked_id = given_up AND k.blocked_id = keep AND k.user_id = l.user_id);
    UPDATE public.member_blocks SET user_id = keep WHERE user_id = given_up;
    UPDATE public.member_blocks SET blocked_id = keep WHERE blocked_id = given_up;

    UPDATE public.message_digests AS k SET since = LEAST(k.since, l.since), due_at = LEAST(k.due_at, l.due_at)
    FROM public.message_digests AS l WHERE k.user_id = keep AND l.user_id = given_up;
    DELETE FROM public.message_digests AS l USING public.message_digests AS k WHERE l.user_id = given_up AND k.user_id = keep;
    UPDATE public.message_digests SET user_id = keep WHERE user_id = given_up;
    RETURN app.merged('messages', sent + received, '[]', between) || app.merged('message_reports', reported);
END
$$;
COMMENT ON FUNCTION app.merge_messages(uuid, uuid) IS
    'Messages, threads, blocks and digests; what the two accounts have written to each other stays between them.';

-- ---- Who one is ----
CREATE FUNCTION app.merge_profile(keep uuid, given_up uuid) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    k public.users := (SELECT u FROM public.users AS u WHERE u.id = keep);
    l public.users := (SELECT u FROM public.users AS u WHERE u.id = given_up);
    no_address boolean := k.street IS NULL AND k.city IS NULL AND k.state IS NULL AND k.zip IS NULL AND k.coordinates IS NULL;
    clashes jsonb := '[]';
    skills bigint;
    settings bigint;
BEGIN
    IF k.contractor_license IS NOT NULL AND l.contractor_license IS NOT NULL THEN
        -- A firm whose member is gone is none of ours.
        UPDATE public.california_contractors SET is_namc_member = false WHERE license_number = l.contractor_license;
        clashes := app.clash(l.contractor_license, k.contractor_license, 'KEEP', 'ONE_LICENCE');
    END IF;
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
        contractor_license = COALESCE(k.contractor_license, l.contractor_license)
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
    RETURN app.merged('users', CASE WHEN l.contractor_license IS NOT NULL AND k.contractor_license IS NULL THEN 1 ELSE 0 END, clashes)
        || app.merged('user_skills', skills) || app.merged('notification_settings', settings);
END
$$;
COMMENT ON FUNCTION app.merge_profile(uuid, uuid) IS
    'Closes the account that is given up. The kept one has what it has, and what it lacks from the other: an address as a whole, the licence, better skills.';

CREATE FUNCTION app.merge_roles(keep uuid, given_up uuid) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    moved bigint;
BEGIN
    -- The kept account has them before the other has them no more: of administrators one stays at any moment.
    INSERT INTO public.user_roles AS k (user_id, role_id, granted_by, expires_at)
    SELECT keep, l.role_id, l.granted_by, l.expires_at FROM public.user_roles AS l WHERE l.user_id = given_up
    ON CONFLICT (user_id, role_id) DO UPDATE
        SET expires_at = CASE WHEN k.expires_at IS NULL OR EXCLUDED.expires_at IS NULL THEN NULL ELSE GREATEST(k.expires_at, EXCLUDED.expires_at) END
        WHERE k.expires_at IS NOT NULL;
    DELETE FROM public.user_roles WHERE user_id = given_up;
    GET DIAGNOSTICS moved = ROW_COUNT;
    RETURN app.merged('user_roles', moved);
END
$$;
COMMENT ON FUNCTION app.merge_roles(uuid, uuid) IS 'The roles of both, each for as long as either had it.';

-- ---- Money ----
CREATE FUNCTION app.merge_memberships(keep uuid, given_up uuid) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    m record;
    last_end timestamptz := '-infinity';
    still timestamptz;
    clashes jsonb := '[]';
    moved bigint;
    people bigint;
BEGIN
    UPDATE public.memberships SET user_id = keep WHERE user_id = given_up;
    GET DIAGNOSTICS moved = ROW_COUNT;
    -- No paid day is lost: of periods at once the later begins where the earlier ends, with the days that it still has.
    FOR m IN
        SELECT s.* FROM public.memberships AS s WHERE s.user_id = keep AND s.state IN ('ACTIVE', 'GRACE') ORDER BY s.starts_at, s.id
    LOOP
        IF m.starts_at >= last_end THEN
            last_end := m.ends_at;
            CONTINUE;
        END IF;
        clashes := clashes || app.clash(m.id::text, NULL, 'BOTH', 'ONE_AFTER_THE_OTHER');
        still := GREATEST(m.starts_at, now());
        IF m.ends_at <= still THEN
            UPDATE public.memberships SET state = 'LAPSED' WHERE id = m.id;
            CONTINUE;
        END IF;
        last_end := GREATEST(last_end, still);
        UPDATE public.memberships
        SET starts_at = last_end, ends_at = last_end + (m.ends_at - still),
            grace_ends_at = last_end + (m.ends_at - still) + (m.grace_ends_at - m.ends_at), anchor_day = NULL, reminded_days = NULL,
            value_cents = floor(m.value_cents * extract(epoch FROM m.ends_at - still) / extract(epoch FROM m.ends_at - m.starts_at))
        WHERE id = m.id
        RETURNING ends_at INTO last_end;
    END LOOP;

    -- Who holds a membership is covered by it already, and a person is with a holder once.
    DELETE FROM public.membership_people AS p USING public.memberships AS h
    WHERE h.id = p.membership_id AND p.user_id IN (keep, given_up) AND h.user_id = keep;
    DELETE FROM public.membership_people AS p
    USING public.memberships AS h, public.membership_people AS o, public.memberships AS oh
    WHERE h.id = p.membership_id AND oh.id = o.membership_id AND oh.user_id = h.user_id
        AND (p.user_id = given_up AND o.user_id = keep
            OR h.user_id = keep AND p.user_id = o.user_id AND (p.created_at, p.membership_id) > (o.created_at, o.membership_id));
    UPDATE public.membership_people SET user_id = keep WHERE user_id = given_up;
    GET DIAGNOSTICS people = ROW_COUNT;
    UPDATE public.users AS u
    SET membership_expires_at = k.until
    FROM (
        SELECT w.id, COALESCE((SELECT max(c.ends_at) FROM app.coverage(w.id) AS c), LEAST(w.membership_expires_at, now())) AS until
        FROM public.users AS w
        WHERE w.id = keep
            OR w.id IN (SELECT p.user_id FROM public.membership_people AS p JOIN public.memberships AS h ON h.id = p.membership_id WHERE h.user_id = keep)
    ) AS k
    WHERE u.id = k.id AND u.membership_expires_at IS DISTINCT FROM k.until;
    UPDATE public.users SET membership_expires_at = NULL WHERE id = given_up;
    RETURN app.merged('memberships', moved, clashes) || app.merged('membership_people', people);
END
$$;
COMMENT ON FUNCTION app.merge_memberships(uuid, uuid) IS
    'The memberships of both, one after the other where they overlap, and the people whom they cover.';

CREATE FUNCTION app.merge_mails(keep uuid, given_up uuid) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    moved bigint;
BEGIN
    -- A link that opens the account that is given up opens nothing any more.
    UPDATE public.outbox SET state = 'SUPPRESSED', secret = NULL, claimed_until = NULL
    WHERE user_id = given_up AND state = 'PENDING' AND secret IS NOT NULL;
    UPDATE public.outbox AS o
    SET user_id = keep, recipient = CASE WHEN o.state = 'PENDING' THEN (SELECT u.email FROM public.users AS u WHERE u.id = keep) ELSE o.recipient END
    WHERE o.user_id = given_up;
    GET DIAGNOSTICS moved = ROW_COUNT;
    RETURN moved;
END
$$;
COMMENT ON FUNCTION app.merge_mails(uuid, uuid) IS 'Mails that wait go to the kept account''s address, except those whose links are worth nothing now.';

-- ---- The merge ----
CREATE FUNCTION app.admit_merge(keep uuid, given_up uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    refusal text;
BEGIN
    IF NOT app.has('users.manage') THEN
        RAISE EXCEPTION 'only those who run accounts merge them' USING ERRCODE = '42501';
    END IF;
    -- One order: who settles a payment holds its row and then the account's, who changes seats the event's first, a bid the project's.
    PERFORM FROM public.payments AS p WHERE p.user_id IN (keep, given_up) ORDER BY p.id FOR UPDATE;
    PERFORM FROM public.memberships AS m WHERE m.user_id IN (keep, given_up) ORDER BY m.id FOR UPDATE;
    PERFORM FROM public.events AS e
    WHERE e.id IN (SELECT r.event_id FROM public.event_registrations AS r WHERE r.user_id IN (keep, given_up)) ORDER BY e.id FOR NO KEY UPDATE;
    PERFORM FROM public.projects AS p
    WHERE p.id IN (SELECT a.project_id FROM public.project_applications AS a WHERE a.user_id IN (keep, given_up)) ORDER BY p.id FOR NO KEY UPDATE;
    PERFORM FROM public.users AS u WHERE u.id IN (keep, given_up) ORDER BY u.id FOR UPDATE;
    SELECT CASE
        WHEN keep = given_up THEN 'An account cannot be merged with itself.'
        WHEN app.user_id() IN (keep, given_up) THEN 'Your own account is for somebody else to merge.'
        WHEN count(*) < 2 THEN 'Both accounts have to be there, and not closed.'
        WHEN NOT bool_and(u.is_active) THEN 'A suspended account is reinstated first.'
        WHEN EXISTS (
            SELECT FROM public.user_roles AS ur
            WHERE ur.user_id IN (keep, given_up) AND (ur.expires_at IS NULL OR ur.expires_at > now()) AND NOT app.may_give(ur.role_id)
        ) THEN 'One of the accounts may do what you may not: somebody who may merges them.'
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
COMMENT ON FUNCTION app.admit_merge(uuid, uuid) IS 'Holds all that a merge changes, in one order, and refuses one that cannot be.';

CREATE FUNCTION app.merge_accounts(keep uuid, given_up uuid, OUT report jsonb, OUT digest text)
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
        || app.merge_once('project_invitations', 'project_id', keep, given_up)
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
    -- What would be refused at the end of the transaction is refused in the preview too.
    SET CONSTRAINTS ALL IMMEDIATE;
    digest := encode(sha256(convert_to(concat_ws('/', keep, given_up, versions, report), 'UTF8')), 'hex');
END
$$;
COMMENT ON FUNCTION app.merge_accounts(uuid, uuid) IS
    'Makes one account of two, and says what was moved, what clashed and what stays; the digest is of all that, and of the accounts'' versions. Called after app.hold_staff().';

DO $$
DECLARE
    made regprocedure;
BEGIN
    FOR made IN
        SELECT p.oid FROM pg_proc AS p
        WHERE p.pronamespace = 'app'::regnamespace
            AND (p.proname ~ '^merge_' OR p.proname IN ('admit_merge', 'merged', 'clash', 'registration_rank', 'application_rank', 'enrollment_rank'))
    LOOP
        IF (SELECT p.prosecdef FROM pg_proc AS p WHERE p.oid = made) THEN
            EXECUTE format('ALTER FUNCTION %s OWNER TO portal_definer', made);
        ELSE
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_definer', made);
        END IF;
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION app.merge_accounts(uuid, uuid) TO portal_admin;
