//! `GET /v1/payments/{id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{DataError, Tx, payments, read, refunds};
use portal_domain::ids::PaymentId;
use portal_domain::listing::PaymentDetails;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Portal, Problem, resource};

use crate::problems::unseen;

/// Shows a payment with its refunds, to who pays and to those with `payments.read`.
#[utoipa::path(
    get,
    path = "/v1/payments/{id}",
    operation_id = "show_payment",
    tag = "payments",
    params(("id" = PaymentId, Path, description = "The payment's id.")),
    responses(
        (status = 200, description = "The payment.", body = PaymentDetails,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 406, description = "Only JSON."),
    ),
)]
pub(crate) async fn show_payment(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    negotiate(&headers, &[MediaType::Json])?;
    let id: PaymentId = path.read("id")?;
    let found = read!(portal.database(), &call.context, |tx| details(tx, id).await)?;
    let found = found.ok_or_else(unseen)?;
    resource::respond(&headers, found.payment.version, &found)
}

/// A payment with its refunds; nothing where the caller may not see it.
///
/// # Errors
/// [`DataError`] of the queries.
pub(crate) async fn details(tx: &mut Tx, id: PaymentId) -> Result<Option<PaymentDetails>, DataError> {
    let Some(payment) = payments::lookup(tx, id).await? else {
        return Ok(None);
    };
    Ok(Some(PaymentDetails {
        message: payments::message_of(tx, id).await?,
        refunds: refunds::list(tx, id).await?,
        payment,
    }))
}
