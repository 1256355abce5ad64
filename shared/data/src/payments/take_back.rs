//! Taking back what was given, when all of its money went back.

use portal_domain::payment::PaymentType;
use time::OffsetDateTime;

use super::Terms;
use super::row::LockedPayment;
use crate::{DataError, Tx, enrollments, memberships, registrations};

/// Takes back what a payment has brought: days of a membership that are still to come, a seat of an event that has not begun, a course that
/// is not completed. What was used stays.
pub(super) async fn take_back(
    tx: &mut Tx,
    payment: &LockedPayment,
    (terms, now): (&Terms, OffsetDateTime),
) -> Result<(), DataError> {
    match payment.state.kind {
        PaymentType::Donation | PaymentType::Sponsorship => Ok(()),
        PaymentType::Membership => memberships::revoke(tx, payment.id, (&terms.membership, now)).await,
        PaymentType::EventRegistration => match payment.registration.zip(payment.seat_version) {
            Some((id, version)) => registrations::revoke_payment(tx, id, version, &terms.seats, now).await,
            None => Ok(()),
        },
        PaymentType::Training => match payment.enrollment {
            Some(id) => enrollments::revoke_payment(tx, id).await,
            None => Ok(()),
        },
    }
}
