-- Payments as the functions `payments` and `billing` need them. What Stripe says of a payment is joined with what is known of it
-- (`portal_domain::payment`), under the payment's row; so the row keeps all that the next sighting has to know. Money is settled by
-- portal_jobs alone: a member's request writes down what is wanted, and never that it was paid.

-- ---- Payments ----
ALTER TABLE payments
    ADD COLUMN seen_at timestamptz,
    ADD COLUMN returned_amount_cents bigint NOT NULL DEFAULT 0 CHECK (returned_amount_cents >= 0),
    ADD COLUMN fee_cents bigint CHECK (fee_cents >= 0),
    ADD COLUMN delivery text NOT NULL DEFAULT 'DUE' CHECK (delivery IN ('DUE', 'GIVEN', 'REFUSED', 'TAKEN_BACK')),
    ADD COLUMN refusal text CHECK (refusal <> '' AND length(refusal) <= 500),
    ADD COLUMN purchase_kind text CHECK (purchase_kind IN ('JOIN', 'RENEW', 'SWITCH', 'UPGRADE', 'REINSTATE')),
    ADD COLUMN months integer CHECK (months BETWEEN 1 AND 1200),
    ADD COLUMN credit_cents bigint NOT NULL DEFAULT 0 CHECK (credit_cents >= 0),
    ADD COLUMN replaces_membership_id uuid REFERENCES memberships,
    ADD COLUMN seat_version integer CHECK (seat_version > 0),
    ADD COLUMN event_id uuid REFERENCES events,
    ADD COLUMN credited_name text CHECK (credited_name <> '' AND length(credited_name) <= 200),
    ADD COLUMN message text CHECK (message <> '' AND length(message) <= 1000);

UPDATE payments
SET delivery = CASE WHEN granted_at IS NULL THEN 'REFUSED' WHEN refunded_amount_cents = amount_cents THEN 'TAKEN_BACK' ELSE 'GIVEN' END,
    refusal = CASE WHEN granted_at IS NULL THEN 'It was not given.' END
WHERE status IN ('COMPLETED', 'REFUNDED');

-- Rows of a time before this are left as they are.
ALTER TABLE payments
    ADD CONSTRAINT payments_taken_when_completed CHECK (
        (status IN ('COMPLETED', 'REFUNDED')) = (completed_at IS NOT NULL)) NOT VALID,
    ADD CONSTRAINT payments_receipt_when_taken CHECK (receipt_number IS NULL OR completed_at IS NOT NULL) NOT VALID,
    ADD CONSTRAINT payments_delivered_when_taken CHECK (delivery = 'DUE' OR completed_at IS NOT NULL) NOT VALID,
    ADD CONSTRAINT payments_given_when_granted CHECK (delivery NOT IN ('GIVEN', 'TAKEN_BACK') OR granted_at IS NOT NULL) NOT VALID,
    ADD CONSTRAINT payments_refused_with_reason CHECK ((delivery = 'REFUSED') <= (refusal IS NOT NULL)) NOT VALID,
    ADD CONSTRAINT payments_refunded_whole CHECK ((status = 'REFUNDED') = (refunded_amount_cents = amount_cents)) NOT VALID,
    ADD CONSTRAINT payments_target CHECK (
        (type = 'EVENT_REGISTRATION') = (registration_id IS NOT NULL)
        AND (type = 'TRAINING') = (enrollment_id IS NOT NULL)
        AND (type = 'MEMBERSHIP') = (tier_id IS NOT NULL)) NOT VALID,
    ADD CONSTRAINT payments_purchase CHECK (
        (purchase_kind IS NULL) = (months IS NULL)
        AND (purchase_kind IS NULL OR type = 'MEMBERSHIP')
        AND COALESCE(purchase_kind = 'UPGRADE', false) = (replaces_membership_id IS NOT NULL)
        AND (credit_cents = 0 OR replaces_membership_id IS NOT NULL)) NOT VALID,
    ADD CONSTRAINT payments_gift CHECK (
        type IN ('SPONSORSHIP', 'DONATION') OR event_id IS NULL AND credited_name IS NULL AND message IS NULL) NOT VALID;

-- Of what is paid for, one payment is open: asked for again it is the same. A member buys one membership at a time.
CREATE UNIQUE INDEX payments_open_registration ON payments (registration_id)
    WHERE registration_id IS NOT NULL AND status IN ('PENDING', 'PROCESSING', 'FAILED');
CREATE UNIQUE INDEX payments_open_enrollment ON payments (enrollment_id)
    WHERE enrollment_id IS NOT NULL AND status IN ('PENDING', 'PROCESSING', 'FAILED');
