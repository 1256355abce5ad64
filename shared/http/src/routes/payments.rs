//! Memberships, payments, and what Stripe tells of them.

use axum::http::Method;

use super::{DatabaseRole, Route};

pub(super) static ROUTES: &[Route] = &[
    route(Method::GET, "/v1/membership", "show_membership"),
    route(Method::GET, "/v1/membership/tiers", "list_membership_tiers").public(),
    route(Method::GET, "/v1/membership/people", "list_membership_people"),
    route(Method::POST, "/v1/membership/people", "add_membership_person").throttled(),
    route(
        Method::DELETE,
        "/v1/membership/people/{id}",
        "remove_membership_person",
    ),
    route(
        Method::POST,
        "/v1/membership/invitations/{id}/accept",
        "accept_membership_invitation",
    ),
    route(Method::GET, "/v1/payments", "list_payments"),
    route(Method::POST, "/v1/payments", "create_payment").throttled(),
    route(Method::POST, "/v1/payments/webhook", "take_webhook")
        .anonymous()
        .served_by(DatabaseRole::Jobs),
    route(Method::GET, "/v1/payments/{id}", "show_payment"),
    route(Method::POST, "/v1/payments/{id}/cancel", "cancel_payment"),
    route(Method::GET, "/v1/payments/{id}/receipt", "show_receipt"),
    route(Method::POST, "/v1/payments/{id}/refund", "refund_payment").permitted("payments.refund"),
];

const fn route(method: Method, path: &'static str, operation: &'static str) -> Route {
    Route::new("payments", method, path, operation)
}
