//! Courses as staff write them, under the policies of the table.

use portal_domain::course::CourseDetails;
use portal_domain::ids::{CourseId, UserId};
use portal_domain::money::Cents;

use crate::single_row::one;
use crate::{DataError, Tx};

/// Adds a course.
///
/// # Errors
/// [`DataError::Denied`] for a caller who may not, and those of the query.
pub async fn add(
    tx: &mut Tx,
    id: CourseId,
    author: UserId,
    details: &CourseDetails,
) -> Result<(), DataError> {
    let added = sqlx::query!(
        "INSERT INTO courses (
            title, description, category, difficulty, duration_minutes, price_cents, member_price_cents, completion_percent,
            certificate_valid_months, is_published, published_at, id, author_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, CASE WHEN $10 THEN now() END, $11, $12)",
        &*details.title,
        details.description.as_deref().unwrap_or_default(),
        &*details.category,
        details.difficulty.as_str(),
        details.duration_minutes,
        details.price_cents.get(),
        details.member_price_cents.map(Cents::get),
        details.completion_percent,
        details.certificate_valid_months,
        details.is_published,
        id.as_uuid(),
        author.as_uuid(),
    );
    one(added.execute(&mut *tx).await?.rows_affected())
}

/// Writes the details of a locked course. The date of the first publication stays.
///
/// # Errors
/// [`DataError::NotFound`] when it is not there, and those of the query.
pub async fn change(tx: &mut Tx, id: CourseId, details: &CourseDetails) -> Result<(), DataError> {
    let changed = sqlx::query!(
        "UPDATE courses
        SET title = $1, description = $2, category = $3, difficulty = $4, duration_minutes = $5, price_cents = $6,
            member_price_cents = $7, completion_percent = $8, certificate_valid_months = $9, is_published = $10,
            published_at = CASE WHEN $10 THEN COALESCE(published_at, now()) ELSE published_at END
        WHERE id = $11 AND deleted_at IS NULL",
        &*details.title,
        details.description.as_deref().unwrap_or_default(),
        &*details.category,
        details.difficulty.as_str(),
        details.duration_minutes,
        details.price_cents.get(),
        details.member_price_cents.map(Cents::get),
        details.completion_percent,
        details.certificate_valid_months,
        details.is_published,
        id.as_uuid(),
    );
    one(changed.execute(&mut *tx).await?.rows_affected())
}
