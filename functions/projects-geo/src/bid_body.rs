//! A bid as its bidder sends it.

use portal_domain::application::Bid;
use portal_http::fields::{FieldReader, FromFields};

/// The bid, read and checked as a whole.
#[derive(Debug)]
pub(crate) struct BidBody(pub(crate) Bid);

impl FromFields for BidBody {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let bid = Bid {
            bid_amount_cents: fields.optional("bidAmountCents"),
            cover_letter: fields.optional("coverLetter"),
            proposal: fields.optional("proposal"),
        };
        let says_nothing =
            bid.bid_amount_cents.is_none() && bid.cover_letter.is_none() && bid.proposal.is_none();
        if says_nothing && !fields.has_fault(&["bidAmountCents", "coverLetter", "proposal"]) {
            fields.fault(
                "bidAmountCents",
                "is required where there is neither coverLetter nor proposal",
            );
        }
        Some(Self(bid))
    }
}
