//! Money that goes back: written down first, then made at Stripe under the row's id, then seen there. So a refund is made once, whatever
//! dies on the way.

mod observe;
mod request;

pub(crate) use observe::observe;
pub use observe::{list_unseen, refuse};
pub use request::{OwedRefund, PendingRefund, list, list_pending, list_requested, lookup, request};
pub(crate) use request::{owe, owe_rest_of_seat};

use crate::columns::Table;

/// Where the rows come from, for errors.
const TABLE: Table = Table("refunds");
