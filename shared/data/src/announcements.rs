//! News from staff. Policies show a member what is published and meant for the member; who writes announcements sees all.

mod publish;

use portal_domain::announcement::{Announcement, AnnouncementDetails, AnnouncementReach};
use portal_domain::ids::{AnnouncementId, UserId};
use portal_domain::listing::Moment;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::estimate::Counting;
use crate::single_row::one;
use crate::{DataError, Tx};

pub use publish::publish;

/// Which announcements a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AnnouncementFilters {
    /// Also those that are not for the caller, not yet published or expired: for those who write them.
    pub all: bool,
    /// Only those that the caller has not read.
    pub unread: bool,
}

/// Where a list goes on: the time of publication in microseconds since 1970, and the id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnouncementPosition {
    publish_micros: i64,
    id: AnnouncementId,
}

impl AnnouncementPosition {
    /// Where a list goes on after this announcement.
    #[must_use]
    pub fn after(announcement: &Announcement) -> Self {
        Self {
            publish_micros: crate::projects::micros(announcement.publish_at),
            id: announcement.id,
        }
    }
}

struct Row {
    id: Uuid,
    author_id: Uuid,
    title: String,
    content: String,
    audience: String,
    audience_member_type: Option<String>,
    audience_role: Option<String>,
    is_urgent: bool,
    publish_at: OffsetDateTime,
    expires_at: Option<OffsetDateTime>,
    read_at: Option<OffsetDateTime>,
    created_at: OffsetDateTime,
    version: i32,
}

impl TryFrom<Row> for Announcement {
    type Error = DataError;

    fn try_from(row: Row) -> Result<Self, DataError> {
        let corrupt = || DataError::Corrupt {
            table: "announcements",
            reason: "an audience is no word of the domain".to_owned(),
        };
        Ok(Self {
            id: row.id.into(),
            author_id: row.author_id.into(),
            title: row.title,
            content: row.content,
            audience: row.audience.parse().map_err(|_| corrupt())?,
            audience_member_type: match row.audience_member_type {
                Some(kind) => {
                    Some(serde_json::from_value(serde_json::Value::String(kind)).map_err(|_| corrupt())?)
                }
                None => None,
            },
            audience_role: row.audience_role,
            is_urgent: row.is_urgent,
            publish_at: Moment(row.publish_at),
            expires_at: row.expires_at.map(Moment),
            read_at: row.read_at.map(Moment),
            created_at: Moment(row.created_at),
            version: row.version,
        })
    }
}

/// A page of announcements, the latest first.
///
/// # Errors
/// [`DataError`] of the query, and [`DataError::Corrupt`] for a row that cannot be.
pub async fn list(
    tx: &mut Tx,
    me: UserId,
    filters: AnnouncementFilters,
    after: Option<AnnouncementPosition>,
    limit: i64,
) -> Result<Vec<Announcement>, DataError> {
    let rows = sqlx::query_file_as!(
        Row,
        "src/announcements/list.sql",
        me.as_uuid(),
        None::<Uuid>,
        filters.all,
        filters.unread,
        after.map(|after| crate::projects::instant(after.publish_micros)),
        after.map(|after| after.id.as_uuid()),
        limit,
    );
    rows.fetch_all(&mut *tx)
        .await?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
}

/// How many announcements a list has, nothing unless it is asked for; an estimate counts as far as a thousand.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn count(
    tx: &mut Tx,
    me: UserId,
    filters: AnnouncementFilters,
    counting: Option<Counting>,
) -> Result<Option<i64>, DataError> {
    let Some(counting) = counting else { return Ok(None) };
    let count = sqlx::query_file_scalar!(
        "src/announcements/count.sql",
        me.as_uuid(),
        filters.all,
        filters.unread,
        counting.limit(),
    );
    Ok(Some(count.fetch_one(&mut *tx).await?))
}

/// The announcement with an id, if the caller may see it.
///
/// # Errors
/// As [`list`].
pub async fn lookup(tx: &mut Tx, me: UserId, id: AnnouncementId) -> Result<Option<Announcement>, DataError> {
    let row = sqlx::query_file_as!(
        Row,
        "src/announcements/list.sql",
        me.as_uuid(),
        Some(id.as_uuid()),
        true,
        false,
        None::<OffsetDateTime>,
        None::<Uuid>,
        1,
    );
    row.fetch_optional(&mut *tx)
        .await?
        .map(TryInto::try_into)
        .transpose()
}

