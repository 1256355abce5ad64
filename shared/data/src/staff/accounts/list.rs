//! Lists of accounts, and one account of them.

use portal_domain::ids::UserId;
use portal_domain::listing::{Day, Moment};
use portal_domain::staff::{AccountListing, AccountOrder};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{AccountFilters, AccountPosition, TABLE};
use crate::columns;
use crate::estimate::{Counting, planned_rows};
use crate::projects::instant;
use crate::staff::words::words;
use crate::{DataError, Tx};

struct Row {
    id: Uuid,
    email: String,
    first_name: String,
    last_name: String,
    company: Option<String>,
    phone: Option<String>,
    city: Option<String>,
    state: Option<String>,
    status: String,
    member_type: String,
    roles: Vec<String>,
    contractor_license: Option<String>,
    is_verified: bool,
    has_second_factor: bool,
    member_since: Option<Date>,
    membership_expires_at: Option<OffsetDateTime>,
    approved_at: Option<OffsetDateTime>,
    last_sign_in_at: Option<OffsetDateTime>,
    created_at: OffsetDateTime,
    updated_at: OffsetDateTime,
    version: i32,
}

impl TryFrom<Row> for AccountListing {
    type Error = DataError;

    fn try_from(row: Row) -> Result<Self, DataError> {
        let licence = row.contractor_license.as_deref();
        Ok(Self {
            id: row.id.into(),
            email: row.email,
            first_name: row.first_name,
            last_name: row.last_name,
            company: row.company,
            phone: row.phone,
            city: row.city,
            state: row.state,
            status: TABLE.word(&row.status)?,
            member_type: TABLE.word(&row.member_type)?,
            roles: words(TABLE, &row.roles)?,
            contractor_license: licence.map(|number| TABLE.word(number)).transpose()?,
            is_verified: row.is_verified,
            has_second_factor: row.has_second_factor,
            member_since: row.member_since.map(Day),
            membership_expires_at: row.membership_expires_at.map(Moment),
            approved_at: row.approved_at.map(Moment),
            last_sign_in_at: row.last_sign_in_at.map(Moment),
            created_at: Moment(row.created_at),
            updated_at: Moment(row.updated_at),
            version: row.version,
        })
    }
}

/// The filters as statements take them. The longest word is looked up in the trigrams of `users_account_words`, which it narrows most;
/// the others are compared with what is found.
struct Arguments {
    longest: Option<String>,
    others: Option<Vec<String>>,
    statuses: Option<Vec<String>>,
    roles: Option<Vec<Uuid>>,
    member_types: Option<Vec<String>>,
}

impl Arguments {
    fn of(filters: &AccountFilters) -> Self {
        let mut words = filters.words.clone();
        words.sort_by_key(|word| word.chars().count());
        let longest = words.pop();
        Self {
            longest,
            others: columns::states(&words),
            statuses: columns::states(&filters.statuses),
            roles: filters.roles.clone(),
            member_types: columns::states(&filters.member_types),
        }
    }
}

/// A query over the filtered view. Statements are unnamed and so planned with their values: a filter that is NULL leaves no trace in the
/// plan.
macro_rules! filtered {
    ($query:ident!($($row:ident,)? $select:literal, $rest:literal), $id:expr, $filters:expr, $($argument:expr),* $(,)?) => {{
        sqlx::$query!(
            $($row,)?
            $select +
            "FROM staff_accounts AS a
             WHERE ($1::uuid IS NULL OR a.id = $1)
               AND ($2::text IS NULL OR a.words LIKE app.containing($2))
               AND ($3::text[] IS NULL OR a.words LIKE ALL (ARRAY(SELECT app.containing(w) FROM unnest($3) AS w)))
               AND ($4::text[] IS NULL OR a.status = ANY ($4))
               AND ($5::uuid[] IS NULL OR EXISTS (
                    SELECT FROM user_roles AS f
                    WHERE f.user_id = a.id AND f.role_id = ANY ($5) AND (f.expires_at IS NULL OR f.expires_at > now())))
               AND ($6::text[] IS NULL OR a.member_type = ANY ($6)) "
                + $rest,
            $id,
            $filters.longest.as_deref(),
            $filters.others.as_deref(),
            $filters.statuses.as_deref(),
            $filters.roles.as_deref(),
            $filters.member_types.as_deref(),
            $($argument),*
        )
    }};
}

