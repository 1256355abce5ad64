//! How much goes back, and why.

use portal_domain::money::Cents;
use portal_domain::text::Line;
use portal_http::fields::{FieldReader, FromFields};
use serde::Serialize;
use utoipa::ToSchema;

/// How much of a payment goes back, and why.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RefundRequest {
    /// How much; all that is left without.
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 9007199254740991_i64, nullable = false)]
    pub(crate) amount_cents: Option<Cents>,
    /// Why. Who has paid is told it.
    #[schema(value_type = String, min_length = 1, max_length = 500)]
    pub(crate) reason: Line<500>,
}

impl FromFields for RefundRequest {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let amount_cents: Option<Cents> = fields.optional("amountCents");
        let reason = fields.required("reason");
        if amount_cents.is_some_and(Cents::is_zero) {
            fields.fault("amountCents", "must be one cent at least");
        }
        Some(Self {
            amount_cents,
            reason: reason?,
        })
    }
}
