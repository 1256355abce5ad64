-- A retried POST finds the answer of the first one. Claim, work and kept answer are one transaction; while it runs, an advisory
-- lock that ends with it tells a second request so, without making it wait.

CREATE FUNCTION app.claim_idempotency_key(
    operation text, key text, request_hash bytea,
    OUT outcome text, OUT status integer, OUT headers jsonb, OUT body bytea
)
LANGUAGE plpgsql SET search_path = ''
AS $$
DECLARE
    kept public.idempotency_keys;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended(concat_ws(' ', app.user_id(), operation, key), 0)) THEN
        outcome := 'RUNNING';
        RETURN;
    END IF;
    SELECT k.* INTO kept
    FROM public.idempotency_keys AS k
    WHERE k.user_id = app.user_id() AND k.operation = claim_idempotency_key.operation AND k.key = claim_idempotency_key.key;
    IF kept.expires_at <= now() THEN
        DELETE FROM public.idempotency_keys AS k
        WHERE k.user_id = app.user_id() AND k.operation = claim_idempotency_key.operation AND k.key = claim_idempotency_key.key;
        outcome := 'NEW';
    ELSIF kept.user_id IS NULL THEN
        outcome := 'NEW';
    ELSIF kept.request_hash <> claim_idempotency_key.request_hash THEN
        outcome := 'OTHER_REQUEST';
    ELSE
        outcome := 'DONE';
        status := kept.status;
        headers := kept.headers;
        body := kept.body;
    END IF;
END
$$;
COMMENT ON FUNCTION app.claim_idempotency_key(text, text, bytea) IS
    'NEW, DONE with the kept answer, OTHER_REQUEST, or RUNNING; holds the key until the transaction ends.';
GRANT EXECUTE ON FUNCTION app.claim_idempotency_key(text, text, bytea) TO portal_api, portal_admin, portal_auth;
