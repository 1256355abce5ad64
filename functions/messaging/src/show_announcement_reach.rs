//! `GET /v1/announcements/{id}/reach`

use axum::Json;
use axum::extract::State;
use portal_data::{DataError, announcements, permissions, read};
use portal_domain::announcement::AnnouncementReach;
use portal_domain::ids::AnnouncementId;
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Portal, Problem};

use crate::announcing;

/// Shows how far an announcement has come: how many members it is for today, and how many have read it.
#[utoipa::path(
    get,
    path = "/v1/announcements/{id}/reach",
    operation_id = "show_announcement_reach",
    tag = "announcements",
    params(("id" = AnnouncementId, Path, description = "The announcement's id.")),
    responses((status = 200, description = "The counts.", body = AnnouncementReach)),
)]
pub(crate) async fn show_announcement_reach(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Json<AnnouncementReach>, Problem> {
    let id: AnnouncementId = path.read("id")?;
    let me = call.member()?;
    let read = read!(portal.database(), &call.context, |tx| {
        permissions::require(tx, announcing::MANAGE).await?;
        match announcements::lookup(tx, me, id).await? {
            Some(_) => announcements::reach(tx, id).await,
            None => Err(DataError::NotFound),
        }
    });
    match read {
        Err(DataError::NotFound) => Err(announcing::unseen()),
        reach => Ok(Json(reach?)),
    }
}
