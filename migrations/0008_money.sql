-- Memberships, payments and the ledger. Amounts are integer cents.

CREATE TABLE membership_tiers (
    id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE,
    description text NOT NULL DEFAULT '',
    price_cents bigint NOT NULL CHECK (price_cents >= 0),
    currency text NOT NULL DEFAULT 'USD' CHECK (currency ~ '^[A-Z]{3}$'),
    duration_months integer NOT NULL CHECK (duration_months > 0),
    seats integer NOT NULL DEFAULT 1 CHECK (seats > 0),
    benefits text[] NOT NULL DEFAULT '{}',
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1
);
SELECT app.version_rows('membership_tiers');
COMMENT ON TABLE membership_tiers IS 'What a membership costs and brings; seats above one make it corporate.';

CREATE TABLE payments (
    id uuid PRIMARY KEY,
    user_id uuid REFERENCES users,
    type text NOT NULL CHECK (type IN ('MEMBERSHIP', 'EVENT_REGISTRATION', 'SPONSORSHIP', 'DONATION', 'TRAINING')),
    status text NOT NULL DEFAULT 'PENDING' CHECK (
        status IN ('PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'REFUNDED', 'CANCELLED')),
    amount_cents bigint NOT NULL CHECK (amount_cents > 0),
    refunded_amount_cents bigint NOT NULL DEFAULT 0 CHECK (refunded_amount_cents >= 0),
    currency text NOT NULL DEFAULT 'USD' CHECK (currency ~ '^[A-Z]{3}$'),
    description text NOT NULL DEFAULT '',
    tier_id uuid REFERENCES membership_tiers,
    registration_id uuid REFERENCES event_registrations,
    enrollment_id uuid REFERENCES course_enrollments,
    stripe_payment_intent_id text UNIQUE,
    stripe_customer_id text,
    stripe_charge_id text,
    failure_code text,
    receipt_number text UNIQUE,
    granted_at timestamptz,
    completed_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT payments_refund_bound CHECK (refunded_amount_cents <= amount_cents)
);
CREATE INDEX payments_user ON payments (user_id, created_at DESC, id DESC);
CREATE INDEX payments_created ON payments (created_at DESC, id DESC);
CREATE INDEX payments_open ON payments (created_at) WHERE status IN ('PENDING', 'PROCESSING');
CREATE INDEX payments_tier ON payments (tier_id) WHERE tier_id IS NOT NULL;
CREATE INDEX payments_registration ON payments (registration_id) WHERE registration_id IS NOT NULL;
CREATE INDEX payments_enrollment ON payments (enrollment_id) WHERE enrollment_id IS NOT NULL;
SELECT app.version_rows('payments');
COMMENT ON TABLE payments IS 'Money asked for and taken through Stripe.';
COMMENT ON COLUMN payments.granted_at IS 'When what was bought was given; set in the same transaction as COMPLETED.';

CREATE TABLE memberships (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users,
    tier_id uuid NOT NULL REFERENCES membership_tiers,
    payment_id uuid REFERENCES payments,
    state text NOT NULL DEFAULT 'ACTIVE' CHECK (state IN ('ACTIVE', 'GRACE', 'LAPSED', 'REPLACED', 'CANCELLED')),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    reminded_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT memberships_time_order CHECK (starts_at < ends_at),
    CONSTRAINT memberships_no_overlap EXCLUDE USING gist (user_id WITH =, tstzrange(starts_at, ends_at) WITH &&)
        WHERE (state IN ('ACTIVE', 'GRACE'))
);
CREATE INDEX memberships_user ON memberships (user_id, starts_at DESC, id);
CREATE INDEX memberships_expiry ON memberships (ends_at) WHERE state IN ('ACTIVE', 'GRACE');
CREATE INDEX memberships_tier ON memberships (tier_id);
CREATE INDEX memberships_payment ON memberships (payment_id) WHERE payment_id IS NOT NULL;
SELECT app.version_rows('memberships', '{reminded_at}');
COMMENT ON TABLE memberships IS 'Each paid period; the rows are the history.';

CREATE TABLE membership_people (
    membership_id uuid NOT NULL REFERENCES memberships ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (membership_id, user_id)
);
CREATE INDEX membership_people_user ON membership_people (user_id);
COMMENT ON TABLE membership_people IS 'Whom a corporate membership covers besides its holder.';

CREATE TABLE ledger_transactions (
    id uuid PRIMARY KEY,
    payment_id uuid REFERENCES payments,
    kind text NOT NULL CHECK (kind IN ('CHARGE', 'REFUND', 'FEE', 'PAYOUT', 'ADJUSTMENT')),
    source_event_id text UNIQUE,
    memo text NOT NULL DEFAULT '',
    posted_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ledger_transactions_payment ON ledger_transactions (payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX ledger_transactions_posted ON ledger_transactions (posted_at, id);
COMMENT ON TABLE ledger_transactions IS 'A movement of money, whose entries sum to zero.';

CREATE TABLE ledger_entries (
    transaction_id uuid NOT NULL REFERENCES ledger_transactions ON DELETE CASCADE,
    line integer NOT NULL CHECK (line > 0),
    account text NOT NULL CHECK (account IN (
        'STRIPE_BALANCE', 'BANK', 'FEES', 'REVENUE_MEMBERSHIP', 'REVENUE_EVENTS', 'REVENUE_TRAINING',
        'REVENUE_SPONSORSHIP', 'REVENUE_DONATIONS', 'REFUNDS', 'ADJUSTMENTS')),
    amount_cents bigint NOT NULL CHECK (amount_cents <> 0),
    currency text NOT NULL DEFAULT 'USD' CHECK (currency ~ '^[A-Z]{3}$'),
    PRIMARY KEY (transaction_id, line)
);
CREATE INDEX ledger_entries_account ON ledger_entries (account, transaction_id);
COMMENT ON TABLE ledger_entries IS 'Debits are positive, credits negative.';

CREATE FUNCTION app.check_ledger_balance() RETURNS trigger
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    IF EXISTS (
        SELECT FROM public.ledger_entries
        WHERE transaction_id = COALESCE(NEW.transaction_id, OLD.transaction_id)
        GROUP BY currency
        HAVING sum(amount_cents) <> 0
    ) THEN
        RAISE EXCEPTION 'ledger transaction % does not balance', COALESCE(NEW.transaction_id, OLD.transaction_id)
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entries_balance';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER ledger_entries_balance AFTER INSERT OR UPDATE OR DELETE ON ledger_entries
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.check_ledger_balance();

CREATE TABLE stripe_events (
    id text PRIMARY KEY,
    type text NOT NULL,
    payment_id uuid REFERENCES payments,
    received_at timestamptz NOT NULL DEFAULT now(),
    processed_at timestamptz,
    outcome text
);
CREATE INDEX stripe_events_payment ON stripe_events (payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX stripe_events_received ON stripe_events (received_at);
COMMENT ON TABLE stripe_events IS 'Every webhook event once, whatever the number of deliveries.';

CREATE TABLE idempotency_keys (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    operation text NOT NULL,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    request_hash bytea NOT NULL,
    status integer,
    headers jsonb,
    body bytea,
    locked_until timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, operation, key)
);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);
COMMENT ON TABLE idempotency_keys IS 'Answers to POSTs, kept for 24 hours to be given again to a retry.';
