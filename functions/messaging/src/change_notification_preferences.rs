//! `PATCH /v1/notifications/preferences`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::notifications;
use portal_domain::notification::NotificationChoices;
use portal_http::answer::Answer;
use portal_http::fields::MergePatch;
use portal_http::problem::Fault;
use portal_http::{Call, Portal, Problem, etag};

use crate::choices_body::ChoicesBody;

/// Changes what the caller wants to be told of, and when.
///
/// Mails about the account's security are always sent, and at once.
#[utoipa::path(
    patch,
    path = "/v1/notifications/preferences",
    operation_id = "change_notification_preferences",
    tag = "notifications",
    request_body(content(
        (NotificationChoices = "application/merge-patch+json"),
        (NotificationChoices = "application/json"),
    ), description = "A JSON Merge Patch: what is left out stays; null sets topics back, and ends quiet hours."),
    responses(
        (status = 200, description = "The choices as they are now.", body = NotificationChoices,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 412, description = "They, or the profile, have changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn change_notification_preferences(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    patch: MergePatch,
) -> Result<Response, Problem> {
    let me = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    let stored = notifications::lock(&mut tx, me).await?;
    etag::guard(&headers, stored.version)?;
    let ChoicesBody(choices) = patch.over(&stored.choices)?;
    if choices.time_zone != stored.choices.time_zone
        && !notifications::is_time_zone(&mut tx, &choices.time_zone).await?
    {
        return Err(Problem::invalid(vec![Fault::body(
            "/timeZone",
            "is no time zone that is known here",
        )]));
    }
    notifications::change(&mut tx, me, &stored, &choices).await?;
    let now = notifications::lookup(&mut tx, me).await?;
    let answer = Answer::resource(now.version, &now.choices)?;
    Ok(answer.respond(tx.commit().await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "NotificationChoices");
        assert_eq!(portal_http::fields::names::<ChoicesBody>(), documented);
    }
}
