-- What the second factor counts apart, and how attempts are given back, so that nobody waits for anybody in a circle. The leftovers
-- of sign-in go by indexes that are there already, and by the rights that portal_maintenance has of the owner.

-- A link in a mail makes a device known too, and whoever reads the mail could have one new count of codes after the other.
ALTER TABLE known_devices ADD COLUMN second_factor_at timestamptz;
COMMENT ON COLUMN known_devices.second_factor_at IS
    'When the account''s second factor was last shown from it; only then does the device have a count of codes of its own.';
SELECT app.classify('known_devices', '{"private": ["second_factor_at"]}');

CREATE FUNCTION app.forgive_attempts(kinds text[], hashes bytea[], signed_in uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = ''
AS $$
BEGIN
    -- In the order in which they are counted: two requests that touch the same two rows wait for each other, never in a circle.
    PERFORM
    FROM public.login_attempts AS a
    JOIN unnest(kinds, hashes) AS s (kind, hash) ON s.kind = a.subject_kind AND s.hash = a.subject_hash
    ORDER BY a.subject_kind, a.subject_hash
    FOR NO KEY UPDATE OF a;
    UPDATE public.login_attempts AS a
    SET failures = CASE a.subject_kind WHEN 'ADDRESS' THEN GREATEST(a.failures - 1, 0) ELSE 0 END,
        locked_until = NULL,
        user_id = CASE a.subject_kind WHEN 'ADDRESS' THEN a.user_id ELSE COALESCE(signed_in, a.user_id) END,
        last_login_at = CASE WHEN signed_in IS NULL THEN a.last_login_at ELSE at END
    FROM unnest(kinds, hashes) AS s (kind, hash)
    WHERE a.subject_kind = s.kind AND a.subject_hash = s.hash;
END
$$;
COMMENT ON FUNCTION app.forgive_attempts(text[], bytea[], uuid, timestamptz) IS
    'Gives the count of a successful attempt back: of accounts and devices all failures, of an address this one. Notes who has signed in, if anybody.';
GRANT EXECUTE ON FUNCTION app.forgive_attempts(text[], bytea[], uuid, timestamptz) TO portal_auth;
