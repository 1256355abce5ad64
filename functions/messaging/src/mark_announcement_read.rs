//! `POST /v1/announcements/{id}/read`

use axum::extract::State;
use axum::response::Response;
use portal_data::announcements;
use portal_domain::ids::AnnouncementId;
use portal_http::answer::Answer;
use portal_http::{Call, PathParameters, Portal, Problem};

use crate::announcing;

/// Says that the caller has read an announcement. Once is enough; again changes nothing.
#[utoipa::path(
    post,
    path = "/v1/announcements/{id}/read",
    operation_id = "mark_announcement_read",
    tag = "announcements",
    params(("id" = AnnouncementId, Path, description = "The announcement's id.")),
    responses((status = 204, description = "It is noted.")),
)]
pub(crate) async fn mark_announcement_read(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
) -> Result<Response, Problem> {
    let id: AnnouncementId = path.read("id")?;
    let me = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    announcing::find(&mut tx, me, id).await?;
    announcements::mark_read(&mut tx, me, id).await?;
    Ok(Answer::nothing().respond(tx.commit().await?))
}
