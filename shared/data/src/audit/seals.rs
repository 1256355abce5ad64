//! The record of the seals. Their copies in S3, which nobody can rewrite, are what they are compared with.

use time::{Date, OffsetDateTime};

use super::digest::Digest;
use crate::{DataError, Tx};

/// The seal of one UTC day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// The day.
    pub day: Date,
    /// Rows that the digest is over.
    pub row_count: i64,
    /// The digest of the day.
    pub digest: Digest,
    /// The digest of the day before; none for the first day of all.
    pub previous: Option<Digest>,
    /// Where its copy lies in the backups bucket.
    pub object_key: String,
    /// When it was made.
    pub sealed_at: OffsetDateTime,
}

struct Row {
    day: Date,
    row_count: i64,
    digest: Vec<u8>,
    previous_digest: Option<Vec<u8>>,
    object_key: String,
    sealed_at: OffsetDateTime,
}

impl TryFrom<Row> for Seal {
    type Error = DataError;

    fn try_from(row: Row) -> Result<Self, DataError> {
        let digest = |bytes: &[u8]| {
            Digest::try_from(bytes).map_err(|error| DataError::Corrupt {
                table: "audit_seals",
                reason: format!("the digest of {}: {error}", row.day),
            })
        };
        Ok(Self {
            day: row.day,
            row_count: row.row_count,
            digest: digest(&row.digest)?,
            previous: row.previous_digest.as_deref().map(digest).transpose()?,
            object_key: row.object_key,
            sealed_at: row.sealed_at,
        })
    }
}

/// The newest seal.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn last(tx: &mut Tx) -> Result<Option<Seal>, DataError> {
    let row = sqlx::query_as!(
        Row,
        "SELECT day, row_count, digest, previous_digest, object_key, sealed_at
        FROM audit_seals
        ORDER BY day DESC
        LIMIT 1"
    )
    .fetch_optional(&mut *tx)
    .await?;
    row.map(Seal::try_from).transpose()
}

/// All seals by day: some hundred for each year.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list(tx: &mut Tx) -> Result<Vec<Seal>, DataError> {
    let rows = sqlx::query_as!(
        Row,
        "SELECT day, row_count, digest, previous_digest, object_key, sealed_at
        FROM audit_seals
        ORDER BY day"
    )
    .fetch_all(&mut *tx)
    .await?;
    rows.into_iter().map(Seal::try_from).collect()
}

/// Records a seal.
///
/// # Errors
/// [`DataError::Conflict`] when the day has one.
pub async fn add(tx: &mut Tx, seal: &Seal) -> Result<(), DataError> {
    sqlx::query!(
        "INSERT INTO audit_seals (day, row_count, digest, previous_digest, object_key, sealed_at)
        VALUES ($1, $2, $3, $4, $5, $6)",
        seal.day,
        seal.row_count,
        seal.digest.as_bytes().as_slice(),
        seal.previous.as_ref().map(|digest| digest.as_bytes().as_slice()),
        seal.object_key,
        seal.sealed_at,
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}
