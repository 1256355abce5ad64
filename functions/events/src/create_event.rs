//! `POST /v1/events`

use axum::extract::State;
use axum::response::Response;
use portal_data::{events, permissions};
use portal_domain::event::EventDetails;
use portal_domain::ids::EventId;
use portal_domain::listing::EventListing;
use portal_http::answer::Answer;
use portal_http::fields::Fields;
use portal_http::idempotency::IdempotencyKey;
use portal_http::{Call, Portal, Problem};
use uuid::Uuid;

use crate::event_body::EventBody;
use crate::manage;

/// Posts an event as a draft.
///
/// Only its organizer and staff see it until it is published.
#[utoipa::path(
    post,
    path = "/v1/events",
    operation_id = "create_event",
    tag = "events",
    params(IdempotencyKey),
    request_body(content = EventDetails, example = json!({
        "title": "Annual dinner", "type": "AWARDS", "startsAt": "2030-05-02T01:00:00Z", "endsAt": "2030-05-02T04:00:00Z",
        "place": "The hall", "city": "Oakland", "maxCapacity": 120, "priceCents": 9500, "memberPriceCents": 7500,
    })),
    responses(
        (status = 201, description = "The draft.", body = EventListing, headers(
            ("Location" = String, description = "Where the event is."),
            ("ETag" = String, description = "The entity tag of this representation."),
        )),
        (status = 403, description = "This takes `events.create` or `events.manage`."),
        (status = 409, description = "A request with the same `Idempotency-Key` is still running."),
    ),
)]
pub(crate) async fn create_event(
    State(portal): State<Portal>,
    call: Call,
    key: IdempotencyKey,
    Fields {
        value: EventBody(details),
        digest,
    }: Fields<EventBody>,
) -> Result<Response, Problem> {
    let organizer = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    if let Some(answer) = key.claim(&mut tx, &call, &digest).await? {
        return Ok(answer.respond(None));
    }
    if !permissions::has(&mut tx, manage::MANAGE).await? {
        permissions::require(&mut tx, manage::CREATE).await?;
    }
    let id = EventId::from(Uuid::now_v7());
    events::add(&mut tx, id, organizer, &details).await?;
    let event = manage::shown(&mut tx, id).await?;
    let answer = Answer::created(&format!("/v1/events/{id}"), event.version, &event)?;
    key.keep(&mut tx, &call, &digest, &answer).await?;
    Ok(answer.respond(tx.commit().await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "EventDetails");
        assert_eq!(portal_http::fields::names::<EventBody>(), documented);
    }
}