/// Takes hold of an announcement that the caller may change. Gives whether it is out.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lock(tx: &mut Tx, id: AnnouncementId) -> Result<Option<bool>, DataError> {
    let row = sqlx::query_scalar!(
        r#"SELECT publish_at <= now() OR notified_through IS NOT NULL AS "is_out!"
        FROM announcements WHERE id = $1 AND deleted_at IS NULL FOR UPDATE"#,
        id.as_uuid(),
    );
    Ok(row.fetch_optional(&mut *tx).await?)
}

/// Adds an announcement; none where there is no role of the name that it is for.
///
/// # Errors
/// [`DataError::Denied`] without the permission, and those of the queries.
pub async fn add(
    tx: &mut Tx,
    author: UserId,
    details: &AnnouncementDetails,
) -> Result<Option<AnnouncementId>, DataError> {
    let Some(role) = role(tx, details).await? else {
        return Ok(None);
    };
    let id = Uuid::now_v7();
    sqlx::query!(
        "INSERT INTO announcements (id, author_id, title, content, audience, audience_member_type, audience_role_id, is_urgent,
            publish_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, COALESCE($9, now()), $10)",
        id,
        author.as_uuid(),
        &*details.title,
        &*details.content,
        details.audience.as_str(),
        details.audience_member_type.map(portal_domain::member::MemberType::as_str),
        role.id,
        details.is_urgent,
        details.publish_at.map(|at| at.0),
        details.expires_at.map(|at| at.0),
    )
    .execute(&mut *tx)
    .await?;
    Ok(Some(id.into()))
}

/// Changes a locked announcement; false where there is no role of the name that it is for.
///
/// # Errors
/// As [`add`].
pub async fn change(
    tx: &mut Tx,
    id: AnnouncementId,
    details: &AnnouncementDetails,
) -> Result<bool, DataError> {
    let Some(role) = role(tx, details).await? else {
        return Ok(false);
    };
    let changed = sqlx::query!(
        "UPDATE announcements
        SET title = $2, content = $3, audience = $4, audience_member_type = $5, audience_role_id = $6, is_urgent = $7,
            publish_at = COALESCE($8, publish_at), expires_at = $9
        WHERE id = $1",
        id.as_uuid(),
        &*details.title,
        &*details.content,
        details.audience.as_str(),
        details.audience_member_type.map(portal_domain::member::MemberType::as_str),
        role.id,
        details.is_urgent,
        details.publish_at.map(|at| at.0),
        details.expires_at.map(|at| at.0),
    );
    one(changed.execute(&mut *tx).await?.rows_affected())?;
    Ok(true)
}

/// Takes a locked announcement away.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn remove(tx: &mut Tx, id: AnnouncementId) -> Result<(), DataError> {
    let removed = sqlx::query!(
        "UPDATE announcements SET deleted_at = now() WHERE id = $1",
        id.as_uuid()
    );
    one(removed.execute(&mut *tx).await?.rows_affected())
}

/// Notes that a member has read an announcement. Once is enough.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn mark_read(tx: &mut Tx, me: UserId, id: AnnouncementId) -> Result<(), DataError> {
    sqlx::query!(
        "INSERT INTO announcement_reads (announcement_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        id.as_uuid(),
        me.as_uuid(),
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// How far an announcement has come.
///
/// # Errors
/// [`DataError::Denied`] without the permission, and those of the query.
pub async fn reach(tx: &mut Tx, id: AnnouncementId) -> Result<AnnouncementReach, DataError> {
    let row = sqlx::query!(
        r#"SELECT audience_size AS "audience_size!", read_count AS "read_count!" FROM app.announcement_reach($1)"#,
        id.as_uuid(),
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok(AnnouncementReach {
        audience_size: row.audience_size,
        read_count: row.read_count,
    })
}

/// The role that an announcement is for, if it is for one.
struct Meant {
    id: Option<Uuid>,
}

async fn role(tx: &mut Tx, details: &AnnouncementDetails) -> Result<Option<Meant>, DataError> {
    let Some(name) = &details.audience_role else {
        return Ok(Some(Meant { id: None }));
    };
    let id = sqlx::query_scalar!(r#"SELECT app.role_named($1) AS "id""#, &**name)
        .fetch_one(&mut *tx)
        .await?;
    Ok(id.map(|id| Meant { id: Some(id) }))
}
