//! From one state of an event to the next: what the routes for the actions share.

use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::events::{self, LockedEvent};
use portal_domain::event::{EventAction, IllegalEventAction};
use portal_domain::ids::EventId;
use portal_http::answer::Answer;
use portal_http::{Call, Problem, etag};
use time::OffsetDateTime;

use crate::manage::{self, conflict};
use crate::state::Events;

/// Does one action and shows the event as it is then.
///
/// # Errors
/// A 409 problem when the state does not allow it, 404, 403 and 412 as for every change.
pub(crate) async fn act(
    state: &Events,
    call: &Call,
    headers: &HeaderMap,
    id: EventId,
    action: EventAction,
) -> Result<Response, Problem> {
    let mut tx = state.portal.database().begin(&call.context).await?;
    let event = manage::hold(&mut tx, id).await?;
    etag::guard(headers, event.version)?;
    action.from(event.status).map_err(|refusal| illegal(&refusal))?;
    match action {
        EventAction::Publish => {
            admit(&event, state.now())?;
            events::publish(&mut tx, id).await?;
        }
        EventAction::Cancel => events::cancel(&mut tx, id).await?,
    }
    let shown = manage::shown(&mut tx, id).await?;
    let answer = Answer::resource(shown.version, &shown)?;
    Ok(answer.respond(tx.commit().await?))
}

/// An action that the state does not allow, as a problem that names those it does.
fn illegal(refusal: &IllegalEventAction) -> Problem {
    let mut detail = refusal.to_string();
    if let Some(first) = detail.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    conflict(format!("{detail}."))
}

/// An event is announced before it begins, and while people can register.
fn admit(event: &LockedEvent, now: OffsetDateTime) -> Result<(), Problem> {
    if event.details.starts_at.0 <= now {
        return Err(conflict(
            "The event would have begun already: set a later startsAt, then publish it.",
        ));
    }
    if event
        .details
        .registration_deadline
        .is_some_and(|until| until.0 <= now)
    {
        return Err(conflict(
            "Nobody could register any more: set a later registrationDeadline, then publish it.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use portal_domain::event::EventStatus;
    use portal_http::ProblemKind;

    #[test]
    fn an_illegal_action_is_a_conflict_that_reads_as_a_sentence() {
        let refusal = EventAction::Publish.from(EventStatus::InProgress).unwrap_err();
        let problem = illegal(&refusal);
        assert_eq!(problem.kind(), ProblemKind::Conflict);
        assert!(
            format!("{problem:?}").contains("An event that is IN_PROGRESS cannot publish; it can cancel.")
        );
    }
}
