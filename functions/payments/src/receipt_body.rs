//! A receipt.

use portal_domain::ids::PaymentId;
use portal_domain::listing::Moment;
use portal_domain::money::Cents;
use serde::Serialize;
use utoipa::ToSchema;

/// The receipt for money that was taken.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReceiptBody {
    /// Its number.
    pub(crate) number: String,
    /// The payment.
    pub(crate) payment_id: PaymentId,
    /// When the money was taken.
    pub(crate) issued_at: Moment,
    /// Who has paid, as the directory shows them.
    pub(crate) payer_name: String,
    /// The payer's firm.
    #[schema(required)]
    pub(crate) payer_company: Option<String>,
    /// What was paid for.
    pub(crate) description: String,
    /// What was paid.
    pub(crate) amount_cents: Cents,
    /// What was given back.
    pub(crate) refunded_amount_cents: Cents,
    /// The currency (ISO 4217).
    #[schema(pattern = "^[A-Z]{3}$")]
    pub(crate) currency: String,
}
