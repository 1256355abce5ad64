//! Courses that a transaction has taken hold of.

use portal_domain::course::CourseDetails;
use portal_domain::ids::CourseId;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::row::TABLE;
use crate::{DataError, Tx};

/// A course that this transaction alone can change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedCourse {
    /// Its id.
    pub id: CourseId,
    /// The row's version.
    pub version: i32,
    /// What staff wrote.
    pub details: CourseDetails,
}

/// Keeps the modules of a course as they are until the transaction ends; `alone` waits to change them. Taken before any row, so that
/// nobody waits for each other in a circle.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn hold(tx: &mut Tx, id: CourseId, alone: bool) -> Result<(), DataError> {
    sqlx::query!(
        r#"SELECT app.hold_course($1, $2)::text AS "nothing""#,
        id.as_uuid(),
        alone
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok(())
}

/// Takes hold of a course and its modules for a change; nothing where the caller may not change it.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn lock(tx: &mut Tx, id: CourseId) -> Result<Option<LockedCourse>, DataError> {
    hold(tx, id, true).await?;
    let row = sqlx::query!(
        "SELECT title, description, category, difficulty, duration_minutes, price_cents, member_price_cents, completion_percent,
            certificate_valid_months, is_published, version
        FROM courses
        WHERE id = $1 AND deleted_at IS NULL
        FOR UPDATE",
        id.as_uuid(),
    );
    let Some(row) = row.fetch_optional(&mut *tx).await? else {
        return Ok(None);
    };
    let details = CourseDetails {
        title: typed(json!(row.title))?,
        description: typed(json!(
            Some(row.description).filter(|text| !text.trim().is_empty())
        ))?,
        category: typed(json!(row.category))?,
        difficulty: typed(json!(row.difficulty))?,
        duration_minutes: row.duration_minutes,
        price_cents: typed(json!(row.price_cents))?,
        member_price_cents: typed(json!(row.member_price_cents))?,
        completion_percent: row.completion_percent,
        certificate_valid_months: row.certificate_valid_months,
        is_published: row.is_published,
    };
    Ok(Some(LockedCourse {
        id,
        version: row.version,
        details,
    }))
}

/// Reads a value that the table's checks should have kept readable.
pub(super) fn typed<T: DeserializeOwned>(value: Value) -> Result<T, DataError> {
    serde_json::from_value(value).map_err(|error| TABLE.corrupt(&error))
}
