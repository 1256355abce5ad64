//! The filters of every list of members, in one place.

/// A query over one of the two views, filtered.
///
/// Statements are unnamed and so planned with their values: a filter that is NULL leaves no trace in the plan. GIN indexes serve
/// search, skills and languages, those on lower(city) and lower(state) hold the order by name too, and GiST serves the circle.
macro_rules! filtered {
    ($query:ident!($($row:ident,)? [$($select:literal),+], $view:literal, [$($rest:literal),+]), $filters:expr, $($argument:expr),* $(,)?) => {
        sqlx::$query!(
            $($row,)?
            $($select +)+
            "FROM " + $view + " AS m
             WHERE ($1::text IS NULL OR m.search @@ app.member_words($1))
               AND ($2::text[] IS NULL OR app.is_one_of(lower(m.city), $2))
               AND ($3::text[] IS NULL OR app.is_one_of(lower(m.state), $3))
               AND ($4::text[] IS NULL OR app.lowered(m.skill_names) && $4)
               AND ($5::text[] IS NULL OR EXISTS (
                    SELECT FROM user_skills AS s
                    WHERE s.user_id = m.id AND lower(s.skill) = ANY ($4) AND s.level = ANY ($5)))
               AND ($6::text[] IS NULL OR m.member_type = ANY ($6))
               AND ($7::text[] IS NULL OR app.lowered(m.languages) && $7)
               AND ($8::text IS NULL OR m.coordinates && _ST_Expand($8::text::geography, $9)
                    AND m.coordinates <-> $8::text::geography <= $9) "
                $(+ $rest)+,
            $filters.search.as_deref(),
            $filters.cities.as_deref(),
            $filters.states.as_deref(),
            $filters.skills.as_deref(),
            $filters.levels.as_deref(),
            $filters.member_types.as_deref(),
            $filters.languages.as_deref(),
            $filters.middle.as_deref(),
            $filters.metres,
            $($argument),*
        )
    };
}

/// A query of one of the two views, whichever the filters need: the statement stands here once and is checked for both.
macro_rules! of_either_view {
    ($asked:expr, $macro:ident!($first:tt, VIEW, $rest:tt, $filters:expr, $($argument:expr),* $(,)?), $fetch:ident, $tx:expr) => {
        if $asked {
            $macro!($first, "member_locations", $rest, $filters, $($argument),*).$fetch(&mut *$tx).await?
        } else {
            $macro!($first, "member_directory", $rest, $filters, $($argument),*).$fetch(&mut *$tx).await?
        }
    };
}
