//! The files of an event, as those who see it see them and those who run it write them.

use portal_domain::file::{Declared, EventFile, FileName};
use portal_domain::ids::{EventId, FileId, UserId};
use portal_domain::listing::Moment;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::projects::{instant, micros};
use crate::single_row::one;
use crate::{DataError, Tx};

/// Where a list of files goes on: after this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventFilePosition {
    /// When the last file that was shown was announced, in microseconds since 1970.
    pub created_micros: i64,
    /// Its id.
    pub id: FileId,
}

impl EventFilePosition {
    /// Where a list goes on after a file.
    #[must_use]
    pub fn after(file: &EventFile) -> Self {
        Self {
            created_micros: micros(file.created_at),
            id: file.id,
        }
    }
}

/// A file, and where its bytes are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptEventFile {
    /// What is shown of it.
    pub file: EventFile,
    /// The key of its object, which nobody is shown.
    pub object_key: String,
}

struct Row {
    id: Uuid,
    event_id: Uuid,
    object_key: String,
    name: String,
    media_type: String,
    size_bytes: i64,
    checksum_sha256: Option<String>,
    state: String,
    created_at: OffsetDateTime,
    updated_at: OffsetDateTime,
    version: i32,
}

impl TryFrom<Row> for KeptEventFile {
    type Error = DataError;

    fn try_from(row: Row) -> Result<Self, DataError> {
        let state = row.state.parse().map_err(|error| DataError::Corrupt {
            table: "event_files",
            reason: format!("state {:?} {error}", row.state),
        })?;
        Ok(Self {
            file: EventFile {
                id: row.id.into(),
                event_id: row.event_id.into(),
                name: row.name,
                media_type: row.media_type,
                size_bytes: row.size_bytes,
                checksum_sha256: row.checksum_sha256,
                state,
                created_at: Moment(row.created_at),
                updated_at: Moment(row.updated_at),
                version: row.version,
            },
            object_key: row.object_key,
        })
    }
}

/// A file that is about to be uploaded.
#[derive(Clone, Debug)]
pub struct NewEventFile<'a> {
    /// Its id.
    pub id: FileId,
    /// The event.
    pub event: EventId,
    /// The key that its object will have.
    pub object_key: &'a str,
    /// Its name.
    pub name: &'a FileName,
    /// What it is to be.
    pub declared: &'a Declared,
    /// Who uploads it.
    pub uploaded_by: UserId,
}

/// Announces a file.
///
/// # Errors
/// [`DataError::Denied`] for who does not run the event, and those of the query.
pub async fn add_file(tx: &mut Tx, file: &NewEventFile<'_>) -> Result<(), DataError> {
    let declared = file.declared;
    let added = sqlx::query!(
        "INSERT INTO event_files (
            id, event_id, object_key, name, media_type, size_bytes, checksum_sha256, uploaded_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        file.id.as_uuid(),
        file.event.as_uuid(),
        file.object_key,
        &**file.name,
        declared.media_type,
        declared.size_bytes,
        declared.checksum.as_str(),
        file.uploaded_by.as_uuid(),
    );
    one(added.execute(&mut *tx).await?.rows_affected())
}

/// A page of the files of an event, in the order in which they were announced, by the index on (event, created_at, id). Those
/// who do not run the event see stored files only.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list_files(
    tx: &mut Tx,
    event: EventId,
    after: Option<EventFilePosition>,
    limit: i64,
) -> Result<Vec<EventFile>, DataError> {
    let rows = select(tx, event, None, after, limit).await?;
    let kept = rows.into_iter().map(KeptEventFile::try_from);
    kept.map(|kept| kept.map(|kept| kept.file)).collect()
}

/// How many files a list has.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn count_files(tx: &mut Tx, event: EventId) -> Result<i64, DataError> {
    let counted = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM event_files
        WHERE event_id = $1 AND deleted_at IS NULL
            AND (state = 'STORED' OR (SELECT app.runs_event($1)))"#,
        event.as_uuid(),
    );
    Ok(counted.fetch_one(&mut *tx).await?)
}

/// A file, if the caller may see it.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lookup_file(
    tx: &mut Tx,
    event: EventId,
    id: FileId,
) -> Result<Option<KeptEventFile>, DataError> {
    let rows = select(tx, event, Some(id), None, 1).await?;
    rows.into_iter().next().map(TryInto::try_into).transpose()
}

/// Takes a file away. Its object is kept for a while, in case this was a mistake.
///
/// # Errors
/// [`DataError::NotFound`] when it is not there, and those of the query.
pub async fn remove_file(tx: &mut Tx, id: FileId) -> Result<(), DataError> {
    let removed = sqlx::query!(
        "UPDATE event_files SET deleted_at = now() WHERE id = $1 AND deleted_at IS NULL",
        id.as_uuid(),
    );
    one(removed.execute(&mut *tx).await?.rows_affected())
}

async fn select(
    tx: &mut Tx,
    event: EventId,
    id: Option<FileId>,
    after: Option<EventFilePosition>,
    limit: i64,
) -> Result<Vec<Row>, DataError> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT id, event_id, object_key, name, media_type, size_bytes, checksum_sha256, state, created_at, updated_at, version
        FROM event_files
        WHERE event_id = $1
            AND deleted_at IS NULL
            AND (state = 'STORED' OR (SELECT app.runs_event($1)))
            AND ($2::uuid IS NULL OR id = $2)
            AND ($3::timestamptz IS NULL OR (created_at, id) > ($3, $4))
        ORDER BY created_at, id
        LIMIT $5",
        event.as_uuid(),
        id.map(FileId::as_uuid),
        after.map(|after| instant(after.created_micros)),
        after.map(|after| after.id.as_uuid()),
        limit,
    );
    Ok(rows.fetch_all(&mut *tx).await?)
}
