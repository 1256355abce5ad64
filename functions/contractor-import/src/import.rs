//! One run, from where it stands to its end.

use portal_data::imports::{self, ImportConnection, ImportRun, Merge, RemovalRule, Resumption};
use portal_data::search;
use portal_domain::contractor::{ImportState, SourceFormat, WarningKind};
use portal_domain::ids::ImportId;
use portal_domain::search::SearchType;
use portal_jobs::{Deadline, ObjectHead, ObjectKey, ObjectStore};
use time::{Date, Duration, OffsetDateTime};

use crate::error::ImportError;
use crate::load::{Loaded, load};
use crate::report::write_rejects;
use crate::settings::Settings;
use crate::source::{Source, open, open_at};

/// A run that has not got on for so long is given up, so that it does not stand before others for ever.
const PATIENCE: Duration = Duration::hours(24);

/// How a run was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    /// Completed or failed.
    Ended,
    /// At a checkpoint, since the deadline came.
    Paused,
}

/// What importing needs besides a connection.
#[derive(Clone, Debug)]
pub(crate) struct Tools {
    /// Where objects are.
    pub(crate) store: ObjectStore,
    /// What can be set.
    pub(crate) settings: Settings,
    /// When to stop.
    pub(crate) deadline: Deadline,
}

/// Works on a run until it ends or the deadline comes. Hopeless input ends it as failed. The caller holds the lock.
///
/// # Errors
/// [`ImportError::Passing`]: the run stands at its last checkpoint.
pub(crate) async fn import(
    connection: &mut ImportConnection,
    tools: &Tools,
    id: ImportId,
) -> Result<Left, ImportError> {
    let Some(run) = imports::lookup(connection, id).await? else {
        return Err(ImportError::Hopeless(format!("there is no import {id}")));
    };
    imports::count_invocation(connection, id).await?;
    match attempt(connection, tools, run).await {
        Err(ImportError::Hopeless(reason)) => {
            tracing::warn!(import_id = %id, reason, "the import has failed for good");
            imports::fail(connection, id, &reason).await?;
            Ok(Left::Ended)
        }
        outcome => outcome,
    }
}

async fn attempt(
    connection: &mut ImportConnection,
    tools: &Tools,
    run: ImportRun,
) -> Result<Left, ImportError> {
    let now = OffsetDateTime::now_utc();
    if run.state != ImportState::Queued && run.heartbeat_at.is_some_and(|beat| now - beat > PATIENCE) {
        return Err(ImportError::Hopeless(
            "it has not got on for a day; import the file again".to_owned(),
        ));
    }
    let version = Some(run.object_version.clone()).filter(|version| !version.is_empty());
    let object = ObjectKey {
        bucket: run.bucket.clone(),
        key: run.object_key.clone(),
        version,
    };
    let head = tools.store.head(&object).await?;
    if head.size == 0 {
        return Err(ImportError::Hopeless("the object is empty".to_owned()));
    }
    let same_object = run.etag.as_deref() == Some(head.etag.as_str());
    let resumption = if same_object {
        imports::resume(connection, &run).await?
    } else {
        Resumption::Beginning
    };
    let run = match resumption {
        Resumption::Checkpoint => run,
        Resumption::Beginning => begin(connection, run.id, &head).await?,
    };
    if run.state == ImportState::Merging {
        return finish(connection, tools, run).await;
    }
    let offset = u64::try_from(run.byte_offset).unwrap_or(0);
    let lines = u64::try_from(run.line_number).unwrap_or(0);
    let source = match resumption {
        Resumption::Checkpoint => open_at(&tools.store, &object, &head, offset, lines).await?,
        Resumption::Beginning => open(&tools.store, &object, &head).await?,
    };
    stage(connection, tools, run, source, &head).await
}

async fn begin(
    connection: &mut ImportConnection,
    id: ImportId,
    head: &ObjectHead,
) -> Result<ImportRun, ImportError> {
    let source = imports::Source {
        etag: &head.etag,
        bytes: i64::try_from(head.size).unwrap_or(i64::MAX),
        dry_run: head
            .metadata
            .get("dry-run")
            .is_some_and(|value| value.eq_ignore_ascii_case("true")),
        uploaded_at: head.last_modified,
    };
    imports::start(connection, id, source).await?;
    known(connection, id).await
}