CREATE UNIQUE INDEX payments_open_membership ON payments (user_id)
    WHERE type = 'MEMBERSHIP' AND status IN ('PENDING', 'PROCESSING', 'FAILED');
-- What may still be paid, for the job that asks what has become of it.
DROP INDEX payments_open;
CREATE INDEX payments_open ON payments (created_at, id) WHERE status IN ('PENDING', 'PROCESSING', 'FAILED');
CREATE INDEX payments_refused ON payments (id) WHERE delivery = 'REFUSED' AND status = 'COMPLETED';
CREATE INDEX payments_event ON payments (event_id) WHERE event_id IS NOT NULL;
CREATE INDEX payments_replaces ON payments (replaces_membership_id) WHERE replaces_membership_id IS NOT NULL;

COMMENT ON COLUMN payments.seen_at IS 'As of when the state was seen at Stripe, while the payment is open.';
COMMENT ON COLUMN payments.refunded_amount_cents IS 'What was given back and has not returned.';
COMMENT ON COLUMN payments.returned_amount_cents IS 'What was given back, could not reach who paid, and has returned.';
COMMENT ON COLUMN payments.fee_cents IS 'What Stripe has kept, once that is in the ledger.';
COMMENT ON COLUMN payments.delivery IS 'What became of what was bought: DUE, GIVEN, REFUSED (the money goes back), TAKEN_BACK.';
COMMENT ON COLUMN payments.refusal IS 'Why it could not be given.';
COMMENT ON COLUMN payments.purchase_kind IS 'What buying the tier meant for the member when it was asked for.';
COMMENT ON COLUMN payments.credit_cents IS 'What the membership that an upgrade replaces was counted for.';
COMMENT ON COLUMN payments.seat_version IS 'Which seat of the registration was paid: a later one is not taken back with this payment.';
COMMENT ON COLUMN payments.event_id IS 'The event that a sponsor supports, if it is one alone.';
COMMENT ON COLUMN payments.credited_name IS 'Whom to thank in public for a gift; nobody where there is none.';
SELECT app.classify('payments', '{"private": [
    "seen_at", "returned_amount_cents", "fee_cents", "delivery", "refusal", "purchase_kind", "months", "credit_cents",
    "replaces_membership_id", "seat_version", "event_id", "credited_name", "message"]}');

-- A member asks for a payment; what becomes of it, Stripe says, and portal_jobs writes down.
DROP POLICY portal_api_update ON payments;
REVOKE INSERT, UPDATE ON payments FROM portal_api;
REVOKE UPDATE (status, stripe_payment_intent_id, stripe_customer_id, failure_code) ON payments FROM portal_api;
GRANT INSERT (
    id, user_id, type, status, amount_cents, currency, description, tier_id, registration_id, enrollment_id, purchase_kind, months,
    credit_cents, replaces_membership_id, event_id, credited_name, message
) ON payments TO portal_api;
SELECT app.allow('payments', 'portal_definer', 'SELECT', 'true');

CREATE FUNCTION app.is_payment_owner(payment uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
AS $$ SELECT EXISTS (SELECT FROM public.payments AS p WHERE p.id = payment AND p.user_id = (SELECT app.user_id())) $$;
COMMENT ON FUNCTION app.is_payment_owner(uuid) IS 'Whether the payment is the caller''s.';

-- ---- Receipts ----
-- Numbered without gaps within a year, as books are kept: the counter's row is locked until the payment that takes the number is
-- committed, and a transaction that is rolled back takes none.
CREATE TABLE receipt_counters (
    year integer PRIMARY KEY CHECK (year >= 2000),
    last_number bigint NOT NULL CHECK (last_number > 0)
);
COMMENT ON TABLE receipt_counters IS 'The last receipt of each year, by the universal clock.';
SELECT app.protect('receipt_counters');
SELECT app.classify('receipt_counters', '{"private": ["year", "last_number"]}');
SELECT app.allow('receipt_counters', 'portal_jobs', command, 'true') FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) AS command;

INSERT INTO receipt_counters (year, last_number)
SELECT substring(receipt_number FROM 2 FOR 4)::integer, max(substring(receipt_number FROM 7)::bigint)
FROM payments
WHERE receipt_number ~ '^R[0-9]{4}-[0-9]+$'
GROUP BY 1;

CREATE FUNCTION app.next_receipt_number(at timestamptz) RETURNS text
LANGUAGE sql VOLATILE SET search_path = ''
AS $$
    INSERT INTO public.receipt_counters AS c (year, last_number)
    VALUES (extract(year FROM at AT TIME ZONE 'UTC')::integer, 1)
    ON CONFLICT (year) DO UPDATE SET last_number = c.last_number + 1
    RETURNING 'R' || c.year || '-' || lpad(c.last_number::text, GREATEST(7, length(c.last_number::text)), '0')
