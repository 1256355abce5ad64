-- Whoever has written reads it, whichever replica answers. A replica's snapshot names the bounds of what runs but none of those between
-- them (it keeps them where pg_current_snapshot does not look), so a write whose commit had not come yet counted as there as soon as
-- that of a younger one had come.

CREATE OR REPLACE FUNCTION app.check_replica(token bigint, max_lag_ms integer) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    written CONSTANT xid8 := token::text::xid8;
    seen CONSTANT pg_snapshot := pg_current_snapshot();
    missing boolean := false;
BEGIN
    IF NOT pg_is_in_recovery() THEN
        RETURN;
    END IF;
    IF token > 0 AND written >= pg_snapshot_xmin(seen) THEN
        missing := true;
        -- Of a transaction that has not begun here pg_xact_status does not say so, but fails.
        IF written < pg_snapshot_xmax(seen) THEN
            missing := pg_xact_status(written) IS DISTINCT FROM 'committed';
        END IF;
    END IF;
    IF missing THEN
        RAISE EXCEPTION 'this replica does not have transaction % yet', token USING ERRCODE = 'PR001';
    END IF;
    IF app.replica_lag_ms() > max_lag_ms THEN
        RAISE EXCEPTION 'this replica lags by more than % ms', max_lag_ms USING ERRCODE = 'PR001';
    END IF;
END
$$;
