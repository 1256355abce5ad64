//! `POST /v1/payments`

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use portal_data::{DataError, payments};
use portal_domain::ids::PaymentId;
use portal_domain::listing::PaymentListing;
use portal_domain::payment::PaymentStatus;
use portal_domain::turn::Turn;
use portal_http::answer::Answer;
use portal_http::fields::Fields;
use portal_http::idempotency::RequiredKey;
use portal_http::{Call, Problem, turns};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problems::{conflict, problem, unseen};
use crate::state::Payments;
use crate::target_body::{PaymentRequest, TargetBody};

/// A payment, and what the payer's client confirms it with.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AskedPayment {
    #[serde(flatten)]
    payment: PaymentListing,
    /// What the payer's client confirms the payment with at Stripe; null once nothing is left to confirm. Keep it to the payer.
    #[schema(required)]
    client_secret: Option<String>,
}

/// What is kept of an answer for who asks again: never the secret.
#[derive(Deserialize)]
struct Kept {
    id: PaymentId,
}

/// Asks for a payment: for a membership, a seat or a course that is held, a sponsorship or a donation.
///
/// What it costs is worked out here. The client confirms the payment at Stripe with `clientSecret`; what was bought is given when Stripe has
/// taken the money, whether or not the client hears of it. While a payment for the same thing at the same price is open, it is answered again.
#[utoipa::path(
    post,
    path = "/v1/payments",
    operation_id = "create_payment",
    tag = "payments",
    params(RequiredKey),
    request_body(content = PaymentRequest, example = json!({"type": "DONATION", "amountCents": 2500})),
    responses(
        (status = 201, description = "The payment.", body = AskedPayment, headers(
            ("Location" = String, description = "Where the payment is."),
            ("ETag" = String, description = "The entity tag of this representation."),
        )),
        (status = 404, description = "There is no such tier, registration, enrolment or event that the caller may see."),
        (status = 409, description = "There is nothing to pay for it now, another payment for it is open, or a request with the same key is still running."),
        (status = 503, description = "The database or the payment service is away: send the same request again."),
    ),
)]
pub(crate) async fn create_payment(
    State(state): State<Payments>,
    call: Call,
    key: RequiredKey,
    Fields {
        value: TargetBody(wanted),
        digest,
    }: Fields<TargetBody>,
) -> Result<Response, Problem> {
    let member = call.member()?;
    let mut tx = state.portal.database().begin(&call.context).await?;
    let answered = key.claim(&mut tx, &call, &digest).await?;
    // Stripe is asked for those that are repeated, too.
    let rates = turns::take(&mut tx, Turn::Payment).await?;
    let (id, asked) = if let Some(answer) = answered {
        tx.commit().await?;
        (answer.read::<Kept>()?.id, None)
    } else {
        let terms = (&state.cashier.terms().membership, state.now());
        let new = payments::target(&mut tx, member, &wanted, terms).await?;
        let id = payments::ask(&mut tx, member, &new).await?;
        let payment = payments::lookup(&mut tx, id).await?.ok_or(DataError::NotFound)?;
        key.keep(&mut tx, &call, &digest, &created(&payment, &payment)?)
            .await?;
        (id, tx.commit().await?)
    };
    // Written down: from here on whoever asks again goes on.
    let mut tx = state.portal.database().begin(&call.context).await?;
    let look = payments::look(&mut tx, id).await?.ok_or_else(unseen)?;
    tx.rollback().await?;
    let arranged = state
        .cashier
        .arrange(call.context.request_id, &look)
        .await
        .map_err(problem)?;
    if arranged.status == PaymentStatus::Cancelled {
        return Err(conflict(
            "This payment was called off: ask for a new one, with a new Idempotency-Key.",
        ));
    }
    let mut tx = state.portal.database().begin(&call.context).await?;
    let payment = payments::lookup(&mut tx, id).await?.ok_or_else(unseen)?;
    tx.rollback().await?;
    let body = AskedPayment {
        client_secret: arranged.client_secret.map(|secret| secret.expose().to_owned()),
        payment,
    };
    let answer = created(&body.payment, &body)?;
    Ok((rates, answer.respond(arranged.written.or(asked))).into_response())
}

fn created(payment: &PaymentListing, body: &impl Serialize) -> Result<Answer, Problem> {
    Answer::created(&format!("/v1/payments/{}", payment.id), payment.version, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "PaymentRequest");
        assert_eq!(portal_http::fields::names::<TargetBody>(), documented);
    }

    #[test]
    fn only_what_is_always_asked_for_is_documented_as_required() {
        let required = |schema| portal_http::openapi::required(&crate::openapi(), schema);
        assert_eq!(required("PaymentRequest"), ["type"]);
        assert_eq!(required("RefundRequest"), ["reason"]);
        assert!(required("PersonRequest").is_empty());
    }
}
