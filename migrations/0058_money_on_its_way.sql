-- Money that is on its way back counts as gone, and a company's next period covers its people when it begins.

CREATE OR REPLACE FUNCTION app.bound_refunds() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    paid record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('refunds/' || NEW.payment_id::text, 0));
    -- Both sums in one statement: a refund that is made meanwhile moves from the one to the other.
    SELECT p.completed_at, p.amount_cents - p.refunded_amount_cents - (
        SELECT COALESCE(sum(r.amount_cents), 0) FROM public.refunds AS r
        WHERE r.payment_id = p.id AND r.status = 'REQUESTED') AS rest
    INTO paid
    FROM public.payments AS p WHERE p.id = NEW.payment_id;
    IF paid.completed_at IS NULL THEN
        RAISE EXCEPTION 'No money was taken that could be given back.' USING ERRCODE = 'PB409';
    END IF;
    IF NEW.amount_cents > paid.rest THEN
        RAISE EXCEPTION 'That is more than is left of this payment, with the refunds that are on their way.' USING ERRCODE = 'PB409';
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION app.coverage(member uuid) RETURNS TABLE (starts_at timestamptz, ends_at timestamptz, grace_ends_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$
    SELECT m.starts_at, m.ends_at, COALESCE(m.grace_ends_at, m.ends_at)
    FROM public.memberships AS m
    WHERE m.user_id = member AND m.state IN ('ACTIVE', 'GRACE')
    UNION ALL
    SELECT m.starts_at, m.ends_at, COALESCE(m.grace_ends_at, m.ends_at)
    FROM (
        SELECT h.user_id AS holder, 1 + (
            SELECT count(*) FROM public.membership_people AS o
            JOIN public.memberships AS oh ON oh.id = o.membership_id
            WHERE oh.user_id = h.user_id AND (o.created_at, o.user_id) < (p.created_at, p.user_id)) AS before
        FROM public.membership_people AS p
        JOIN public.memberships AS h ON h.id = p.membership_id
        WHERE p.user_id = member) AS seat
    JOIN public.memberships AS m ON m.user_id = seat.holder AND m.state IN ('ACTIVE', 'GRACE')
    JOIN public.membership_tiers AS t ON t.id = m.tier_id AND t.seats > seat.before
    -- One that waits covers whom the one before it covers, and others from its beginning on. An hour, since the clock of who has
    -- written it may be ahead.
    WHERE m.starts_at <= now() + interval '1 hour' OR NOT EXISTS (
        SELECT FROM public.memberships AS e
        JOIN public.membership_tiers AS et ON et.id = e.tier_id
        WHERE e.user_id = seat.holder AND e.state IN ('ACTIVE', 'GRACE') AND e.starts_at < m.starts_at AND e.ends_at > now()
            AND et.seats <= seat.before)
$$;

CREATE OR REPLACE FUNCTION app.keep_membership_expiry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    changed jsonb := to_jsonb(COALESCE(NEW, OLD));
    holder uuid := CASE TG_TABLE_NAME
        WHEN 'memberships' THEN (changed ->> 'user_id')::uuid
        ELSE (SELECT m.user_id FROM public.memberships AS m WHERE m.id = (changed ->> 'membership_id')::uuid)
    END;
BEGIN
    -- One after the other by their ids: the people of two companies may be the same. What has ended and is not followed stays the end.
    PERFORM FROM public.users AS u
    WHERE u.id IN (
        SELECT holder
        UNION SELECT (changed ->> 'user_id')::uuid
        UNION SELECT p.user_id FROM public.membership_people AS p JOIN public.memberships AS m ON m.id = p.membership_id
            WHERE m.user_id = holder)
    ORDER BY u.id
    FOR NO KEY UPDATE;
    UPDATE public.users AS u
    SET membership_expires_at = k.until
    FROM (
        SELECT w.id, COALESCE(
            (SELECT max(c.ends_at) FROM app.coverage(w.id) AS c),
            -- Who was never covered has no end either.
            CASE WHEN w.membership_expires_at IS NOT NULL THEN LEAST(w.membership_expires_at, now()) END) AS until
        FROM public.users AS w
        WHERE w.id IN (
            SELECT holder
            UNION SELECT (changed ->> 'user_id')::uuid
            UNION SELECT p.user_id FROM public.membership_people AS p JOIN public.memberships AS m ON m.id = p.membership_id
                WHERE m.user_id = holder)
    ) AS k
    WHERE u.id = k.id AND u.membership_expires_at IS DISTINCT FROM k.until;
    RETURN NULL;
END
$$;

ALTER TABLE payment_findings DROP CONSTRAINT payment_findings_kind_check;
ALTER TABLE payment_findings ADD CONSTRAINT payment_findings_kind_check CHECK (kind IN (
    'CONTRADICTION', 'UNKNOWN_INTENT', 'MISSING_INTENT', 'LEDGER_DIFFERS', 'REFUND_RETURNED', 'REFUND_REFUSED', 'DISPUTED', 'CREDIT_GIVEN_BACK'));
