//! What every query for projects has in common: the columns that are shown, and the filters.

/// A query over the filtered view. The filters stand here once, for every order and for the count.
///
/// Statements are unnamed and so planned with their values: a filter that is NULL leaves no trace in the plan.
macro_rules! filtered {
    ($query:ident!($($row:ident,)? [$($select:literal),+], [$($rest:literal),+]), $filters:expr, $($argument:expr),* $(,)?) => {{
        sqlx::$query!(
            $($row,)?
            $($select +)+
            "FROM project_listings
             WHERE ($2::text[] IS NULL OR app.is_one_of(category, $2))
               AND ($3::text[] IS NULL OR app.is_one_of(lower(city), $3))
               AND ($4::text[] IS NULL OR lower(state) = ANY ($4))
               AND ($5::text[] IS NULL OR skills_required && $5)
               AND ($6::text[] IS NULL OR license_classes && $6)
               AND ($7::bigint IS NULL OR COALESCE(budget_max_cents, budget_min_cents) >= $7)
               AND ($8::bigint IS NULL OR COALESCE(budget_min_cents, budget_max_cents) <= $8)
               AND ($9::timestamptz IS NULL OR deadline_date < $9)
               AND ($10::timestamptz IS NULL OR deadline_date > $10)
               AND ($11::text IS NULL OR search @@ to_tsquery('public.portal_prose', $11))
               AND ($12::text IS NULL OR coordinates && $12::text::geography AND app.is_in_box(coordinates, $13)) "
                $(+ $rest)+,
            $filters.statuses.as_deref(),
            $filters.categories.as_deref(),
            $filters.cities.as_deref(),
            $filters.states.as_deref(),
            $filters.skills.as_deref(),
            $filters.classes.as_deref(),
            $filters.budget_min,
            $filters.budget_max,
            $filters.deadline_before,
            $filters.deadline_after,
            $filters.search,
            $filters.bounds.cover,
            $filters.bounds.degrees.as_deref(),
            $($argument),*
        )
    }};
}

/// A query for rows: what stands before the columns, then the distance, then filters and order.
macro_rules! rows {
    ($before:literal, $distance:literal, [$($rest:literal),+], $filters:expr, $($argument:expr),* $(,)?) => {
        filtered!(
            query_as!(
                Row,
                [$before, r#"SELECT id AS "id!", external_id, source AS "source!", owner_id AS "owner_id!", title AS "title!",
                                description AS "description!", category AS "category!",
                                budget_min_cents, budget_max_cents, estimated_value_cents, currency AS "currency!",
                                funding_source, location, address, city, state, zip,
                                ST_Y(coordinates::geometry) AS lat, ST_X(coordinates::geometry) AS lng,
                                start_date, end_date, deadline_date, requirements AS "requirements!",
                                skills_required AS "skills_required!", license_classes AS "license_classes!",
                                experience_years, bonding_required AS "bonding_required!", insurance AS "insurance!",
                                status AS "status!", priority AS "priority!", visibility AS "visibility!", max_applications,
                                application_count, accepting_applications AS "accepting_applications!",
                                contact_name, contact_email, contact_phone, published_at, closed_at,
                                addendum_count AS "addendum_count!", created_at AS "created_at!",
                                updated_at AS "updated_at!", version AS "version!", "#, $distance],
                [$($rest),+]
            ),
            $filters,
            $($argument),*
        )
    };
}
