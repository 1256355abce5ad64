//! Payments: memberships and the people whom they cover, payments and what is given back of them, and what Stripe tells.

mod accept_membership_invitation;
mod add_membership_person;
mod cancel_payment;
mod create_payment;
mod list_membership_people;
mod list_membership_tiers;
mod list_payments;
mod person_body;
mod problems;
mod receipt_body;
mod refund_body;
mod refund_payment;
mod remove_membership_person;
mod show_membership;
mod show_payment;
mod show_receipt;
mod state;
mod take_webhook;
mod target_body;

use portal_http::Operations;
pub use state::Payments;
use utoipa::OpenApi;

/// The function's name.
pub const FUNCTION: &str = "payments";

/// The handlers, by operation.
#[must_use]
pub fn operations() -> Operations<Payments> {
    Operations::of(FUNCTION)
        .bind(
            "accept_membership_invitation",
            accept_membership_invitation::accept_membership_invitation,
        )
        .bind(
            "add_membership_person",
            add_membership_person::add_membership_person,
        )
        .bind("cancel_payment", cancel_payment::cancel_payment)
        .bind("create_payment", create_payment::create_payment)
        .bind(
            "list_membership_people",
            list_membership_people::list_membership_people,
        )
        .bind(
            "list_membership_tiers",
            list_membership_tiers::list_membership_tiers,
        )
        .bind("list_payments", list_payments::list_payments)
        .bind("refund_payment", refund_payment::refund_payment)
        .bind(
            "remove_membership_person",
            remove_membership_person::remove_membership_person,
        )
        .bind("show_membership", show_membership::show_membership)
        .bind("show_payment", show_payment::show_payment)
        .bind("show_receipt", show_receipt::show_receipt)
        .bind("take_webhook", take_webhook::take_webhook)
}

#[derive(OpenApi)]
#[openapi(paths(
    accept_membership_invitation::accept_membership_invitation,
    add_membership_person::add_membership_person,
    cancel_payment::cancel_payment,
    create_payment::create_payment,
    list_membership_people::list_membership_people,
    list_membership_tiers::list_membership_tiers,
    list_payments::list_payments,
    refund_payment::refund_payment,
    remove_membership_person::remove_membership_person,
    show_membership::show_membership,
    show_payment::show_payment,
    show_receipt::show_receipt,
    take_webhook::take_webhook
))]
struct Document;

/// The function's part of the OpenAPI document.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    portal_http::openapi::complete(Document::openapi())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handlers_description_and_table_agree() {
        assert_eq!(operations().into_router().err(), None);
        assert_eq!(
            portal_http::openapi::differences(FUNCTION, &openapi()),
            Vec::<String>::new()
        );
    }
}
