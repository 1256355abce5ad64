//! `POST /v1/payments/{id}/cancel`

use axum::extract::State;
use axum::response::Response;
use portal_cashier::Cancelled;
use portal_data::payments;
use portal_domain::ids::PaymentId;
use portal_domain::listing::PaymentDetails;
use portal_domain::payment::{PaymentAction, PaymentStatus};
use portal_http::answer::Answer;
use portal_http::{Call, PathParameters, Problem};

use crate::problems::{conflict, problem, unseen};
use crate::show_payment::details;
use crate::state::Payments;

/// Calls a payment of the caller's own off, before money is taken. Done again it answers the same.
#[utoipa::path(
    post,
    path = "/v1/payments/{id}/cancel",
    operation_id = "cancel_payment",
    tag = "payments",
    params(("id" = PaymentId, Path, description = "The payment's id.")),
    responses(
        (status = 200, description = "The payment as it is now.", body = PaymentDetails,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 409, description = "Money was taken, or is being taken."),
        (status = 503, description = "The database or the payment service is away: send the same request again."),
    ),
)]
pub(crate) async fn cancel_payment(
    State(state): State<Payments>,
    call: Call,
    path: PathParameters,
) -> Result<Response, Problem> {
    let id: PaymentId = path.read("id")?;
    let me = call.member()?;
    let mut tx = state.portal.database().begin(&call.context).await?;
    let look = payments::look(&mut tx, id).await?;
    tx.rollback().await?;
    // Whoever may see others' payments may not call them off.
    let look = look.filter(|look| look.member == Some(me)).ok_or_else(unseen)?;
    let mut written = None;
    if look.status != PaymentStatus::Cancelled {
        look.status
            .allow(PaymentAction::Cancel)
            .map_err(|error| too_late(&error))?;
        let run = call.context.request_id;
        let cancelled = state.cashier.cancel(run, id, look.intent.as_deref()).await;
        let (cancelled, token) = cancelled.map_err(problem)?;
        if let Cancelled::TooLate(status) = cancelled {
            return Err(conflict(format!(
                "This payment cannot be called off any more: it is {status}."
            )));
        }
        written = token;
    }
    let mut tx = state.portal.database().begin(&call.context).await?;
    let payment = details(&mut tx, id).await?.ok_or_else(unseen)?;
    tx.rollback().await?;
    Ok(Answer::resource(payment.payment.version, &payment)?.respond(written))
}

fn too_late(error: &portal_domain::payment::IllegalPaymentAction) -> Problem {
    conflict(format!(
        "This payment cannot be called off any more: it is {}.",
        error.from
    ))
}
