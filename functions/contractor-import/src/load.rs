//! From the object into staging: one task reads and normalises, while the other hands finished parts to the database.

use portal_data::imports::{self, Chunk, ImportConnection, ImportRun};
use portal_domain::contractor::WarningKind;
use portal_jobs::{Deadline, ObjectError};
use time::Date;
use tokio::sync::mpsc;

use crate::error::ImportError;
use crate::part::{Part, Totals};
use crate::source::Source;
use crate::split::Split;

/// How reading ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// At the end of the file.
    Whole,
    /// At the deadline, behind a part.
    Paused,
}

/// A part on its way to the database.
struct Message {
    chunk: Chunk,
    /// The date that the rows so far carry.
    as_of: Option<Date>,
}

/// What loading came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loaded {
    /// The file is staged whole. The date is that of its rows; none when no row has one.
    Whole(Option<Date>),
    /// The deadline came; the run goes on from its checkpoint in another invocation.
    Paused,
}

/// Stages a file from where its source stands, part by part. After the first part, `on_date` is told what date the rows carry.
///
/// # Errors
/// [`ImportError`]; the run stands at its last checkpoint then. Errors of `on_date` end the load.
pub(crate) async fn load(
    connection: &mut ImportConnection,
    run: &ImportRun,
    source: Source,
    deadline: Deadline,
    on_date: impl AsyncFn(&mut ImportConnection, Date) -> Result<(), ImportError>,
) -> Result<Loaded, ImportError> {
    let totals = Totals {
        read: run.rows.read,
        rejected: run.rows.rejected,
        warnings: run.warning_counts(),
        as_of: run.as_of,
    };
    let part = Part::new(run.id, totals);
    // One part waits while another is written: memory holds three with the one being gathered.
    let (sender, mut receiver) = mpsc::channel(1);
    let reader = tokio::spawn(read(source, part, sender, deadline));
    let mut position = run.byte_offset;
    let mut date = run.as_of;
    while let Some(Message { chunk, as_of }) = receiver.recv().await {
        imports::stage(connection, run.id, position, &chunk).await?;
        position = chunk.checkpoint.byte_offset;
        if let (None, Some(day)) = (date, as_of) {
            on_date(connection, day).await?;
        }
        date = as_of;
    }
    match reader.await {
        Ok(Ok(End::Whole)) => Ok(Loaded::Whole(date)),
        Ok(Ok(End::Paused)) => Ok(Loaded::Paused),
        Ok(Err(error)) => Err(error.into()),
        Err(error) => Err(ImportError::Passing(format!(
            "the reading task ended early: {error}"
        ))),
    }
}

/// Reads records into parts until the file or the time ends. Ends early and silently when nobody takes the parts any more: then
/// the database has failed, and that is what is reported.
async fn read(
    mut source: Source,
    mut part: Part,
    sender: mpsc::Sender<Message>,
    deadline: Deadline,
) -> Result<End, ObjectError> {
    let mut cut = false;
    loop {
        match source.splitter.step() {
            Split::NeedInput => match source.stream.next().await? {
                Some(bytes) => source.splitter.feed(&bytes),
                None => source.splitter.finish(),
            },
            Split::End => break,
            Split::Record(record) => {
                cut = !record.terminated && record.fields.ends.len() != source.layout.width();
                part.add(&source.layout, &record);
            }
            Split::Rejected { reason, record } => {
                cut = !record.terminated;
                part.reject(&source.layout, &record, &reason);
            }
        }
        if part.is_full() {
            let delivered = deliver(&sender, &mut part, &source).await;
            if !delivered || deadline.has_come() {
                return Ok(End::Paused);
            }
        }
    }
    if cut {
        part.warn(WarningKind::CutFile);
    }
    deliver(&sender, &mut part, &source).await;
    Ok(End::Whole)
}

/// Sends a part; false when nobody takes it.
async fn deliver(sender: &mpsc::Sender<Message>, part: &mut Part, source: &Source) -> bool {
    let chunk = part.take(source.splitter.offset(), source.splitter.line());
    sender
        .send(Message {
            chunk,
            as_of: part.totals().as_of,
        })
        .await
        .is_ok()
}
