//! Taking imports back: by an event that names one, and where staff have written down that they want it.

use portal_data::imports::{self, ImportConnection, UndoOutcome};
use portal_domain::ids::ImportId;

use crate::error::ImportError;
use crate::handler::Answer;
use crate::import::learn_words;

/// Takes a run back, unless another import is at work, and says in the answer what came of it.
///
/// # Errors
/// [`ImportError`] of the queries; nothing has changed then.
pub(crate) async fn undo(
    connection: &mut ImportConnection,
    id: ImportId,
    answer: &mut Answer,
) -> Result<(), ImportError> {
    if imports::lookup(connection, id).await?.is_none() {
        answer.errors.push(format!("there is no import {id}"));
        return Ok(());
    }
    if !imports::try_lock(connection).await? {
        answer.errors.push(format!(
            "import {id} was not undone: another import is running; try again when it has ended"
        ));
        return Ok(());
    }
    let outcome = imports::undo(connection, id).await?;
    match outcome {
        UndoOutcome::Undone { .. } => learn_words(connection).await,
        UndoOutcome::AlreadyUndone => {
            answer.notes.push(format!("import {id} had been undone before"));
        }
        UndoOutcome::Refused(reason) => {
            answer
                .errors
                .push(format!("import {id} was not undone: {reason}"));
        }
    }
    imports::release(connection).await?;
    Ok(())
}

/// Takes back what staff have asked for, the first request first. A request that cannot be fulfilled becomes a note of the run, so that
/// none is looked at for ever. The caller holds the lock of the imports.
///
/// # Errors
/// [`ImportError`] of the queries; what was not done yet is still asked for.
pub(crate) async fn undo_requested(connection: &mut ImportConnection) -> Result<(), ImportError> {
    while let Some(id) = imports::next_requested_undo(connection).await? {
        match imports::undo(connection, id).await? {
            UndoOutcome::Undone { .. } => learn_words(connection).await,
            UndoOutcome::AlreadyUndone => {}
            UndoOutcome::Refused(reason) => {
                imports::refuse_requested_undo(connection, id, &reason).await?;
            }
        }
    }
    Ok(())
}
