//! Bids on projects. Policies show a bid to its bidder and to those who run the project; triggers count it, refuse it when it is
//! late or one too many, and write its history.

mod award;
mod row;
mod submit;

use portal_domain::application::{Application, ApplicationStatus, Bid};
use portal_domain::ids::{ApplicationId, ProjectId, UserId};
use portal_domain::money::Cents;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::single_row::one;
use crate::{DataError, Tx};

pub use award::{award, notify};
use row::Row;
pub use submit::submit;

/// Which bids a list shows. What is empty or absent filters nothing.
#[derive(Clone, Debug, Default)]
pub struct ApplicationFilters {
    /// Of this project.
    pub project: Option<ProjectId>,
    /// Of this bidder.
    pub bidder: Option<UserId>,
    /// Where they stand.
    pub statuses: Vec<ApplicationStatus>,
}

/// Where a list goes on: after the bid that was handed in then, in microseconds since 1970, and this id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationPosition {
    submitted_micros: i64,
    id: ApplicationId,
}

impl ApplicationPosition {
    /// Where a list goes on after this bid.
    #[must_use]
    pub fn after(application: &Application) -> Self {
        let nanos = application.submitted_at.0.unix_timestamp_nanos() / 1_000;
        Self {
            submitted_micros: i64::try_from(nanos).unwrap_or(i64::MAX),
            id: application.id,
        }
    }
}

/// A bid that this transaction alone can change.
#[derive(Clone, Debug, PartialEq)]
pub struct LockedApplication {
    /// Its id.
    pub id: ApplicationId,
    /// The project.
    pub project_id: ProjectId,
    /// Who bids.
    pub bidder: UserId,
    /// Where it stands.
    pub status: ApplicationStatus,
    /// The row's version.
    pub version: i32,
    /// Whether the caller runs the project.
    pub is_runner: bool,
    /// What was handed in.
    pub bid: Bid,
    /// The notes of those who run the project.
    pub notes: Option<String>,
}

/// A page of bids, the latest first.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list(
    tx: &mut Tx,
    filters: &ApplicationFilters,
    after: Option<ApplicationPosition>,
    limit: i64,
) -> Result<Vec<Application>, DataError> {
    let statuses: Vec<String> = filters.statuses.iter().map(ToString::to_string).collect();
    let rows = sqlx::query_file_as!(
        Row,
        "src/applications/list.sql",
        None::<Uuid>,
        filters.project.map(ProjectId::as_uuid),
        filters.bidder.map(UserId::as_uuid),
        (!statuses.is_empty()).then_some(statuses.as_slice()),
        after.map(|after| crate::projects::instant(after.submitted_micros)),
        after.map(|after| after.id.as_uuid()),
        limit,
    );
    rows.fetch_all(&mut *tx)
        .await?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
}

/// How many bids a list has.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn count(tx: &mut Tx, filters: &ApplicationFilters) -> Result<i64, DataError> {
    let statuses: Vec<String> = filters.statuses.iter().map(ToString::to_string).collect();
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM project_applications
        WHERE ($1::uuid IS NULL OR project_id = $1)
            AND ($2::uuid IS NULL OR user_id = $2)
            AND ($3::text[] IS NULL OR status = ANY ($3))"#,
        filters.project.map(ProjectId::as_uuid),
        filters.bidder.map(UserId::as_uuid),
        (!statuses.is_empty()).then_some(statuses.as_slice()),
    );
    Ok(count.fetch_one(&mut *tx).await?)
}

/// The bid with an id, if the caller may see it.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lookup(tx: &mut Tx, id: ApplicationId) -> Result<Option<Application>, DataError> {
    let row = sqlx::query_file_as!(
        Row,
        "src/applications/list.sql",
        Some(id.as_uuid()),
        None::<Uuid>,
        None::<Uuid>,
        None::<&[String]>,
        None::<time::OffsetDateTime>,
        None::<Uuid>,
        1,
    );
    row.fetch_optional(&mut *tx)
        .await?
        .map(TryInto::try_into)
        .transpose()
}

/// Takes hold of a bid, and of its project, for a change; nothing where the caller may not see it.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lock(tx: &mut Tx, id: ApplicationId) -> Result<Option<LockedApplication>, DataError> {
    sqlx::query!(
        r#"SELECT app.hold_project_of_bid($1)::text AS "nothing""#,
        id.as_uuid()
    )
    .fetch_one(&mut *tx)
    .await?;
    let row = sqlx::query!(
        r#"SELECT project_id, user_id, status, version, bid_amount_cents, cover_letter, proposal, notes,
            app.runs_project(project_id) AS "is_runner!"
        FROM project_applications
        WHERE id = $1
        FOR UPDATE"#,
        id.as_uuid(),
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(LockedApplication {
        id,
        project_id: row.project_id.into(),
        bidder: row.user_id.into(),
        status: row::TABLE.word(&row.status)?,
        version: row.version,
        is_runner: row.is_runner,
        bid: Bid {
            bid_amount_cents: row
                .bid_amount_cents
                .map(|cents| row::TABLE.amount(cents))
                .transpose()?,
            cover_letter: row.cover_letter.try_into().ok(),
            proposal: row.proposal.try_into().ok(),
        },
        notes: row.notes,
    }))
}

/// Changes what a locked bid says; the state decides whether that is still possible.
///
/// # Errors
/// [`DataError::NotFound`] when it is not there, and those of the query.
pub async fn change(tx: &mut Tx, id: ApplicationId, bid: &Bid) -> Result<(), DataError> {
    let changed = sqlx::query!(
        "UPDATE project_applications SET bid_amount_cents = $2, cover_letter = $3, proposal = $4 WHERE id = $1",
        id.as_uuid(),
        bid.bid_amount_cents.map(Cents::get),
        bid.cover_letter.as_deref().unwrap_or_default(),
        bid.proposal.as_deref().unwrap_or_default(),
    );
    one(changed.execute(&mut *tx).await?.rows_affected())
}

/// Decides on a locked bid, and keeps the reviewer's notes.
///
/// # Errors
/// [`DataError::NotFound`] when it is not there, and those of the query.
pub async fn review(
    tx: &mut Tx,
    id: ApplicationId,
    reviewer: UserId,
    status: ApplicationStatus,
    notes: Option<&str>,
) -> Result<(), DataError> {
    let reviewed = sqlx::query!(
        "UPDATE project_applications
        SET status = $3, notes = $4, reviewed_by = $2, reviewed_at = now()
        WHERE id = $1",
        id.as_uuid(),
        reviewer.as_uuid(),
        status.as_str(),
        notes,
    );
    one(reviewed.execute(&mut *tx).await?.rows_affected())
}

/// Takes a locked bid back.
///
/// # Errors
/// [`DataError::NotFound`] when it is not there, and those of the query.
pub async fn withdraw(tx: &mut Tx, id: ApplicationId) -> Result<(), DataError> {
    let withdrawn = sqlx::query!(
        "UPDATE project_applications SET status = 'WITHDRAWN', withdrawn_at = now() WHERE id = $1",
        id.as_uuid(),
    );
    one(withdrawn.execute(&mut *tx).await?.rows_affected())
}
