//! Reading what an older key sealed.

use super::{Place, Position, SealedValue};
use crate::sealing::CurrentKey;
use crate::{DataError, Tx};

/// The next values of a place, after a position, that another key than the current one sealed.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn values(
    tx: &mut Tx,
    place: Place,
    key: &CurrentKey,
    after: &Position,
    limit: i64,
) -> Result<Vec<SealedValue>, DataError> {
    let header = key.header.as_slice();
    let rows = match place {
        Place::SecureData => {
            sqlx::query_as!(
                Row,
                "SELECT user_id AS id, kind, ciphertext AS sealed
                FROM secure_data
                WHERE substring(ciphertext FOR octet_length($1::bytea)) <> $1 AND (user_id, kind) > ($2, $3)
                ORDER BY user_id, kind
                LIMIT $4",
                header,
                after.id,
                after.kind,
                limit,
            )
            .fetch_all(&mut *tx)
            .await?
        }
        Place::MfaSecrets => {
            sqlx::query_as!(
                Row,
                r#"SELECT id, '' AS "kind!", mfa_secret AS "sealed!"
                FROM users
                WHERE mfa_secret IS NOT NULL AND substring(mfa_secret FOR octet_length($1::bytea)) <> $1 AND id > $2
                ORDER BY id
                LIMIT $3"#,
                header,
                after.id,
                limit,
            )
            .fetch_all(&mut *tx)
            .await?
        }
        Place::OutboxSecrets => {
            sqlx::query_as!(
                Row,
                r#"SELECT id, '' AS "kind!", secret AS "sealed!"
                FROM outbox
                WHERE state = 'PENDING' AND secret IS NOT NULL AND substring(secret FOR octet_length($1::bytea)) <> $1 AND id > $2
                ORDER BY id
                LIMIT $3"#,
                header,
                after.id,
                limit,
            )
            .fetch_all(&mut *tx)
            .await?
        }
    };
    Ok(rows.into_iter().map(SealedValue::from).collect())
}

struct Row {
    id: uuid::Uuid,
    kind: String,
    sealed: Vec<u8>,
}

impl From<Row> for SealedValue {
    fn from(row: Row) -> Self {
        Self {
            position: Position {
                id: row.id,
                kind: row.kind,
            },
            sealed: row.sealed,
        }
    }
}
