//! `PATCH /v1/contractors/{licenseNo}/outreach`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::contractors::{self, VersionedOutreach};
use portal_data::{DataError, Tx, permissions};
use portal_domain::contractor::LicenceNumber;
use portal_http::answer::Answer;
use portal_http::fields::MergePatch;
use portal_http::{Call, PathParameters, Portal, Problem, etag};
use serde_json::json;

use crate::outreach::{ContractorOutreach, OUTREACH, OutreachBody};

/// Notes how far staff have come with a firm.
#[utoipa::path(
    patch,
    path = "/v1/contractors/{licenseNo}/outreach",
    operation_id = "change_outreach",
    tag = "contractors",
    params(("licenseNo" = LicenceNumber, Path, description = "The number of the licence.")),
    request_body(content(
        (OutreachBody = "application/merge-patch+json"),
        (OutreachBody = "application/json"),
    ), description = "A JSON Merge Patch: fields that are left out stay, null clears."),
    responses(
        (status = 200, description = "The outreach as it is now.", body = ContractorOutreach,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 412, description = "It has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn change_outreach(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    patch: MergePatch,
) -> Result<Response, Problem> {
    let number: LicenceNumber = path.read("licenseNo")?;
    let mut tx = portal.database().begin(&call.context).await?;
    permissions::require(&mut tx, OUTREACH).await?;
    let before = locked(&mut tx, &number).await?;
    etag::guard(&headers, before.version)?;
    let written = json!({ "outreachStatus": before.outreach.status, "outreachNotes": before.outreach.notes });
    let OutreachBody {
        outreach_status,
        outreach_notes,
    } = patch.over(&written)?;
    if (outreach_status, outreach_notes.as_deref())
        != (before.outreach.status, before.outreach.notes.as_deref())
    {
        contractors::change_outreach(&mut tx, &number, outreach_status, outreach_notes.as_deref()).await?;
    }
    let now = locked(&mut tx, &number).await?;
    let answer = Answer::resource(now.version, &ContractorOutreach::from(now.outreach))?;
    Ok(answer.respond(tx.commit().await?))
}

async fn locked(tx: &mut Tx, number: &LicenceNumber) -> Result<VersionedOutreach, DataError> {
    contractors::lock_outreach(tx, number)
        .await?
        .ok_or(DataError::NotFound)
}
