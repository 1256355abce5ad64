//! Giving what was bought.

use portal_domain::ids::{PaymentId, UserId};
use portal_domain::membership::{CreditGone, Purchase};
use portal_domain::payment::PaymentType;
use time::OffsetDateTime;

use super::Terms;
use super::row::{LockedPayment, fresh};
use crate::{DataError, Tx, enrollments, memberships, registrations};

/// What came of it.
pub(super) enum Delivered {
    /// It is the member's.
    Given {
        /// Which seat of a registration it is.
        seat_version: Option<i32>,
    },
    /// It can no longer be given, for this reason: the money goes back.
    Refused(&'static str),
}

const GIVEN: Delivered = Delivered::Given { seat_version: None };

/// Gives what was bought to who has paid. Mails about the thing itself are written with it.
pub(super) async fn deliver(
    tx: &mut Tx,
    payment: &LockedPayment,
    terms: (&Terms, OffsetDateTime),
) -> Result<Delivered, DataError> {
    match payment.state.kind {
        PaymentType::Donation | PaymentType::Sponsorship => Ok(GIVEN),
        PaymentType::Membership => match payment.member {
            Some(member) => membership(tx, (member, payment.id), payment, terms).await,
            None => Ok(Delivered::Refused(
                "There is no account that it could be given to.",
            )),
        },
        PaymentType::EventRegistration => seat(tx, payment, terms).await,
        PaymentType::Training => course(tx, payment, terms.1).await,
    }
}

async fn membership(
    tx: &mut Tx,
    owner: (UserId, PaymentId),
    payment: &LockedPayment,
    (terms, now): (&Terms, OffsetDateTime),
) -> Result<Delivered, DataError> {
    let (Some(tier), Some(months)) = (payment.tier, payment.months) else {
        return Ok(Delivered::Refused("It is not known which membership was bought."));
    };
    let purchase = Purchase {
        id: fresh(),
        tier,
        months,
        paid: payment.state.amount,
        credit: payment.credit,
        replaces: payment.replaces,
    };
    let granted = memberships::grant(tx, owner, &purchase, (&terms.membership, now)).await?;
    Ok(match granted {
        Ok(()) => GIVEN,
        Err(CreditGone::Replaced) => {
            Delivered::Refused("The membership that was to be replaced is no longer in force.")
        }
        Err(CreditGone::UsedUp) => Delivered::Refused(
            "The membership that was to be replaced was used up, or its money given back, meanwhile.",
        ),
        Err(CreditGone::Period(_)) => {
            Delivered::Refused("It would end in a year that calendars do not know.")
        }
    })
}

async fn seat(
    tx: &mut Tx,
    payment: &LockedPayment,
    (terms, now): (&Terms, OffsetDateTime),
) -> Result<Delivered, DataError> {
    use registrations::Payment;
    let Some(id) = payment.registration else {
        return Ok(Delivered::Refused("It is not known which seat was paid."));
    };
    match registrations::confirm_payment(tx, id, payment.state.amount, &terms.seats, now).await? {
        Payment::Seated => {
            let version = sqlx::query_scalar!(
                "SELECT seat_version FROM event_registrations WHERE id = $1",
                id.as_uuid()
            );
            Ok(Delivered::Given {
                seat_version: Some(version.fetch_one(&mut *tx).await?),
            })
        }
        Payment::PaidBefore => Ok(Delivered::Refused("The seat was paid before.")),
        Payment::SeatGone => Ok(Delivered::Refused(
            "The seat was given back, or has gone to somebody else.",
        )),
        Payment::OtherAmount => Ok(Delivered::Refused("It is not what the seat costs.")),
    }
}

async fn course(tx: &mut Tx, payment: &LockedPayment, now: OffsetDateTime) -> Result<Delivered, DataError> {
    use enrollments::Payment;
    let Some(id) = payment.enrollment else {
        return Ok(Delivered::Refused("It is not known which course was paid."));
    };
    Ok(
        match enrollments::confirm_payment(tx, id, payment.state.amount, now).await? {
            Payment::Opened => GIVEN,
            Payment::PaidBefore => Delivered::Refused("The course was paid before."),
            Payment::GivenUp => Delivered::Refused("The course was given up."),
            Payment::OtherAmount => Delivered::Refused("It is not what the course costs."),
        },
    )
}
