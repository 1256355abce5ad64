//! `DELETE /v1/certificates/{number}/revocation`

use axum::extract::State;
use axum::response::Response;
use portal_data::{certificates, permissions};
use portal_http::answer::Answer;
use portal_http::{Call, PathParameters, Portal, Problem};

use crate::manage::MANAGE;
use crate::verify_certificate::number;

/// Takes the revocation of a certificate back: it is worth what it was, and its member is told.
#[utoipa::path(
    delete,
    path = "/v1/certificates/{number}/revocation",
    operation_id = "reinstate_certificate",
    tag = "certificates",
    params(("number" = String, Path, description = "The number of the certificate.", example = "0000-0000-0000-0000")),
    responses((status = 204, description = "It is not revoked.")),
)]
pub(crate) async fn reinstate_certificate(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
) -> Result<Response, Problem> {
    let mut tx = portal.database().begin(&call.context).await?;
    permissions::require(&mut tx, MANAGE).await?;
    certificates::reinstate(&mut tx, &number(&path)?).await?;
    Ok(Answer::nothing().respond(tx.commit().await?))
}
