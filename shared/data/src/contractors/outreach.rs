//! How far staff have come with each contractor; the database shows it to nobody else.

use portal_domain::contractor::{LicenceNumber, OutreachStatus};
use portal_domain::ids::UserId;
use portal_domain::listing::Moment;

use super::row::{TABLE, read};
use crate::{DataError, Tx};

/// Where the talk with one firm stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outreach {
    /// The firm's licence.
    pub license_number: LicenceNumber,
    /// How far it has come.
    pub status: OutreachStatus,
    /// What staff have written about it.
    pub notes: Option<String>,
    /// When that was last changed.
    pub updated_at: Option<Moment>,
    /// By whom.
    pub updated_by: Option<UserId>,
}

/// The same, with the number of its changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionedOutreach {
    /// Where the talk stands.
    pub outreach: Outreach,
    /// Counts its changes.
    pub version: i32,
}

/// The outreach to these firms; none for a caller without the permission.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list_outreach(tx: &mut Tx, numbers: &[String]) -> Result<Vec<Outreach>, DataError> {
    let rows = sqlx::query!(
        r#"SELECT license_number AS "license_number!", outreach_status AS "outreach_status!", outreach_notes,
            outreach_updated_at, outreach_updated_by
        FROM contractor_outreach
        WHERE license_number = ANY ($1)"#,
        numbers,
    )
    .fetch_all(&mut *tx)
    .await?;
    let outreach = rows.into_iter().map(|row| {
        Ok(Outreach {
            license_number: read(&row.license_number)?,
            status: word(&row.outreach_status)?,
            notes: row.outreach_notes,
            updated_at: row.outreach_updated_at.map(Moment),
            updated_by: row.outreach_updated_by.map(UserId::from),
        })
    });
    outreach.collect()
}

/// Takes hold of the outreach to one firm; nothing where there is no such licence, or the caller lacks the permission.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lock_outreach(
    tx: &mut Tx,
    number: &LicenceNumber,
) -> Result<Option<VersionedOutreach>, DataError> {
    let row = sqlx::query!(
        "SELECT license_number, outreach_status, outreach_notes, outreach_updated_at, outreach_updated_by, outreach_version
        FROM california_contractors
        WHERE license_number = $1
        FOR UPDATE",
        number.as_str(),
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(VersionedOutreach {
        outreach: Outreach {
            license_number: read(&row.license_number)?,
            status: word(&row.outreach_status)?,
            notes: row.outreach_notes,
            updated_at: row.outreach_updated_at.map(Moment),
            updated_by: row.outreach_updated_by.map(UserId::from),
        },
        version: row.outreach_version,
    }))
}

/// Writes the outreach to one firm, as the caller's doing.
///
/// # Errors
/// [`DataError::NotFound`] where there is no such licence or the caller lacks the permission, and those of the query.
pub async fn change_outreach(
    tx: &mut Tx,
    number: &LicenceNumber,
    status: OutreachStatus,
    notes: Option<&str>,
) -> Result<(), DataError> {
    let done = sqlx::query!(
        "UPDATE california_contractors
        SET outreach_status = $2, outreach_notes = $3, outreach_updated_at = now(), outreach_updated_by = app.user_id(),
            outreach_version = outreach_version + 1
        WHERE license_number = $1",
        number.as_str(),
        status.as_str(),
        notes,
    )
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() == 1 {
        Ok(())
    } else {
        Err(DataError::NotFound)
    }
}

fn word(text: &str) -> Result<OutreachStatus, DataError> {
    text.parse().map_err(|_| DataError::Corrupt {
        table: TABLE,
        reason: format!("{text:?} is no status of outreach"),
    })
}
