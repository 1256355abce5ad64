//! What is to be paid for.

use portal_data::payments::{Gift, TargetFor};
use portal_domain::ids::{EnrollmentId, EventId, RegistrationId, TierId};
use portal_domain::money::Cents;
use portal_domain::payment::PaymentType;
use portal_domain::text::{Line, Prose};
use portal_http::fields::{FieldReader, FromFields};
use serde::Serialize;
use utoipa::ToSchema;

/// The least and the most of a gift, in cents.
const GIFTS: std::ops::RangeInclusive<i64> = 100..=100_000_000;

/// What is paid for. What it costs is said by the tier, the registration or the enrolment; of a gift, by who gives.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PaymentRequest {
    /// What is paid for.
    #[serde(rename = "type")]
    kind: PaymentType,
    /// The tier, for a MEMBERSHIP.
    #[schema(nullable = false)]
    tier_id: Option<TierId>,
    /// The seat that is held, for an EVENT_REGISTRATION.
    #[schema(nullable = false)]
    registration_id: Option<RegistrationId>,
    /// The enrolment that is held, for a TRAINING.
    #[schema(nullable = false)]
    enrollment_id: Option<EnrollmentId>,
    /// How much, for a DONATION or a SPONSORSHIP.
    #[schema(value_type = Option<i64>, minimum = 100, maximum = 100_000_000, nullable = false)]
    amount_cents: Option<Cents>,
    /// The event that a SPONSORSHIP supports, if it is one alone.
    #[schema(nullable = false)]
    event_id: Option<EventId>,
    /// Whom to thank in public for a DONATION or a SPONSORSHIP; nobody without.
    #[schema(value_type = Option<String>, max_length = 200, nullable = false)]
    credited_name: Option<Line<200>>,
    /// What is written to a DONATION or a SPONSORSHIP.
    #[schema(value_type = Option<String>, max_length = 1000, nullable = false)]
    message: Option<Prose<1000>>,
}

/// The same, read and checked as a whole.
#[derive(Debug)]
pub(crate) struct TargetBody(pub(crate) TargetFor);

impl FromFields for TargetBody {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let kind: Option<PaymentType> = fields.required("type");
        let request = PaymentRequest {
            tier_id: fields.optional("tierId"),
            registration_id: fields.optional("registrationId"),
            enrollment_id: fields.optional("enrollmentId"),
            amount_cents: fields.optional("amountCents"),
            event_id: fields.optional("eventId"),
            credited_name: fields.optional("creditedName"),
            message: fields.optional("message"),
            kind: kind?,
        };
        refuse_others(fields, &request);
        Some(Self(target(fields, request)?))
    }
}

fn target(fields: &mut FieldReader, request: PaymentRequest) -> Option<TargetFor> {
    match request.kind {
        PaymentType::Membership => needed(fields, "tierId", request.tier_id).map(TargetFor::Membership),
        PaymentType::EventRegistration => {
            needed(fields, "registrationId", request.registration_id).map(TargetFor::Registration)
        }
        PaymentType::Training => {
            needed(fields, "enrollmentId", request.enrollment_id).map(TargetFor::Enrollment)
        }
        PaymentType::Donation | PaymentType::Sponsorship => {
            let amount = needed(fields, "amountCents", request.amount_cents)?;
            if !GIFTS.contains(&amount.get()) {
                let (least, most) = (GIFTS.start(), GIFTS.end());
                fields.fault("amountCents", format!("must be from {least} to {most} cents"));
            }
            let gift = Gift {
                is_sponsorship: request.kind == PaymentType::Sponsorship,
                event: request.event_id,
                credited_name: request.credited_name.map(|name| name.to_string()),
                message: request.message.map(|message| message.to_string()),
            };
            Some(TargetFor::Gift(gift, amount))
        }
    }
}

fn needed<T>(fields: &mut FieldReader, name: &'static str, value: Option<T>) -> Option<T> {
    if value.is_none() && !fields.has_fault(&[name]) {
        fields.fault(name, "is required for a payment of this type");
    }
    value
}

/// Names every field that a payment of this type has not.
fn refuse_others(fields: &mut FieldReader, request: &PaymentRequest) {
    use PaymentType::{Donation, EventRegistration, Membership, Sponsorship, Training};
    let sent: [(&'static str, bool, &[PaymentType]); 7] = [
        ("tierId", request.tier_id.is_some(), &[Membership]),
        (
            "registrationId",
            request.registration_id.is_some(),
            &[EventRegistration],
        ),
        ("enrollmentId", request.enrollment_id.is_some(), &[Training]),
        (
            "amountCents",
            request.amount_cents.is_some(),
            &[Donation, Sponsorship],
        ),
        ("eventId", request.event_id.is_some(), &[Sponsorship]),
        (
            "creditedName",
            request.credited_name.is_some(),
            &[Donation, Sponsorship],
        ),
        ("message", request.message.is_some(), &[Donation, Sponsorship]),
    ];
    for (name, is_sent, kinds) in sent {
        if is_sent && !kinds.contains(&request.kind) {
            fields.fault(name, format!("is no field of a payment of type {}", request.kind));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn pointers(body: Value) -> Vec<String> {
        let Value::Object(values) = body else {
            unreachable!()
        };
        let faults = portal_http::fields::object::<TargetBody>(values)
            .err()
            .unwrap_or_default();
        faults.into_iter().map(|fault| fault.pointer).collect()
    }

    #[test]
    fn each_type_has_its_fields_and_no_others() {
        let id = "0198a7c0-0000-7000-8000-000000000001";
        for good in [
            json!({"type": "MEMBERSHIP", "tierId": id}),
            json!({"type": "EVENT_REGISTRATION", "registrationId": id}),
            json!({"type": "TRAINING", "enrollmentId": id}),
            json!({"type": "DONATION", "amountCents": 100, "creditedName": "Ana", "message": "Thanks"}),
            json!({"type": "SPONSORSHIP", "amountCents": 250_000, "eventId": id}),
        ] {
            assert_eq!(pointers(good), Vec::<String>::new());
        }
        assert_eq!(pointers(json!({"type": "MEMBERSHIP"})), ["/tierId"]);
        assert_eq!(
            pointers(json!({"type": "DONATION", "amountCents": 99, "eventId": id})),
            ["/eventId", "/amountCents"]
        );
        assert_eq!(
            pointers(json!({"type": "TRAINING", "enrollmentId": id, "amountCents": 1})),
            ["/amountCents"],
            "the price is not the client's"
        );
        assert_eq!(
            pointers(json!({"type": "GIFT", "tierId": 7})),
            ["/type", "/tierId"]
        );
    }
}
