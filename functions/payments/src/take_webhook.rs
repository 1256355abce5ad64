//! `POST /v1/payments/webhook`

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::{IntoResponse as _, Response};
use portal_http::problem::Fault;
use portal_http::{Call, Problem, ProblemKind};
use portal_stripe::{Event, EventError};

use crate::problems::problem;
use crate::state::Payments;

/// The largest event, in bytes. Stripe's are a few thousand.
const LARGEST: usize = 64 * 1024;
/// The header with the signature.
const SIGNATURE: &str = "stripe-signature";

/// Takes what Stripe tells of payments: signed over the body as it is, each event once, in any order.
///
/// Of an event only that something is new is believed; what, Stripe is asked. Types and payments that are not known here are taken and left
/// alone. What could not be taken is answered with an error, and Stripe sends it again.
#[utoipa::path(
    post,
    path = "/v1/payments/webhook",
    operation_id = "take_webhook",
    tag = "payments",
    params(("Stripe-Signature" = String, Header, description = "When and by which secrets the body was signed.")),
    request_body(content = Object, description = "An event of Stripe.", example = json!({"id": "evt_1", "type": "payment_intent.succeeded"})),
    responses(
        (status = 200, description = "It was taken, now or before."),
        (status = 400, description = "It was not signed by Stripe, or too long ago."),
        (status = 503, description = "The database or the payment service is away."),
    ),
)]
pub(crate) async fn take_webhook(
    State(state): State<Payments>,
    call: Call,
    headers: HeaderMap,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let body = read(request).await?;
    let mut signatures = headers.get_all(SIGNATURE).iter();
    let signature = signatures.next().and_then(|value| value.to_str().ok());
    let Some(signature) = signature.filter(|_| signatures.next().is_none()) else {
        return Err(unsigned("send one Stripe-Signature header"));
    };
    let secrets = state.cashier.webhook_secrets().await.map_err(problem)?;
    let event = Event::from_webhook(signature, &body, &secrets, state.now()).map_err(refuse)?;
    let run = call.context.request_id;
    let outcome = state.cashier.take(run, &event).await.map_err(problem)?;
    tracing::info!(
        event = event.id,
        kind = event.kind,
        ?outcome,
        "an event of Stripe was taken"
    );
    Ok(StatusCode::OK.into_response())
}

/// The body as it was sent, which is what was signed.
async fn read(request: Request<Body>) -> Result<axum::body::Bytes, Problem> {
    let too_large = || {
        Problem::new(
            ProblemKind::PayloadTooLarge,
            format!("The body may have at most {LARGEST} bytes."),
        )
    };
    // One more than fits tells what is too large.
    let bytes = axum::body::to_bytes(request.into_body(), LARGEST + 1).await;
    let bytes = bytes.map_err(|_| too_large())?;
    if bytes.len() > LARGEST {
        return Err(too_large());
    }
    Ok(bytes)
}

fn refuse(error: EventError) -> Problem {
    match error {
        EventError::Signature(error) => unsigned(&error.to_string()),
        EventError::Malformed(error) => Problem::new(
            ProblemKind::MalformedRequest,
            format!("The body is no event: {error}."),
        ),
    }
}

fn unsigned(detail: &str) -> Problem {
    Problem::with_faults(
        ProblemKind::MalformedRequest,
        "The body was not signed by the payment service.",
        vec![Fault::header(SIGNATURE, detail)],
    )
}
