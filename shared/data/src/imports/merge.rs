//! From staging into the contractors, in one transaction.

use portal_domain::contractor::{SourceFormat, WarningCounts, WarningKind};
use portal_domain::ids::ImportId;
use sqlx::Connection;
use sqlx::postgres::PgConnection;
use sqlx::types::Json;
use time::Date;

use super::run::{ImportRun, RowCounts};
use crate::{DataError, maps};

/// Fewer missing rows than this are always believed.
const ALWAYS_BELIEVED: i64 = 5;

/// The share of the table, as one in this many rows, from which on a change makes the planner's statistics stale.
const STALE_SHARE: i64 = 20;

/// What to do about licences that are not in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemovalRule {
    /// Mark them as removed, unless more than this many in a hundred live licences would be.
    UpToPercent(u32),
    /// Do not mark them, for this reason.
    Refuse(String),
}

/// What to merge.
#[derive(Clone, Debug)]
pub struct Merge<'a> {
    /// The run, whole in staging.
    pub run: &'a ImportRun,
    /// The layout of its file.
    pub format: SourceFormat,
    /// The day that the file speaks of.
    pub as_of: Date,
    /// What to do about missing licences. County lists never remove any.
    pub removals: RemovalRule,
}

/// Merges a staged run and marks it as completed. Of a dry run only the counts remain.
///
/// # Errors
/// [`DataError`]; nothing has changed then.
pub async fn merge(connection: &mut PgConnection, merge: &Merge<'_>) -> Result<RowCounts, DataError> {
    let id = merge.run.id;
    let mut transaction = connection.begin().await?;
    let mut found = write(&mut transaction, merge).await?;
    if merge.run.dry_run {
        transaction.rollback().await?;
        transaction = connection.begin().await?;
        found.notes.push("dry run: nothing was changed".to_owned());
    } else {
        tidy_up(&mut transaction, &found).await?;
    }
    complete(&mut transaction, id, &found).await?;
    transaction.commit().await?;
    Ok(found.rows)
}

/// What a merge did.
struct Found {
    rows: RowCounts,
    warnings: WarningCounts,
    notes: Vec<String>,
}

impl Found {
    /// Whether any contractor has changed.
    const fn is_change(&self) -> bool {
        self.rows.inserted + self.rows.updated + self.rows.removed > 0
    }

    /// Whether so much has changed that the planner should look at the table again.
    fn is_large(&self) -> bool {
        let rows = &self.rows;
        (rows.inserted + rows.updated + rows.removed) * STALE_SHARE
            > rows.inserted + rows.updated + rows.unchanged
    }
}

