//! `GET /v1/announcements/{id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{announcements, read};
use portal_domain::announcement::Announcement;
use portal_domain::ids::AnnouncementId;
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Portal, Problem, resource};

use crate::announcing;

/// Shows an announcement that is for the caller, or that the caller may change.
#[utoipa::path(
    get,
    path = "/v1/announcements/{id}",
    operation_id = "show_announcement",
    tag = "announcements",
    params(("id" = AnnouncementId, Path, description = "The announcement's id.")),
    responses((status = 200, description = "The announcement.", body = Announcement,
        headers(("ETag" = String, description = "The entity tag of this representation.")))),
)]
pub(crate) async fn show_announcement(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    let id: AnnouncementId = path.read("id")?;
    let me = call.member()?;
    let read = read!(portal.database(), &call.context, |tx| announcements::lookup(
        tx, me, id
    )
    .await);
    let announcement = read?.ok_or_else(announcing::unseen)?;
    resource::respond(&headers, announcement.version, &announcement)
}