/// Reads the file into staging, and goes on to its end unless the deadline has come.
async fn stage(
    connection: &mut ImportConnection,
    tools: &Tools,
    run: ImportRun,
    source: Source,
    head: &ObjectHead,
) -> Result<Left, ImportError> {
    let id = run.id;
    let format = source.layout.format();
    let written = head
        .last_modified
        .map_or_else(|| OffsetDateTime::now_utc().date(), OffsetDateTime::date);
    let on_date = async |connection: &mut ImportConnection, day: Date| {
        describe(connection, id, format, day, written).await
    };
    let staged = load(connection, &run, source, tools.deadline, on_date).await?;
    let Loaded::Whole(day) = staged else {
        return Ok(Left::Paused);
    };
    describe(connection, id, format, day.unwrap_or(written), written).await?;
    let run = known(connection, id).await?;
    if run.rows.read == 0 {
        return Err(ImportError::Hopeless(
            "the file has a header but no rows".to_owned(),
        ));
    }
    imports::begin_merging(connection, id).await?;
    if tools.deadline.has_come() {
        return Ok(Left::Paused);
    }
    let run = known(connection, id).await?;
    finish(connection, tools, run).await
}

/// Notes layout and date, and refuses a file that a newer one has overtaken. A date that lies in the future, or that no row has, is
/// replaced by the day on which the object was written: believed, it would bar every later file.
async fn describe(
    connection: &mut ImportConnection,
    id: ImportId,
    format: SourceFormat,
    day: Date,
    written: Date,
) -> Result<(), ImportError> {
    let believable = day <= written.saturating_add(Duration::days(2));
    if !believable {
        let note =
            format!("the rows carry the date {day}, which lies in the future: {written} is taken instead");
        imports::note(connection, id, &note).await?;
    }
    imports::describe(connection, id, format, if believable { day } else { written }).await?;
    let run = known(connection, id).await?;
    refuse_superseded(connection, &run).await
}

async fn refuse_superseded(connection: &mut ImportConnection, run: &ImportRun) -> Result<(), ImportError> {
    let (Some(format), Some(as_of)) = (run.format, run.as_of) else {
        return Ok(());
    };
    match imports::find_superseding(connection, run, format, as_of).await? {
        None => Ok(()),
        Some(newer) => {
            let day = newer
                .as_of
                .map_or_else(|| "an unknown day".to_owned(), |day| day.to_string());
            Err(ImportError::Hopeless(format!(
                "superseded: import {} of {} ({day}) is newer than this file ({as_of}) and was completed before it; nothing was \
                 changed",
                newer.id, newer.object_key
            )))
        }
    }
}

/// Writes the rejects and merges what is staged.
async fn finish(
    connection: &mut ImportConnection,
    tools: &Tools,
    run: ImportRun,
) -> Result<Left, ImportError> {
    let (Some(format), Some(as_of)) = (run.format, run.as_of) else {
        return Err(ImportError::Passing(format!(
            "import {} is whole in staging but has no date",
            run.id
        )));
    };
    refuse_superseded(connection, &run).await?;
    if !run.dry_run {
        write_rejects(connection, &tools.store, &run).await?;
    }
    let cut = run.warning_counts().count(WarningKind::CutFile) > 0;
    let removals = if cut {
        RemovalRule::Refuse("the file ends in the middle of a row, so more of it may be missing".to_owned())
    } else {
        RemovalRule::UpToPercent(tools.settings.max_removed_percent)
    };
    let merge = Merge {
        run: &run,
        format,
        as_of,
        removals,
    };
    let rows = imports::merge(connection, &merge).await?;
    if !run.dry_run && rows.inserted + rows.updated + rows.removed > 0 {
        learn_words(connection).await;
    }
    Ok(Left::Ended)
}

/// Brings the dictionary of the search up to date. What was imported stands without it, and the nightly upkeep does it again: a
/// failure is logged and no more.
pub(crate) async fn learn_words(connection: &mut ImportConnection) {
    if let Err(error) = search::refresh_terms(connection, &[SearchType::Contractor]).await {
        tracing::warn!(%error, "the dictionary of the search was not brought up to date");
    }
}

async fn known(connection: &mut ImportConnection, id: ImportId) -> Result<ImportRun, ImportError> {
    let run = imports::lookup(connection, id).await?;
    run.ok_or_else(|| ImportError::Passing(format!("the record of import {id} is gone")))
}