/// What hangs on the contractors: the planner's statistics, and the counts by place that maps show.
async fn tidy_up(transaction: &mut PgConnection, found: &Found) -> Result<(), DataError> {
    if found.is_large() {
        sqlx::query!(r#"SELECT app.analyze_contractors()::text AS "nothing""#)
            .fetch_one(&mut *transaction)
            .await?;
    }
    if found.is_change() {
        maps::count_contractors(transaction).await?;
    }
    Ok(())
}

async fn write(transaction: &mut PgConnection, merge: &Merge<'_>) -> Result<Found, DataError> {
    let run = merge.run;
    let mut found = Found {
        rows: run.rows,
        warnings: run.warning_counts(),
        notes: Vec::new(),
    };
    sqlx::query!(r#"SELECT app.analyze_import_staging()::text AS "nothing""#)
        .fetch_one(&mut *transaction)
        .await?;
    let duplicates = drop_duplicates(transaction, run.id).await?;
    found
        .warnings
        .add(WarningKind::DuplicateLicence, duplicates.unsigned_abs());
    note_changes(transaction, merge).await?;
    found.rows.restored = count_restored(transaction, merge).await?;
    move_and_fingerprint(transaction, run.id, merge.format).await?;
    found.rows.updated = update(transaction, merge).await?;
    found.rows.inserted = insert(transaction, run.id, merge.run.dry_run).await?;
    if merge.format == SourceFormat::LicenseMaster {
        remove_missing(transaction, merge, &mut found).await?;
    }
    let rows = &mut found.rows;
    rows.unchanged = rows.read - rows.rejected - duplicates - rows.inserted - rows.updated;
    Ok(found)
}

/// Keeps the last row of each licence that the file has more than once, and says how many rows were dropped. A row that was not
/// staged, because it is what is stored already, counts too: if it is the last one, the staged ones before it must go.
async fn drop_duplicates(transaction: &mut PgConnection, id: ImportId) -> Result<i64, DataError> {
    let dropped = sqlx::query_file_scalar!("src/imports/sql/drop_duplicates.sql", id.as_uuid())
        .fetch_one(transaction)
        .await?;
    Ok(dropped)
}

async fn note_changes(transaction: &mut PgConnection, merge: &Merge<'_>) -> Result<(), DataError> {
    let id = merge.run.id.as_uuid();
    match merge.format {
        SourceFormat::LicenseMaster => {
            sqlx::query_file!("src/imports/sql/note_changes_of_master.sql", id)
                .execute(transaction)
                .await?
        }
        SourceFormat::CountyList => {
            sqlx::query_file!("src/imports/sql/note_changes_of_county.sql", id, merge.as_of)
                .execute(transaction)
                .await?
        }
    };
    Ok(())
}

/// How many of the changed rows had been removed from the source and come back. A county list that is older than the removal
/// may change such a row but does not bring it back.
async fn count_restored(transaction: &mut PgConnection, merge: &Merge<'_>) -> Result<i64, DataError> {
    let latest_removal = (merge.format == SourceFormat::CountyList).then_some(merge.as_of);
    let restored = sqlx::query_scalar!(
        r#"SELECT count(*) AS "restored!" FROM import_changes
        WHERE import_id = $1 AND (before ->> 'removed_from_source_on')::date <= COALESCE($2, 'infinity'::date)"#,
        merge.run.id.as_uuid(),
        latest_removal,
    )
    .fetch_one(transaction)
    .await?;
    Ok(restored)
}

/// Brings region and fingerprint of the known licences to what the file says. A changed region moves the contractor with it, by
/// the foreign key.
async fn move_and_fingerprint(
    transaction: &mut PgConnection,
    id: ImportId,
    format: SourceFormat,
) -> Result<(), DataError> {
    let all = format == SourceFormat::LicenseMaster;
    sqlx::query_file!("src/imports/sql/update_licences.sql", id.as_uuid(), all)
        .execute(transaction)
        .await?;
    Ok(())
}

async fn update(transaction: &mut PgConnection, merge: &Merge<'_>) -> Result<i64, DataError> {
    let id = merge.run.id.as_uuid();
    let updated = match merge.format {
        SourceFormat::LicenseMaster => {
            sqlx::query_file!("src/imports/sql/update_from_master.sql", id)
                .execute(transaction)
                .await?
        }
        SourceFormat::CountyList => {
            sqlx::query_file!("src/imports/sql/update_from_county.sql", id, merge.as_of)
                .execute(transaction)
                .await?
        }
    };
    Ok(count(updated.rows_affected()))
}

/// Adds what is new. When that is most of the table, it goes in without indexes and foreign keys, which are made again at the end
/// (`app.suspend_contractor_indexes` says when); a dry run keeps them, since
/// readers would have to wait for its rollback.
async fn insert(transaction: &mut PgConnection, id: ImportId, dry_run: bool) -> Result<i64, DataError> {
    let suspended = !dry_run
        && sqlx::query_scalar!(r#"SELECT app.suspend_contractor_indexes() AS "suspended!""#)
            .fetch_one(&mut *transaction)
            .await?;
    sqlx::query_file!("src/imports/sql/insert_licences.sql", id.as_uuid())
        .execute(&mut *transaction)
        .await?;
    let inserted = sqlx::query_file!("src/imports/sql/insert_contractors.sql", id.as_uuid())
        .execute(&mut *transaction)
        .await?;
    if suspended {
        sqlx::query!(r#"SELECT app.resume_contractor_indexes()::text AS "nothing""#)
            .fetch_one(transaction)
            .await?;
    }
    Ok(count(inserted.rows_affected()))
}

/// Marks what vanished from the source, or says why not.
async fn remove_missing(
    transaction: &mut PgConnection,
    merge: &Merge<'_>,
    found: &mut Found,
) -> Result<(), DataError> {
    let id = merge.run.id.as_uuid();
    let missing = sqlx::query_file_scalar!("src/imports/sql/count_missing.sql", id)
        .fetch_one(&mut *transaction)
        .await?;
    if missing == 0 {
        return Ok(());
    }
    if let Some(refusal) = refusal(transaction, merge, missing).await? {
        found.rows.removals_refused = missing;
        found.notes.push(refusal);
        return Ok(());
    }
    sqlx::query_file!("src/imports/sql/note_removals.sql", id)
        .execute(&mut *transaction)
        .await?;
    let removed = sqlx::query_file!("src/imports/sql/mark_removed.sql", id, merge.as_of)
        .execute(&mut *transaction)
        .await?;
    found.rows.removed = count(removed.rows_affected());
    Ok(())
}

async fn refusal(
    transaction: &mut PgConnection,
    merge: &Merge<'_>,
    missing: i64,
) -> Result<Option<String>, DataError> {
    let percent = match &merge.removals {
        RemovalRule::Refuse(reason) => {
            return Ok(Some(format!(
                "{missing} licences are missing from the file but stay: {reason}"
            )));
        }
        RemovalRule::UpToPercent(_) if missing <= ALWAYS_BELIEVED => return Ok(None),
        RemovalRule::UpToPercent(percent) => i64::from(*percent),
    };
    let live = sqlx::query_scalar!(
        r#"SELECT count(*) AS "live!" FROM california_contractors
        WHERE removed_from_source_on IS NULL AND first_import_id IS DISTINCT FROM $1"#,
        merge.run.id.as_uuid(),
    )
    .fetch_one(transaction)
    .await?;
    if missing * 100 <= live * percent {
        return Ok(None);
    }
    Ok(Some(format!(
        "{missing} of {live} licences are missing from the file but stay: more than {percent} % at once points to a cut file; \
         if the file is right, raise PORTAL_IMPORT_MAX_REMOVED_PERCENT and import it again"
    )))
}

/// Marks the run as completed and empties staging, in the transaction of the merge.
async fn complete(transaction: &mut PgConnection, id: ImportId, found: &Found) -> Result<(), DataError> {
    let rows = &found.rows;
    sqlx::query_file!(
        "src/imports/sql/complete_run.sql",
        id.as_uuid(),
        rows.inserted,
        rows.updated,
        rows.unchanged,
        rows.removed,
        rows.restored,
        rows.removals_refused,
        Json(found.warnings.by_name()) as _,
        &found.notes,
    )
    .execute(&mut *transaction)
    .await?;
    sqlx::query!("TRUNCATE import_staging, import_seen")
        .execute(transaction)
        .await?;
    Ok(())
}

fn count(rows: u64) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
