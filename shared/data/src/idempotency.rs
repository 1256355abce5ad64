//! Answers to POSTs, kept so that a retry gets the same one; in the transaction of the work itself, so that there is never one
//! without the other.

use crate::{DataError, Tx};

/// An answer as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAnswer {
    /// The HTTP status.
    pub status: u16,
    /// Header names and values.
    pub headers: Vec<(String, String)>,
    /// The body's bytes.
    pub body: Vec<u8>,
}

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Nothing: the work is to be done in this transaction, and its answer kept.
    New,
    /// The work was done; this was the answer.
    Done(KeptAnswer),
    /// The key was used for another body.
    OtherRequest,
    /// A request with this key is still running.
    Running,
}

/// Claims a key of the caller for an operation until the transaction ends. `digest` is SHA-256 of the request.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn claim(tx: &mut Tx, operation: &str, key: &str, digest: &[u8]) -> Result<Claim, DataError> {
    let found = sqlx::query!(
        r#"SELECT outcome AS "outcome!", status, headers, body FROM app.claim_idempotency_key($1, $2, $3)"#,
        operation,
        key,
        digest,
    )
    .fetch_one(&mut *tx)
    .await?;
    match (found.outcome.as_str(), found.status) {
        ("NEW", _) => Ok(Claim::New),
        ("RUNNING", _) => Ok(Claim::Running),
        ("OTHER_REQUEST", _) => Ok(Claim::OtherRequest),
        (_, Some(status)) => Ok(Claim::Done(KeptAnswer {
            status: u16::try_from(status).map_err(|_| corrupt("its status is no HTTP status"))?,
            headers: serde_json::from_value(found.headers.unwrap_or_default())
                .map_err(|_| corrupt("its headers are no pairs of text"))?,
            body: found.body.unwrap_or_default(),
        })),
        _ => Err(corrupt("it has no status")),
    }
}

/// Keeps the answer for 24 hours, under a key that this transaction has claimed.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn keep(
    tx: &mut Tx,
    operation: &str,
    key: &str,
    digest: &[u8],
    answer: &KeptAnswer,
) -> Result<(), DataError> {
    let headers = serde_json::to_value(&answer.headers).unwrap_or_default();
    sqlx::query!(
        "INSERT INTO idempotency_keys (user_id, operation, key, request_hash, status, headers, body, expires_at)
        VALUES (app.user_id(), $1, $2, $3, $4, $5, $6, now() + interval '24 hours')",
        operation,
        key,
        digest,
        i32::from(answer.status),
        headers,
        answer.body,
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

fn corrupt(reason: &str) -> DataError {
    DataError::Corrupt {
        table: "idempotency_keys",
        reason: reason.to_owned(),
    }
}
