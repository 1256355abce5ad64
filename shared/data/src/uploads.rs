//! The rows that stand for objects of the files bucket, for the function that looks after them: read through the view `uploads`.

use std::collections::HashSet;

use portal_domain::file::{FileState, UploadKind};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{DataError, Tx};

/// A row of one of the tables that have files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadRow {
    /// Which table it is of.
    pub kind: UploadKind,
    /// Its id there.
    pub id: Uuid,
    /// The project, the event or the member that it belongs to.
    pub parent: Uuid,
    /// The key of its object.
    pub object_key: String,
    /// Its name; pictures have none.
    pub name: Option<String>,
    /// The media type that was announced.
    pub media_type: String,
    /// The size that was announced, in bytes.
    pub size_bytes: i64,
    /// SHA-256 of the content that was announced, in base64.
    pub checksum_sha256: Option<String>,
    /// Who uploads it.
    pub uploaded_by: Uuid,
    /// Whether the object has been found to be what was announced.
    pub state: FileState,
    /// When it was announced.
    pub created_at: OffsetDateTime,
}

struct Row {
    kind: String,
    id: Uuid,
    parent_id: Uuid,
    object_key: String,
    name: Option<String>,
    media_type: String,
    size_bytes: i64,
    checksum_sha256: Option<String>,
    uploaded_by: Uuid,
    state: String,
    created_at: OffsetDateTime,
}

impl TryFrom<Row> for UploadRow {
    type Error = DataError;

    fn try_from(row: Row) -> Result<Self, DataError> {
        let corrupt = |error: portal_domain::words::UnknownWord| DataError::Corrupt {
            table: "uploads",
            reason: error.to_string(),
        };
        Ok(Self {
            kind: row.kind.parse().map_err(corrupt)?,
            id: row.id,
            parent: row.parent_id,
            object_key: row.object_key,
            name: row.name,
            media_type: row.media_type,
            size_bytes: row.size_bytes,
            checksum_sha256: row.checksum_sha256,
            uploaded_by: row.uploaded_by,
            state: row.state.parse().map_err(corrupt)?,
            created_at: row.created_at,
        })
    }
}

/// The columns of the view, and what of it.
macro_rules! rows {
    ($rest:literal, $($argument:expr),+ $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"SELECT kind AS "kind!", id AS "id!", parent_id AS "parent_id!", object_key AS "object_key!", name,
                media_type AS "media_type!", size_bytes AS "size_bytes!", checksum_sha256,
                uploaded_by AS "uploaded_by!", state AS "state!", created_at AS "created_at!"
            FROM uploads "# + $rest,
            $($argument),+
        )
    };
}

/// The row that an object belongs to; each table is asked by the unique index on its keys.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lookup(tx: &mut Tx, object_key: &str) -> Result<Option<UploadRow>, DataError> {
    let row = rows!("WHERE object_key = $1", object_key);
    row.fetch_optional(&mut *tx)
        .await?
        .map(TryInto::try_into)
        .transpose()
}

/// Pending uploads that were announced before a time, the oldest first, after one that was seen already.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list_pending(
    tx: &mut Tx,
    before: OffsetDateTime,
    after: Option<&UploadRow>,
    limit: i64,
) -> Result<Vec<UploadRow>, DataError> {
    let rows = rows!(
        "WHERE state = 'PENDING' AND deleted_at IS NULL AND created_at < $1 AND ($2::timestamptz IS NULL OR (created_at, id) > ($2, $3))
        ORDER BY created_at, id
        LIMIT $4",
        before,
        after.map(|after| after.created_at),
        after.map(|after| after.id),
        limit,
    );
    rows.fetch_all(&mut *tx)
        .await?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
}

/// Uploads that were taken away before a time, and pictures that others had taken the place of.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list_deleted(
    tx: &mut Tx,
    before: OffsetDateTime,
    limit: i64,
) -> Result<Vec<UploadRow>, DataError> {
    let rows = rows!(
        "WHERE deleted_at < $1 ORDER BY deleted_at LIMIT $2",
        before,
        limit
    );
    rows.fetch_all(&mut *tx)
        .await?
        .into_iter()
        .map(TryInto::try_into)
        .collect()
}

/// Which of these keys have a row.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn known_keys(tx: &mut Tx, keys: &[String]) -> Result<HashSet<String>, DataError> {
    let known = sqlx::query_scalar!(
        r#"SELECT object_key AS "object_key!" FROM uploads WHERE object_key = ANY ($1)"#,
        keys,
    );
    Ok(known.fetch_all(&mut *tx).await?.into_iter().collect())
}

/// Marks an upload as stored, and makes a picture its member's unless a later one is there; false when it is not pending
/// any more, or was taken away.
///
/// # Errors
/// [`DataError`] of a query.
pub async fn mark_stored(tx: &mut Tx, upload: &UploadRow) -> Result<bool, DataError> {
    let id = upload.id;
    let marked = match upload.kind {
        UploadKind::ProjectFile => {
            sqlx::query!(
                "UPDATE project_files SET state = 'STORED' WHERE id = $1 AND state = 'PENDING' AND deleted_at IS NULL",
                id
            )
            .execute(&mut *tx)
            .await?
        }
        UploadKind::EventFile => {
            sqlx::query!(
                "UPDATE event_files SET state = 'STORED' WHERE id = $1 AND state = 'PENDING' AND deleted_at IS NULL",
                id
            )
            .execute(&mut *tx)
            .await?
        }
        UploadKind::Avatar => {
            sqlx::query!(
                "UPDATE avatars SET state = 'STORED' WHERE id = $1 AND state = 'PENDING'",
                id
            )
            .execute(&mut *tx)
            .await?
        }
    };
    let marked = marked.rows_affected() == 1;
    if marked && upload.kind == UploadKind::Avatar {
        show_avatar(tx, upload).await?;
    }
    Ok(marked)
}

/// Events come in any order: an earlier picture does not take the place of a later one.
async fn show_avatar(tx: &mut Tx, upload: &UploadRow) -> Result<(), DataError> {
    sqlx::query!(
        "UPDATE users
        SET profile_image_key = $2
        WHERE id = $1 AND deleted_at IS NULL AND NOT EXISTS (
            SELECT FROM avatars AS later
            WHERE later.user_id = $1 AND later.state = 'STORED' AND (later.created_at, later.id) > ($3, $4))",
        upload.parent,
        upload.object_key,
        upload.created_at,
        upload.id,
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// Deletes the row of an upload, if it is still in the state in which it was read; whether it did.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn remove(tx: &mut Tx, upload: &UploadRow) -> Result<bool, DataError> {
    // Ids are unique across the tables, so that one statement serves all three.
    let removed = sqlx::query_scalar!(
        r#"WITH
            project AS (DELETE FROM project_files WHERE id = $1 AND state = $2 RETURNING id),
            event AS (DELETE FROM event_files WHERE id = $1 AND state = $2 RETURNING id),
            avatar AS (DELETE FROM avatars WHERE id = $1 AND state = $2 RETURNING id)
        SELECT count(*) AS "count!"
        FROM (SELECT id FROM project UNION ALL SELECT id FROM event UNION ALL SELECT id FROM avatar) AS gone"#,
        upload.id,
        upload.state.as_str(),
    );
    Ok(removed.fetch_one(&mut *tx).await? > 0)
}