$$;
COMMENT ON FUNCTION app.next_receipt_number(timestamptz) IS
    'The next receipt of a year, such as R2026-0000123. Called last in a transaction: until it ends, no other gets one of that year.';
GRANT EXECUTE ON FUNCTION app.next_receipt_number(timestamptz) TO portal_jobs;

-- ---- Refunds ----
CREATE TABLE refunds (
    id uuid PRIMARY KEY,
    payment_id uuid NOT NULL REFERENCES payments,
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    status text NOT NULL DEFAULT 'REQUESTED' CHECK (status IN ('REQUESTED', 'PENDING', 'SUCCEEDED', 'RETURNED', 'REFUSED')),
    cause text NOT NULL CHECK (cause IN ('STAFF', 'NOT_GIVEN', 'STRIPE')),
    reason text NOT NULL CHECK (reason <> '' AND length(reason) <= 500),
    requested_by uuid REFERENCES users,
    stripe_refund_id text CONSTRAINT refunds_stripe_refund_key UNIQUE,
    refusal text CHECK (refusal <> '' AND length(refusal) <= 500),
    completed_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT refunds_asked_by_staff CHECK ((cause = 'STAFF') = (requested_by IS NOT NULL)),
    CONSTRAINT refunds_at_stripe CHECK ((status IN ('PENDING', 'SUCCEEDED', 'RETURNED')) = (stripe_refund_id IS NOT NULL)),
    CONSTRAINT refunds_refused_with_reason CHECK ((status = 'REFUSED') = (refusal IS NOT NULL)),
    CONSTRAINT refunds_completed_at CHECK ((completed_at IS NOT NULL) = (status IN ('SUCCEEDED', 'RETURNED', 'REFUSED')))
);
CREATE INDEX refunds_payment ON refunds (payment_id, created_at, id);
CREATE INDEX refunds_requested ON refunds (id) WHERE status = 'REQUESTED';
CREATE INDEX refunds_pending ON refunds (id) WHERE status = 'PENDING';
CREATE INDEX refunds_requested_by ON refunds (requested_by) WHERE requested_by IS NOT NULL;
-- What could not be given is given back once; where that returns, people look.
CREATE UNIQUE INDEX refunds_not_given_once ON refunds (payment_id) WHERE cause = 'NOT_GIVEN' AND status <> 'REFUSED';
SELECT app.version_rows('refunds');
COMMENT ON TABLE refunds IS 'Money that goes back: asked for here, then made at Stripe under the row''s id, or first seen there.';
COMMENT ON COLUMN refunds.status IS
    'REQUESTED is to be made; PENDING, SUCCEEDED and RETURNED are Stripe''s; REFUSED was never made.';
COMMENT ON COLUMN refunds.cause IS 'STAFF asked for it; NOT_GIVEN: what was bought could not be given; STRIPE: it was made there.';
SELECT app.protect('refunds');
SELECT app.classify('refunds', '{"private": [
    "id", "payment_id", "amount_cents", "status", "cause", "reason", "requested_by", "stripe_refund_id", "refusal", "completed_at",
    "created_at", "updated_at", "version"]}');
SELECT app.enable_audit('refunds');
SELECT app.allow('refunds', 'portal_api', 'SELECT', 'app.is_payment_owner(payment_id) OR (SELECT app.has(''payments.read''))');
SELECT app.allow('refunds', 'portal_api', 'INSERT',
    'requested_by = (SELECT app.user_id()) AND cause = ''STAFF'' AND status = ''REQUESTED'' AND (SELECT app.has(''payments.refund''))',
    'id, payment_id, amount_cents, status, cause, reason, requested_by');
SELECT app.allow('refunds', 'portal_admin', 'SELECT', '(SELECT app.has(''payments.read'')) OR (SELECT app.has(''reports.read''))');
SELECT app.allow('refunds', 'portal_jobs', command, 'true') FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) AS command;
SELECT app.allow('refunds', 'portal_definer', 'SELECT', 'true');

