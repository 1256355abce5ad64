//! The lists: by name, newest first, by distance; and one member.

use portal_domain::ids::UserId;
use portal_domain::member::MemberOrder;

use super::arguments::Arguments;
use super::row::Row;
use super::{FoundMember, MemberFilters, MemberPosition};
use crate::place::is_at_seam;
use crate::projects::instant;
use crate::{DataError, Tx};

/// A page of rows: what stands before the columns, then filters and order.
macro_rules! page {
    ($before:literal, $view:literal, [$($rest:literal),+], $filters:expr, $($argument:expr),* $(,)?) => {
        filtered!(
            query_as!(
                Row,
                [
                $before,
                r#"SELECT m.id AS "id!", m.first_name AS "first_name!", m.last_name AS "last_name!", m.company, m.title,
                          m.member_type AS "member_type!", m.member_since, m.email, m.phone, m.street, m.city, m.state, m.zip,
                          ST_Y(m.coordinates::geometry) AS lat, ST_X(m.coordinates::geometry) AS lng,
                          m.bio, m.website, m.linkedin, m.profile_image_key, m.certifications AS "certifications!",
                          m.languages AS "languages!", m.contractor_license,
                          COALESCE((
                              SELECT jsonb_agg(jsonb_build_object('skill', k.skill, 'level', k.level, 'verified', k.verified)
                                               ORDER BY k.skill)
                              FROM user_skills AS k
                              WHERE k.user_id = m.id), '[]') AS "skills!",
                          m.created_at AS "created_at!", m.version AS "version!",
                          CASE WHEN $8::text IS NOT NULL THEN m.coordinates <-> $8::text::geography END AS distance "#
                ],
                $view,
                [$($rest),+]
            ),
            $filters,
            $($argument),*
        )
    };
}

/// A page of the members. Without a circle there are no distances, and a list by them has nobody.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list(
    tx: &mut Tx,
    filters: &MemberFilters,
    order: MemberOrder,
    after: Option<&MemberPosition>,
    limit: i64,
) -> Result<Vec<FoundMember>, DataError> {
    let rows = match order {
        MemberOrder::Name => by_name(tx, filters, after, limit).await?,
        MemberOrder::Newest => newest(tx, filters, after, limit).await?,
        MemberOrder::Distance => nearest(tx, filters, after, limit).await?,
    };
    rows.into_iter().map(TryInto::try_into).collect()
}

/// By the index on (last_name, first_name, id), or on the city or state and these.
async fn by_name(
    tx: &mut Tx,
    filters: &MemberFilters,
    after: Option<&MemberPosition>,
    limit: i64,
) -> Result<Vec<Row>, DataError> {
    let arguments = Arguments::of(filters);
    let after = match after {
        Some(MemberPosition::Name {
            last_name,
            first_name,
            id,
        }) => Some((last_name, first_name, id)),
        _ => None,
    };
    let rows = of_either_view!(
        filters.ask_for_places(),
        page!(
            "",
            VIEW,
            [
                "AND ($10::text IS NULL OR (m.last_name, m.first_name, m.id) > ($10, $11, $12))
              ORDER BY CASE WHEN cardinality($2) = 1 THEN lower(m.city) END,
                  CASE WHEN cardinality($3) = 1 AND $2 IS NULL THEN lower(m.state) END,
                  m.last_name, m.first_name, m.id
              LIMIT $13"
            ],
            arguments,
            after.map(|(last_name, ..)| last_name.as_str()),
            after.map(|(_, first_name, _)| first_name.as_str()),
            after.map(|(.., id)| id.as_uuid()),
            limit,
        ),
        fetch_all,
        tx
    );
    Ok(rows)
}

/// By the index on (created_at, id).
async fn newest(
    tx: &mut Tx,
    filters: &MemberFilters,
    after: Option<&MemberPosition>,
    limit: i64,
) -> Result<Vec<Row>, DataError> {
    let arguments = Arguments::of(filters);
    let after = match after {
        Some(MemberPosition::Newest { created_micros, id }) => Some((instant(*created_micros), id)),
        _ => None,
    };
    let rows = of_either_view!(
        filters.ask_for_places(),
        page!(
            "",
            VIEW,
            [
                "AND ($10::timestamptz IS NULL OR (m.created_at, m.id) < ($10, $11))
              ORDER BY m.created_at DESC, m.id DESC
              LIMIT $12"
            ],
            arguments,
            after.map(|(created_at, _)| created_at),
            after.map(|(_, id)| id.as_uuid()),
            limit,
        ),
        fetch_all,
        tx
    );
    Ok(rows)
}

/// Nearest first. The GiST index on coordinates serves the box and the order; `<->` on a geography is the distance on the sphere,
/// so filter, order, position and answer are one number. The index orders by distance alone: the inner query takes whole ties, and
/// the outer one sorts them by id. At the antimeridian and the poles all that is in the circle ties in the inner one
/// ([`is_at_seam`]).
async fn nearest(
    tx: &mut Tx,
    filters: &MemberFilters,
    after: Option<&MemberPosition>,
    limit: i64,
) -> Result<Vec<Row>, DataError> {
    let arguments = Arguments::of(filters);
    let after = match after {
        Some(MemberPosition::Distance { metres, id }) => Some((metres.0, id)),
        _ => None,
    };
    let rows = page!(
        "SELECT page.* FROM (",
        "member_locations",
        [
            "AND $8::text IS NOT NULL
             AND ($10::float8 IS NULL
                  OR m.coordinates <-> $8::text::geography > $10
                  OR m.coordinates <-> $8::text::geography = $10 AND m.id > $11)
             ORDER BY CASE WHEN $13 THEN NULL ELSE m.coordinates <-> $8::text::geography END
             FETCH FIRST ($12::bigint) ROWS WITH TIES) AS page ",
            r#"ORDER BY distance, "id!" LIMIT $12"#
        ],
        arguments,
        after.map(|(metres, _)| metres),
        after.map(|(_, id)| id.as_uuid()),
        limit,
        filters.area.is_some_and(|(middle, _)| is_at_seam(middle)),
    );
    Ok(rows.fetch_all(&mut *tx).await?)
}

/// The member with an id, if the directory shows one.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lookup(tx: &mut Tx, id: UserId) -> Result<Option<FoundMember>, DataError> {
    let anybody = Arguments::of(&MemberFilters::default());
    let row = page!("", "member_directory", ["AND m.id = $10"], anybody, id.as_uuid());
    row.fetch_optional(&mut *tx)
        .await?
        .map(TryInto::try_into)
        .transpose()
}
