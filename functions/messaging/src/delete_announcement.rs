//! `DELETE /v1/announcements/{id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{announcements, permissions};
use portal_domain::ids::AnnouncementId;
use portal_http::answer::Answer;
use portal_http::{Call, PathParameters, Portal, Problem, etag};

use crate::announcing;

/// Takes an announcement away, and the mails of it that have not gone out yet.
#[utoipa::path(
    delete,
    path = "/v1/announcements/{id}",
    operation_id = "delete_announcement",
    tag = "announcements",
    params(("id" = AnnouncementId, Path, description = "The announcement's id.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 412, description = "It has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn delete_announcement(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
) -> Result<Response, Problem> {
    let id: AnnouncementId = path.read("id")?;
    let me = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    permissions::require(&mut tx, announcing::MANAGE).await?;
    announcements::lock(&mut tx, id)
        .await?
        .ok_or_else(announcing::unseen)?;
    etag::guard(&headers, announcing::find(&mut tx, me, id).await?.version)?;
    announcements::remove(&mut tx, id).await?;
    Ok(Answer::nothing().respond(tx.commit().await?))
}
