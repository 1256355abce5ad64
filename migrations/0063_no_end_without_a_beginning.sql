-- Who was never covered has no end of a membership after a merge either, as in app.keep_membership_expiry.

DO $$
DECLARE
    before text := pg_get_functiondef('app.merge_memberships(uuid, uuid)'::regprocedure);
    after text := replace(before, 'LEAST(w.membership_expires_at, now()))',
        'CASE WHEN w.membership_expires_at IS NOT NULL THEN LEAST(w.membership_expires_at, now()) END)');
BEGIN
    IF after = before THEN
        RAISE EXCEPTION 'app.merge_memberships is not as it was';
    END IF;
    EXECUTE after;
END
$$;
