//! A bid as its bidder sends it.

use portal_domain::application::Bid;
use portal_http::fields::{FieldReader, FromFields};

/// The bid, read and checked as a whole.
#[derive(Debug)]
pub(crate) struct BidBody(pub(crate) Bid);

impl FromFields for BidBody {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        Some(Self(Bid {
            bid_amount_cents: fields.optional("bidAmountCents"),
            cover_letter: fields.optional("coverLetter"),
            proposal: fields.optional("proposal"),
        }))
    }
}
