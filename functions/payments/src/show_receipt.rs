//! `GET /v1/payments/{id}/receipt`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use portal_data::{payments, read};
use portal_domain::ids::PaymentId;
use portal_domain::listing::PaymentListing;
use portal_domain::zone::ZoneName;
use portal_http::etag::EntityTag;
use portal_http::negotiate::{MediaType, negotiate};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, PathParameters, Portal, Problem, resource};

use crate::problems::{conflict, unseen};
use crate::receipt_body::ReceiptBody;

/// Gives the receipt of a payment as a document of one page or as JSON, to who has paid and to those with `payments.read`.
#[utoipa::path(
    get,
    path = "/v1/payments/{id}/receipt",
    operation_id = "show_receipt",
    tag = "payments",
    params(("id" = PaymentId, Path, description = "The payment's id.")),
    responses(
        (status = 200, description = "The receipt.", content(
            (Vec<u8> = "application/pdf"),
            (ReceiptBody = "application/json"),
        ), headers(
            ("ETag" = String, description = "The entity tag of this representation."),
        )),
        (status = 406, description = "Only PDF and JSON."),
        (status = 409, description = "No money was taken."),
    ),
)]
pub(crate) async fn show_receipt(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    let media = negotiate(&headers, &[MediaType::Pdf, MediaType::Json])?;
    let id: PaymentId = path.read("id")?;
    let found = read!(portal.database(), &call.context, |tx| {
        let payment = payments::lookup(tx, id).await?;
        Ok((payment, payments::payer_of(tx, id).await?))
    });
    let (payment, payer) = found?;
    let payment = payment.ok_or_else(unseen)?;
    let version = payment.version;
    let receipt = receipt(payment, payer)?;
    if media == MediaType::Json {
        return resource::respond(&headers, version, &receipt);
    }
    let document = document(&receipt)?;
    let tag = EntityTag::of_contents(media.content_type(), &document);
    let name = format!("attachment; filename=\"receipt-{}.pdf\"", receipt.number);
    let response = (
        [
            (CONTENT_TYPE, media.content_type().to_owned()),
            (CONTENT_DISPOSITION, name),
        ],
        document,
    );
    Ok(tag.answer(&headers, response.into_response()))
}

fn receipt(payment: PaymentListing, payer: Option<(String, Option<String>)>) -> Result<ReceiptBody, Problem> {
    let (Some(number), Some(issued_at)) = (payment.receipt_number, payment.completed_at) else {
        return Err(conflict(format!(
            "There is no receipt: the payment is {}.",
            payment.status
        )));
    };
    let (name, company) = payer.unwrap_or_else(|| ("A former member".to_owned(), None));
    Ok(ReceiptBody {
        number,
        payment_id: payment.id,
        issued_at,
        payer_name: name,
        payer_company: company,
        description: payment.description,
        amount_cents: payment.amount_cents,
        refunded_amount_cents: payment.refunded_amount_cents,
        currency: payment.currency,
    })
}

fn document(receipt: &ReceiptBody) -> Result<Vec<u8>, Problem> {
    let contents = portal_documents::Receipt {
        number: &receipt.number,
        issued_at: ZoneName::default().on_its_clocks(receipt.issued_at.0),
        payer: &receipt.payer_name,
        company: receipt.payer_company.as_deref(),
        description: &receipt.description,
        amount: receipt.amount_cents.get(),
        refunded: receipt.refunded_amount_cents.get(),
        currency: &receipt.currency,
    };
    portal_documents::receipt(&contents)
        .map_err(|error| Problem::internal(&format!("a receipt cannot be made: {error}")))
}
