//! `GET /v1/notifications/preferences`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{notifications, read};
use portal_domain::notification::NotificationChoices;
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, Portal, Problem, resource};

/// Shows what the caller wants to be told of, and when.
#[utoipa::path(
    get,
    path = "/v1/notifications/preferences",
    operation_id = "show_notification_preferences",
    tag = "notifications",
    responses((status = 200, description = "The choices.", body = NotificationChoices,
        headers(("ETag" = String, description = "The entity tag of this representation.")))),
)]
pub(crate) async fn show_notification_preferences(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    let me = call.member()?;
    let read = read!(portal.database(), &call.context, |tx| notifications::lookup(
        tx, me
    )
    .await);
    let stored = read?;
    resource::respond(&headers, stored.version, &stored.choices)
}