macro_rules! accounts {
    ($rest:literal, $id:expr, $filters:expr, $($argument:expr),* $(,)?) => {
        filtered!(
            query_as!(
                Row,
                r#"SELECT a.id AS "id!", a.email AS "email!", a.first_name AS "first_name!", a.last_name AS "last_name!", a.company,
                    a.phone, a.city, a.state, a.status AS "status!", a.member_type AS "member_type!",
                    ARRAY(
                        SELECT r.name FROM user_roles AS h JOIN roles AS r ON r.id = h.role_id
                        WHERE h.user_id = a.id AND (h.expires_at IS NULL OR h.expires_at > now()) ORDER BY r.name) AS "roles!",
                    a.contractor_license, a.is_verified AS "is_verified!", a.has_second_factor AS "has_second_factor!",
                    a.member_since, a.membership_expires_at, a.approved_at, app.last_sign_in(a.id) AS last_sign_in_at,
                    a.created_at AS "created_at!", a.updated_at AS "updated_at!", a.version AS "version!" "#,
                $rest
            ),
            $id,
            $filters,
            $($argument),*
        )
    };
}

/// A page of accounts.
///
/// # Errors
/// [`DataError`] of the query, and [`DataError::Corrupt`] for a row that cannot be.
pub async fn list(
    tx: &mut Tx,
    filters: &AccountFilters,
    order: AccountOrder,
    after: Option<&AccountPosition>,
    limit: i64,
) -> Result<Vec<AccountListing>, DataError> {
    let arguments = Arguments::of(filters);
    let rows = match order {
        AccountOrder::Name => by_name(tx, &arguments, after, limit).await?,
        AccountOrder::Newest => newest(tx, &arguments, after, limit).await?,
    };
    rows.into_iter().map(TryInto::try_into).collect()
}

/// By the index users_account_names, unless a filter is narrower.
async fn by_name(
    tx: &mut Tx,
    arguments: &Arguments,
    after: Option<&AccountPosition>,
    limit: i64,
) -> Result<Vec<Row>, DataError> {
    let after = match after {
        Some(AccountPosition::Name {
            last_name,
            first_name,
            id,
        }) => Some((last_name, first_name, id)),
        _ => None,
    };
    let rows = accounts!(
        "AND ($7::text IS NULL OR (a.last_name, a.first_name, a.id) > ($7, $8, $9::uuid))
        ORDER BY a.last_name, a.first_name, a.id
        LIMIT $10",
        None::<Uuid>,
        arguments,
        after.map(|(last_name, ..)| last_name.as_str()),
        after.map(|(_, first_name, _)| first_name.as_str()),
        after.map(|(.., id)| id.as_uuid()),
        limit,
    );
    Ok(rows.fetch_all(&mut *tx).await?)
}

/// By the index users_created, or that on the status.
async fn newest(
    tx: &mut Tx,
    arguments: &Arguments,
    after: Option<&AccountPosition>,
    limit: i64,
) -> Result<Vec<Row>, DataError> {
    let after = match after {
        Some(AccountPosition::Newest { created_micros, id }) => Some((instant(*created_micros), id)),
        _ => None,
    };
    let rows = accounts!(
        "AND ($7::timestamptz IS NULL OR (a.created_at, a.id) < ($7, $8::uuid))
        ORDER BY a.created_at DESC, a.id DESC
        LIMIT $9",
        None::<Uuid>,
        arguments,
        after.map(|(created_at, _)| created_at),
        after.map(|(_, id)| id.as_uuid()),
        limit,
    );
    Ok(rows.fetch_all(&mut *tx).await?)
}

/// The account with an id, unless it is closed.
///
/// # Errors
/// As [`list`].
pub(super) async fn lookup(tx: &mut Tx, id: UserId) -> Result<Option<AccountListing>, DataError> {
    let anybody = Arguments::of(&AccountFilters::default());
    let row = accounts!("", Some(id.as_uuid()), anybody,);
    row.fetch_optional(&mut *tx)
        .await?
        .map(TryInto::try_into)
        .transpose()
}

/// How many accounts a list has, nothing unless it is asked for.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn count(
    tx: &mut Tx,
    filters: &AccountFilters,
    counting: Option<Counting>,
) -> Result<Option<i64>, DataError> {
    let Some(counting) = counting else { return Ok(None) };
    let arguments = Arguments::of(filters);
    let counted = filtered!(
        query_scalar!(
            r#"SELECT count(*) AS "count!" FROM (SELECT "#,
            "LIMIT $7) AS counted"
        ),
        None::<Uuid>,
        arguments,
        counting.limit(),
    );
    let counted = counted.fetch_one(&mut *tx).await?;
    if counting.limit() != Some(counted) {
        return Ok(Some(counted));
    }
    let plan = filtered!(
        query_scalar!("EXPLAIN (FORMAT JSON) SELECT ", ""),
        None::<Uuid>,
        arguments,
    );
    let plan = plan.fetch_one(&mut *tx).await?;
    Ok(Some(planned_rows(&plan.unwrap_or_default())?.max(counted)))
}
