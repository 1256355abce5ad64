SELECT
    sender_accepts AS "sender_accepts!", sender_since AS "sender_since!",
    is_member AS "is_member!", is_blocked AS "is_blocked!", accepts AS "accepts!", is_first AS "is_first!", at AS "at!",
    minute_count AS "minute_count!", minute_oldest, hour_count AS "hour_count!", hour_oldest, day_count AS "day_count!", day_oldest,
    first_hour_count AS "first_hour_count!", first_hour_oldest, first_day_count AS "first_day_count!", first_day_oldest
FROM app.hold_thread($1)
