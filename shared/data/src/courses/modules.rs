//! The modules of a course, in their order. Who changes them has locked the course.

use portal_domain::course::{MOST_MODULES, ModuleDetails};
use portal_domain::ids::{CourseId, ModuleId};
use portal_domain::listing::ModuleListing;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::locked::typed;
use super::row::ModuleRow;
use crate::single_row::one;
use crate::{DataError, Tx};

/// Where a list of modules goes on: after this place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModulePosition(i32);

impl ModulePosition {
    /// Where a list goes on after this module.
    #[must_use]
    pub const fn after(module: &ModuleListing) -> Self {
        Self(module.position)
    }
}

/// A module that this transaction alone can change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedModule {
    /// Its place.
    pub position: i32,
    /// The row's version.
    pub version: i32,
    /// What staff wrote.
    pub details: ModuleDetails,
}

/// A page of the modules of a course that the caller may see, in their order.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn list_modules(
    tx: &mut Tx,
    course: CourseId,
    after: Option<ModulePosition>,
    limit: i64,
) -> Result<Vec<ModuleListing>, DataError> {
    let rows = sqlx::query_as!(
        ModuleRow,
        r#"SELECT id AS "id!", course_id AS "course_id!", position AS "position!", title AS "title!", content, duration_minutes,
            is_required AS "is_required!", created_at AS "created_at!", updated_at AS "updated_at!", version AS "version!"
        FROM module_listings
        WHERE course_id = $1 AND position > $2
        ORDER BY position
        LIMIT $3"#,
        course.as_uuid(),
        after.map_or(0, |after| after.0),
        limit,
    );
    let rows = rows.fetch_all(&mut *tx).await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// How many modules a course has that the caller may see.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn count_modules(tx: &mut Tx, course: CourseId) -> Result<i64, DataError> {
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM module_listings WHERE course_id = $1"#,
        course.as_uuid()
    );
    Ok(count.fetch_one(&mut *tx).await?)
}

/// A module of a course, if the caller may see it.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lookup_module(
    tx: &mut Tx,
    course: CourseId,
    id: ModuleId,
) -> Result<Option<ModuleListing>, DataError> {
    let row = sqlx::query_as!(
        ModuleRow,
        r#"SELECT id AS "id!", course_id AS "course_id!", position AS "position!", title AS "title!", content, duration_minutes,
            is_required AS "is_required!", created_at AS "created_at!", updated_at AS "updated_at!", version AS "version!"
        FROM module_listings
        WHERE course_id = $1 AND id = $2"#,
        course.as_uuid(),
        id.as_uuid(),
    );
    Ok(row.fetch_optional(&mut *tx).await?.map(Into::into))
}

/// Takes hold of a module of a locked course.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lock_module(
    tx: &mut Tx,
    course: CourseId,
    id: ModuleId,
) -> Result<Option<LockedModule>, DataError> {
    let row = sqlx::query!(
        "SELECT position, title, content, duration_minutes, is_required, version
        FROM course_modules
        WHERE course_id = $1 AND id = $2
        FOR UPDATE",
        course.as_uuid(),
        id.as_uuid(),
    );
    let Some(row) = row.fetch_optional(&mut *tx).await? else {
        return Ok(None);
    };
    let details = ModuleDetails {
        title: typed(json!(row.title))?,
        content: typed(json!(Some(row.content).filter(|text| !text.trim().is_empty())))?,
        duration_minutes: row.duration_minutes,
        is_required: row.is_required,
    };
    Ok(Some(LockedModule {
        position: row.position,
        version: row.version,
        details,
    }))
}

/// Adds a module at the end of a locked course.
///
/// # Errors
/// [`DataError::Refused`] when it has as many as there may be, and those of the queries.
pub async fn add_module(
    tx: &mut Tx,
    course: CourseId,
    id: ModuleId,
    details: &ModuleDetails,
) -> Result<(), DataError> {
    let there = count_modules(tx, course).await?;
    if usize::try_from(there).is_ok_and(|there| there >= MOST_MODULES) {
        return Err(DataError::Refused {
            reason: format!("A course has at most {MOST_MODULES} modules."),
        });
    }
    let added = sqlx::query!(
        "INSERT INTO course_modules (id, course_id, position, title, content, duration_minutes, is_required)
        SELECT $1, $2, COALESCE(max(position), 0) + 1, $3, $4, $5, $6 FROM course_modules WHERE course_id = $2",
        id.as_uuid(),
        course.as_uuid(),
        &*details.title,
        details.content.as_deref().unwrap_or_default(),
        details.duration_minutes,
        details.is_required,
    );
    one(added.execute(&mut *tx).await?.rows_affected())
}

/// Writes the details of a locked module.
///
/// # Errors
/// [`DataError::NotFound`] when it is not there, and those of the query.
pub async fn change_module(tx: &mut Tx, id: ModuleId, details: &ModuleDetails) -> Result<(), DataError> {
    let changed = sqlx::query!(
        "UPDATE course_modules SET title = $2, content = $3, duration_minutes = $4, is_required = $5 WHERE id = $1",
        id.as_uuid(),
        &*details.title,
        details.content.as_deref().unwrap_or_default(),
        details.duration_minutes,
        details.is_required,
    );
    one(changed.execute(&mut *tx).await?.rows_affected())
}

/// Takes a locked module away; those behind it move up.
///
/// # Errors
/// [`DataError::NotFound`] when it is not there, and those of the queries.
pub async fn remove_module(
    tx: &mut Tx,
    course: CourseId,
    id: ModuleId,
    position: i32,
) -> Result<(), DataError> {
    let removed = sqlx::query!(
        "DELETE FROM course_modules WHERE course_id = $1 AND id = $2",
        course.as_uuid(),
        id.as_uuid()
    );
    one(removed.execute(&mut *tx).await?.rows_affected())?;
    sqlx::query!(
        "UPDATE course_modules SET position = position - 1 WHERE course_id = $1 AND position > $2",
        course.as_uuid(),
        position,
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// Puts the modules of a locked course in another order.
///
/// # Errors
/// [`DataError::Refused`] when these are not its modules, each once, and those of the queries.
pub async fn order_modules(tx: &mut Tx, course: CourseId, ids: &[ModuleId]) -> Result<(), DataError> {
    let wanted: Vec<Uuid> = ids.iter().map(|id| id.as_uuid()).collect();
    let agrees = sqlx::query_scalar!(
        r#"SELECT COALESCE(array_agg(id ORDER BY id), '{}') = (SELECT COALESCE(array_agg(w ORDER BY w), '{}') FROM unnest($2::uuid[]) AS w)
            AS "agrees!"
        FROM course_modules
        WHERE course_id = $1"#,
        course.as_uuid(),
        &wanted,
    );
    if !agrees.fetch_one(&mut *tx).await? {
        return Err(DataError::Refused {
            reason: "The order names each module of the course once, and no other.".to_owned(),
        });
    }
    sqlx::query!(
        "UPDATE course_modules AS m SET position = w.place
        FROM unnest($2::uuid[]) WITH ORDINALITY AS w (id, place)
        WHERE m.course_id = $1 AND m.id = w.id AND m.position <> w.place",
        course.as_uuid(),
        &wanted,
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}
