//! `GET /v1/events/{id}/analytics`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{DataError, events, read};
use portal_domain::event::EventFigures;
use portal_domain::ids::EventId;
use portal_http::answer::Answer;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Portal, Problem, ProblemKind};

use crate::manage;

/// Counts who registered for an event and who came.
#[utoipa::path(
    get,
    path = "/v1/events/{id}/analytics",
    operation_id = "show_event_analytics",
    tag = "events",
    params(("id" = EventId, Path, description = "The event's id.")),
    responses(
        (status = 200, description = "The figures.", body = EventFigures),
        (status = 403, description = "It is another's event."),
        (status = 406, description = "Only JSON."),
    ),
)]
pub(crate) async fn show_event_analytics(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    negotiate(&headers, &[MediaType::Json])?;
    let id: EventId = path.read("id")?;
    let read = read!(portal.database(), &call.context, |tx| {
        match events::figures(tx, id).await {
            Err(DataError::NotFound) => Ok(Err(events::lookup(tx, id).await?.is_some())),
            figures => figures.map(Ok),
        }
    });
    match read? {
        Ok(figures) => Ok(Answer::json(&figures)?.respond(None)),
        Err(true) => Err(Problem::new(
            ProblemKind::Forbidden,
            "Only the organizer of an event and staff may do this.",
        )),
        Err(false) => Err(manage::unseen()),
    }
}