-- Two requests for one payment wait for each other; what Stripe has done is written down whatever was asked for.
CREATE FUNCTION app.bound_refunds() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    paid record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('refunds/' || NEW.payment_id::text, 0));
    SELECT p.amount_cents, p.refunded_amount_cents, p.completed_at INTO paid FROM public.payments AS p WHERE p.id = NEW.payment_id;
    IF paid.completed_at IS NULL THEN
        RAISE EXCEPTION 'No money was taken that could be given back.' USING ERRCODE = 'PB409';
    END IF;
    IF NEW.amount_cents + paid.refunded_amount_cents + (
        SELECT COALESCE(sum(r.amount_cents), 0) FROM public.refunds AS r
        WHERE r.payment_id = NEW.payment_id AND r.status = 'REQUESTED'
    ) > paid.amount_cents THEN
        RAISE EXCEPTION 'That is more than is left of this payment, with the refunds that are on their way.' USING ERRCODE = 'PB409';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION app.bound_refunds() IS 'Refuses a refund of more than is left of a payment.';
CREATE TRIGGER bound_refunds BEFORE INSERT ON refunds
    FOR EACH ROW WHEN (NEW.status = 'REQUESTED') EXECUTE FUNCTION app.bound_refunds();

-- ---- Ledger ----
ALTER TABLE ledger_transactions ADD COLUMN occasion text CHECK (occasion <> '');
COMMENT ON COLUMN ledger_transactions.occasion IS
    'Tells a movement from every other of the same payment, whatever told us of it: none is posted twice.';
SELECT app.classify('ledger_transactions', '{"private": ["occasion"]}');
UPDATE ledger_transactions AS t
SET occasion = t.kind || '/' || e.amount_cents
FROM ledger_entries AS e
WHERE e.transaction_id = t.id AND e.amount_cents > 0 AND t.payment_id IS NOT NULL;
CREATE UNIQUE INDEX ledger_transactions_occasion_key ON ledger_transactions (payment_id, occasion);
DROP INDEX ledger_transactions_payment;
ALTER TABLE ledger_transactions
    ADD CONSTRAINT ledger_transactions_occasion CHECK ((payment_id IS NULL) = (occasion IS NULL)) NOT VALID;

-- ---- What Stripe sends ----
-- No bodies are kept: they hold what people have told Stripe, and what counts is asked for anew.
ALTER TABLE stripe_events
    ADD COLUMN occurred_at timestamptz,
    ADD CONSTRAINT stripe_events_id_length CHECK (id <> '' AND length(id) <= 255),
    ADD CONSTRAINT stripe_events_type_length CHECK (length(type) <= 255),
    ADD CONSTRAINT stripe_events_outcome CHECK (outcome IN ('SETTLED', 'UNCHANGED', 'UNKNOWN_PAYMENT', 'IGNORED', 'CONTRADICTS'));
COMMENT ON COLUMN stripe_events.outcome IS 'What came of it; CONTRADICTS what is known, so that people have to look.';
SELECT app.classify('stripe_events', '{"private": ["occurred_at"]}');

CREATE TABLE payment_findings (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN (
        'CONTRADICTION', 'UNKNOWN_INTENT', 'MISSING_INTENT', 'LEDGER_DIFFERS', 'REFUND_RETURNED', 'REFUND_REFUSED')),
    subject text NOT NULL CHECK (subject <> '' AND length(subject) <= 255),
    payment_id uuid REFERENCES payments,
    detail text NOT NULL CHECK (length(detail) <= 1000),
    found_at timestamptz NOT NULL DEFAULT now(),
    last_found_at timestamptz NOT NULL DEFAULT now(),
    resolved_at timestamptz
);
CREATE UNIQUE INDEX payment_findings_open_key ON payment_findings (kind, subject) WHERE resolved_at IS NULL;
CREATE INDEX payment_findings_payment ON payment_findings (payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX payment_findings_found ON payment_findings (found_at DESC, id DESC);
COMMENT ON TABLE payment_findings IS 'Where our books and Stripe''s differ in a way that no rule puts right: for people.';
COMMENT ON COLUMN payment_findings.subject IS 'The payment''s id, or that of Stripe''s object.';
SELECT app.protect('payment_findings');
SELECT app.classify('payment_findings', '{"private": [
    "id", "kind", "subject", "payment_id", "detail", "found_at", "last_found_at", "resolved_at"]}');
SELECT app.allow('payment_findings', role_name, 'SELECT', '(SELECT app.has(''payments.read''))')
FROM unnest(ARRAY['portal_api', 'portal_admin']) AS role_name;
SELECT app.allow('payment_findings', 'portal_jobs', command, 'true') FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) AS command;

DO $$
DECLARE
    signature text;
BEGIN
    FOREACH signature IN ARRAY ARRAY['app.is_payment_owner(uuid)', 'app.bound_refunds()'] LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO portal_definer', signature);
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION app.is_payment_owner(uuid) TO portal_api, portal_admin, portal_jobs;
