-- The outbox as the notify function needs it: the secret of a mail apart from its payload, gone as soon as the mail is; and
-- whoever puts a mail in names what is to be sent, not what has become of it.

ALTER TABLE outbox
    ADD COLUMN secret bytea,
    ADD CONSTRAINT outbox_secret_while_pending CHECK (secret IS NULL OR state = 'PENDING'),
    ADD CONSTRAINT outbox_claim_while_pending CHECK (claimed_until IS NULL OR state = 'PENDING'),
    ADD CONSTRAINT outbox_sent_at_when_sent CHECK ((state = 'SENT') = (sent_at IS NOT NULL)),
    ADD CONSTRAINT outbox_failed_with_reason CHECK (state <> 'FAILED' OR last_error IS NOT NULL);
COMMENT ON COLUMN outbox.secret IS
    'The token or code that the mail carries, sealed by the application; only while the mail is pending.';
COMMENT ON COLUMN outbox.payload IS 'What the words of the mail need; no secrets.';
COMMENT ON COLUMN outbox.claimed_until IS
    'Until then one run of the notify function works on the row; later, that run is taken for dead.';
COMMENT ON COLUMN outbox.attempts IS 'How often a run has taken the row up: counted before it is sent, so that a run that dies counts.';
SELECT app.classify('outbox', '{"secret": ["secret"]}');

-- What a later run of a claim looks for; channels are told apart because notices are taken out elsewhere.
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (channel, not_before, id) WHERE state = 'PENDING';

-- Whoever puts in says what, to whom and when. State, attempts and what the provider answered belong to the notify function.
DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['portal_auth', 'portal_api', 'portal_admin'] LOOP
        EXECUTE format('REVOKE INSERT ON outbox FROM %I', role_name);
        EXECUTE format(
            'GRANT INSERT (id, user_id, channel, kind, recipient, payload, secret, deduplication_key, not_before) ON outbox TO %I',
            role_name);
    END LOOP;
END
$$;
