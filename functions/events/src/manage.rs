//! What the routes share that change an event or its seats.

use portal_data::events::{self, LockedEvent};
use portal_data::registrations::{self, HeldEvent};
use portal_data::{DataError, Tx, permissions};
use portal_domain::event::Registration;
use portal_domain::ids::{EventId, RegistrationId};
use portal_domain::listing::EventListing;
use portal_http::{Problem, ProblemKind};

use crate::state::Events;

/// The permission to post events and run the own ones.
pub(crate) const CREATE: &str = "events.create";

/// The permission to run every event.
pub(crate) const MANAGE: &str = "events.manage";

/// What is said of an event that the caller cannot see, whether or not there is one.
pub(crate) fn unseen() -> Problem {
    Problem::not_found("There is no event by this id that you may see.")
}

/// Takes hold of an event that the caller may change.
///
/// # Errors
/// A 404 problem where the caller cannot see the event, 403 where it is another's.
pub(crate) async fn hold(tx: &mut Tx, id: EventId) -> Result<LockedEvent, Problem> {
    if let Some(event) = events::lock(tx, id).await? {
        return Ok(event);
    }
    Err(refuse(tx, id).await?)
}

/// Why the caller may not run an event.
///
/// # Errors
/// [`DataError`] of the query.
async fn refuse(tx: &mut Tx, id: EventId) -> Result<Problem, DataError> {
    Ok(match events::lookup(tx, id).await? {
        Some(_) => Problem::new(
            ProblemKind::Forbidden,
            "Only the organizer of an event and staff may do this.",
        ),
        None => unseen(),
    })
}

/// Refuses who may not read an event's papers.
///
/// # Errors
/// A 404 problem where the caller cannot see the event, 403 where the caller has no seat or has not paid for it; and those of the queries.
pub(crate) async fn open(tx: &mut Tx, id: EventId) -> Result<Result<(), Problem>, DataError> {
    if events::lookup(tx, id).await?.is_none() {
        return Ok(Err(unseen()));
    }
    Ok(if permissions::opens_event(tx, id).await? {
        Ok(())
    } else {
        Err(Problem::new(
            ProblemKind::Forbidden,
            "The files of an event are for those with a seat that is paid or free of charge.",
        ))
    })
}

/// Refuses who does not run the event.
///
/// # Errors
/// A 403 problem, and those of the query.
pub(crate) async fn require_runner(tx: &mut Tx, id: EventId) -> Result<(), Problem> {
    if permissions::runs_event(tx, id).await? {
        return Ok(());
    }
    Err(Problem::new(
        ProblemKind::Forbidden,
        "Only the organizer of an event and staff may do this.",
    ))
}

/// Takes hold of the seats of an event that the caller may see.
///
/// # Errors
/// A 404 problem where the caller may not.
pub(crate) async fn hold_seats(state: &Events, tx: &mut Tx, id: EventId) -> Result<HeldEvent, Problem> {
    let held = registrations::hold(tx, id, &state.terms, state.now()).await?;
    held.ok_or_else(unseen)
}

/// The event as its organizer sees it.
///
/// # Errors
/// [`DataError`] of the query.
pub(crate) async fn shown(tx: &mut Tx, id: EventId) -> Result<EventListing, DataError> {
    events::lookup(tx, id).await?.ok_or(DataError::NotFound)
}

/// A registration as its member sees it.
///
/// # Errors
/// [`DataError`] of the query.
pub(crate) async fn shown_registration(tx: &mut Tx, id: RegistrationId) -> Result<Registration, DataError> {
    registrations::lookup(tx, id).await?.ok_or(DataError::NotFound)
}

pub(crate) fn conflict(detail: impl Into<String>) -> Problem {
    Problem::new(ProblemKind::Conflict, detail)
}
