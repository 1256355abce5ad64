//! What the queries for events have in common: the filters.

/// A query over the filtered view. Statements are unnamed and so planned with their values: a filter that is NULL leaves no trace in
/// the plan. What is not over yet is found by the index on `ends_at`, since where an event stands is no column.
macro_rules! filtered {
    ($query:ident!($($row:ident,)? $select:literal, $rest:literal), $id:expr, $filters:expr, $($argument:expr),* $(,)?) => {{
        sqlx::$query!(
            $($row,)?
            $select +
            "FROM event_listings
             WHERE ($1::uuid IS NULL OR id = $1)
               AND ($2::text[] IS NULL OR type = ANY ($2))
               AND ($3::text[] IS NULL OR status = ANY ($3))
               AND ($4::text[] IS NULL OR lower(city) = ANY ($4))
               AND ($5::timestamptz IS NULL OR starts_at >= $5)
               AND ($6::timestamptz IS NULL OR starts_at < $6)
               AND ($7::text IS NULL OR search @@ to_tsquery('public.portal_prose', $7))
               AND ($8::text IS NULL
                    OR coordinates && _ST_Expand($8::text::geography, $9) AND coordinates <-> $8::text::geography <= $9)
               AND ($10::boolean IS NULL OR ends_at > now())
               AND ($11::uuid IS NULL OR organizer_id = $11) "
                + $rest,
            $id,
            $filters.kinds.as_deref(),
            $filters.statuses.as_deref(),
            $filters.cities.as_deref(),
            $filters.from,
            $filters.to,
            $filters.search.as_deref(),
            $filters.middle.as_deref(),
            $filters.reach,
            $filters.not_over,
            $filters.organizer,
            $($argument),*
        )
    }};
}
