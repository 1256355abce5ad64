//! Payments and refunds as payers and finance see them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Moment;
use crate::ids::{EnrollmentId, EventId, PaymentId, RefundId, RegistrationId, TierId, UserId};
use crate::membership::PurchaseKind;
use crate::money::Cents;
use crate::payment::{Delivery, PaymentStatus, PaymentType};
use crate::words::words;

/// A payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PaymentListing {
    /// Its id.
    pub id: PaymentId,
    /// Who pays.
    #[schema(required)]
    pub user_id: Option<UserId>,
    /// What is paid for.
    #[serde(rename = "type")]
    pub kind: PaymentType,
    /// Where it stands.
    pub status: PaymentStatus,
    /// What is asked for.
    pub amount_cents: Cents,
    /// What was given back.
    pub refunded_amount_cents: Cents,
    /// The currency (ISO 4217).
    #[schema(pattern = "^[A-Z]{3}$")]
    pub currency: String,
    /// What is paid for, in words.
    pub description: String,
    /// The tier of a membership.
    #[schema(required)]
    pub tier_id: Option<TierId>,
    /// What buying the tier meant.
    #[schema(required)]
    pub purchase: Option<PurchaseKind>,
    /// The seat at an event.
    #[schema(required)]
    pub registration_id: Option<RegistrationId>,
    /// The enrolment in a course.
    #[schema(required)]
    pub enrollment_id: Option<EnrollmentId>,
    /// The event that a sponsor supports.
    #[schema(required)]
    pub event_id: Option<EventId>,
    /// Whom to thank in public for a gift.
    #[schema(required)]
    pub credited_name: Option<String>,
    /// What became of what was bought.
    pub delivery: Delivery,
    /// Why it could not be given: the money goes back.
    #[schema(required)]
    pub refusal: Option<String>,
    /// Why the last try to pay was refused, in Stripe's word for it.
    #[schema(required)]
    pub failure_code: Option<String>,
    /// The number of the receipt.
    #[schema(required)]
    pub receipt_number: Option<String>,
    /// When it was asked for.
    pub created_at: Moment,
    /// When the money was taken.
    #[schema(required)]
    pub completed_at: Option<Moment>,
    /// Grows by one with every change.
    pub version: i32,
}

words! {
    /// Where a refund stands.
    RefundState {
        /// It is to be made.
        Requested = "REQUESTED",
        /// It is on its way.
        Pending = "PENDING",
        /// It is done.
        Succeeded = "SUCCEEDED",
        /// It could not reach who has paid, and has returned.
        Returned = "RETURNED",
        /// It was never made.
        Refused = "REFUSED",
    }
}

words! {
    /// Why money goes back.
    RefundCause {
        /// Staff have decided so.
        Staff = "STAFF",
        /// What was bought could not be given.
        NotGiven = "NOT_GIVEN",
        /// The member has given the seat at an event back in time.
        GivenBack = "GIVEN_BACK",
        /// The event was called off.
        CalledOff = "CALLED_OFF",
        /// It was made at Stripe.
        Stripe = "STRIPE",
    }
}

/// Money that goes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RefundListing {
    /// Its id.
    pub id: RefundId,
    /// The payment.
    pub payment_id: PaymentId,
    /// How much goes back.
    pub amount_cents: Cents,
    /// Where it stands.
    pub status: RefundState,
    /// Why money goes back.
    pub cause: RefundCause,
    /// The same in words.
    pub reason: String,
    /// Why it was never made, as Stripe says it; to staff with `payments.read` alone.
    #[schema(required)]
    pub refusal: Option<String>,
    /// When it was asked for, or first seen.
    pub created_at: Moment,
    /// When it was done, returned or refused.
    #[schema(required)]
    pub completed_at: Option<Moment>,
}

/// A payment with its refunds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PaymentDetails {
    /// The payment.
    #[serde(flatten)]
    pub payment: PaymentListing,
    /// What a donor or sponsor has written to it.
    #[schema(required)]
    pub message: Option<String>,
    /// Its refunds, the oldest first.
    pub refunds: Vec<RefundListing>,
}
