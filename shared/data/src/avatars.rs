//! Members' pictures before they are stored.

use portal_domain::file::Declared;
use portal_domain::ids::{FileId, UserId};

use crate::{DataError, Tx};

/// Announces the picture of the caller. It is shown once its bytes are there.
///
/// # Errors
/// [`DataError::Denied`] for another's account, and those of the query.
pub async fn add(
    tx: &mut Tx,
    id: FileId,
    user: UserId,
    object_key: &str,
    declared: &Declared,
) -> Result<(), DataError> {
    sqlx::query!(
        "INSERT INTO avatars (id, user_id, object_key, media_type, size_bytes, checksum_sha256)
        VALUES ($1, $2, $3, $4, $5, $6)",
        id.as_uuid(),
        user.as_uuid(),
        object_key,
        declared.media_type,
        declared.size_bytes,
        declared.checksum.as_str(),
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// The key that an announced picture of the caller's will have; none once it was swept.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lookup_key(tx: &mut Tx, id: FileId) -> Result<Option<String>, DataError> {
    let key = sqlx::query_scalar!("SELECT object_key FROM avatars WHERE id = $1", id.as_uuid());
    Ok(key.fetch_optional(&mut *tx).await?)
}
