//! Taking rows up to send them.

use std::time::Duration;

use portal_domain::ids::UserId;
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use super::sealing_context;
use crate::sealing::{Sealer, SealingError};
use crate::{DataError, Tx};

/// The right to work on a row, until it lapses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The row: also the mail's stable id, which it carries however often it is sent.
    pub id: Uuid,
    /// How often the row has been taken up, this time included.
    pub attempts: u32,
    /// The database's time when it lapses; tells this claim from a later one.
    until: OffsetDateTime,
}

impl Claim {
    pub(super) const fn until(&self) -> OffsetDateTime {
        self.until
    }
}

/// A mail that a run has claimed.
pub struct ClaimedMail {
    /// The claim.
    pub claim: Claim,
    /// A `portal_domain::mail::MailKind`, as text: a row may be of a kind that this version does not know.
    pub kind: String,
    /// The address.
    pub recipient: String,
    /// What its words need.
    pub payload: Value,
    /// The first name of the account that it is about.
    pub first_name: Option<String>,
    /// Whether that account has been deleted since.
    pub account_deleted: bool,
    /// That account.
    pub user_id: Option<UserId>,
    /// What its owner wants to be told of, as the profile keeps it.
    pub preferences: Value,
    /// Until when its owner wants to hear of nothing that can wait, if now is such a time.
    pub quiet_until: Option<OffsetDateTime>,
    /// Whether it is about something that may have changed since it was written.
    pub may_be_moot: bool,
    sealed: Option<Vec<u8>>,
}

impl ClaimedMail {
    /// The token or code that the mail carries.
    ///
    /// # Errors
    /// [`SealingError`] when the keys cannot be had, or do not open it.
    pub async fn secret(&self, sealer: &Sealer) -> Result<Option<String>, SealingError> {
        let Some(sealed) = &self.sealed else {
            return Ok(None);
        };
        let plain = sealer.open(&sealing_context(self.claim.id), sealed).await?;
        String::from_utf8(plain)
            .map(Some)
            .map_err(|_| SealingError::Malformed)
    }
}

/// Claims up to `limit` due mails for as long as `lease`: those about sign-ins first, those that go to very many last, and in each lane the
/// oldest first; a quarter is left to the later lanes. Rows that another run has claimed, or is claiming, are left out. The claim counts
/// once the transaction is committed.
///
/// # Errors
/// [`DataError`] of the statement.
pub async fn claim(tx: &mut Tx, limit: u32, lease: Duration) -> Result<Vec<ClaimedMail>, DataError> {
    let lease = i64::try_from(lease.as_millis()).unwrap_or(i64::MAX);
    let rows = sqlx::query_file!("src/outbox/claim.sql", i64::from(limit), lease)
        .fetch_all(&mut *tx)
        .await?;
    let claimed = rows.into_iter().map(|row| ClaimedMail {
        claim: Claim {
            id: row.id,
            attempts: u32::try_from(row.attempts).unwrap_or(0),
            until: row.claimed_until,
        },
        kind: row.kind,
        recipient: row.recipient,
        payload: row.payload,
        first_name: row.first_name,
        account_deleted: row.account_deleted,
        user_id: row.user_id.map(UserId::from),
        preferences: row.preferences,
        quiet_until: row.quiet_until,
        may_be_moot: row.about.is_some(),
        sealed: row.secret,
    });
    Ok(claimed.collect())
}

/// Whether what a claimed mail says is so still. Asked right before it is sent, since it may have waited long.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn stands(tx: &mut Tx, claim: &Claim) -> Result<bool, DataError> {
    let stands = sqlx::query_file_scalar!("src/outbox/stands.sql", claim.id);
    Ok(stands.fetch_optional(&mut *tx).await?.unwrap_or(true))
}
