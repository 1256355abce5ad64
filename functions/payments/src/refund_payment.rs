//! `POST /v1/payments/{id}/refund`

use axum::extract::State;
use axum::response::Response;
use portal_cashier::Refunded;
use portal_data::{payments, permissions, refunds};
use portal_domain::ids::{PaymentId, RefundId};
use portal_domain::listing::{PaymentDetails, RefundState};
use portal_http::answer::Answer;
use portal_http::fields::Fields;
use portal_http::idempotency::RequiredKey;
use portal_http::{Call, PathParameters, Problem};
use serde::{Deserialize, Serialize};

use crate::problems::{conflict, problem, unseen};
use crate::refund_body::RefundRequest;
use crate::show_payment::details;
use crate::state::Payments;

/// What is kept for who asks again.
#[derive(Serialize, Deserialize)]
struct Kept {
    id: RefundId,
}

/// Gives a payment back, whole or in part, and tells who has paid why.
///
/// With all of the money what was bought goes back too: days of a membership that are still to come, a seat of an event that has not begun, a
/// course that is not completed. A refund that Stripe could not be asked for is made by the nightly job.
#[utoipa::path(
    post,
    path = "/v1/payments/{id}/refund",
    operation_id = "refund_payment",
    tag = "payments",
    params(("id" = PaymentId, Path, description = "The payment's id."), RequiredKey),
    request_body(content = RefundRequest, example = json!({"reason": "The workshop was called off"})),
    responses(
        (status = 200, description = "The payment as it is now, with the refund.", body = PaymentDetails,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 409, description = "No money was taken, less is left than was asked for, or a request with the same key is still running."),
        (status = 503, description = "The database or the payment service is away: send the same request again."),
    ),
)]
pub(crate) async fn refund_payment(
    State(state): State<Payments>,
    call: Call,
    path: PathParameters,
    key: RequiredKey,
    Fields { value: body, digest }: Fields<RefundRequest>,
) -> Result<Response, Problem> {
    let id: PaymentId = path.read("id")?;
    let me = call.member()?;
    let mut tx = state.portal.database().begin(&call.context).await?;
    permissions::require(&mut tx, "payments.refund").await?;
    let (refund, asked) = if let Some(answer) = key.claim(&mut tx, &call, &digest).await? {
        tx.rollback().await?;
        (answer.read::<Kept>()?.id, None)
    } else {
        let paid = payments::state_of(&mut tx, id).await?.ok_or_else(unseen)?;
        let refund = refunds::request(&mut tx, (id, &paid), body.amount_cents, &body.reason, me).await?;
        let kept = Answer::json(&Kept { id: refund })?;
        key.keep(&mut tx, &call, &digest, &kept).await?;
        (refund, tx.commit().await?)
    };
    let made = make(&state, &call, refund).await?;
    let mut tx = state.portal.database().begin(&call.context).await?;
    let payment = details(&mut tx, id).await?.ok_or_else(unseen)?;
    tx.rollback().await?;
    let refused = payment.refunds.iter().find(|one| one.id == refund);
    if let Some(refused) = refused.filter(|one| one.status == RefundState::Refused) {
        let why = refused.refusal.as_deref().unwrap_or("no reason was given");
        return Err(conflict(format!(
            "The payment service does not make this refund: {why}"
        )));
    }
    Ok(Answer::resource(payment.payment.version, &payment)?.respond(made.or(asked)))
}

/// Makes a refund that is written down, unless it was made before.
async fn make(
    state: &Payments,
    call: &Call,
    refund: RefundId,
) -> Result<Option<portal_data::ConsistencyToken>, Problem> {
    let run = call.context.request_id;
    let mut tx = state.cashier.begin(run).await?;
    let owed = refunds::lookup(&mut tx, refund).await?;
    tx.commit().await?;
    let Some(owed) = owed else { return Ok(None) };
    let (made, written) = state.cashier.give_back(run, &owed).await.map_err(problem)?;
    if made == Refunded::Refused {
        tracing::warn!(refund = %refund, "Stripe does not make a refund");
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "RefundRequest");
        assert_eq!(portal_http::fields::names::<RefundRequest>(), documented);
    }
}
