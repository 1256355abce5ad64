//! What the queries for courses have in common: the filters.

/// A query over the filtered view. Statements are unnamed and so planned with their values: a filter that is NULL leaves no trace in
/// the plan.
macro_rules! filtered {
    ($query:ident!($($row:ident,)? $select:literal, $rest:literal), $id:expr, $filters:expr, $($argument:expr),* $(,)?) => {{
        sqlx::$query!(
            $($row,)?
            $select +
            "FROM course_listings
             WHERE ($1::uuid IS NULL OR id = $1)
               AND ($2::text[] IS NULL OR lower(category) = ANY ($2))
               AND ($3::text[] IS NULL OR difficulty = ANY ($3))
               AND ($4::boolean IS NULL OR is_published = $4)
               AND ($5::text IS NULL OR search @@ to_tsquery('public.portal_prose', $5)) "
                + $rest,
            $id,
            $filters.categories.as_deref(),
            $filters.difficulties.as_deref(),
            $filters.is_published,
            $filters.search.as_deref(),
            $($argument),*
        )
    }};
}
