//! `GET /v1/payments`

use axum::extract::State;
use axum::response::Response;
use portal_data::payments::{self, PaymentFilters, PaymentPosition};
use portal_data::{permissions, read};
use portal_domain::ids::UserId;
use portal_domain::listing::PaymentListing;
use portal_domain::payment::{PaymentStatus, PaymentType};
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::query::{FromQuery, QueryReader};
use portal_http::{Call, Portal, Problem};
use utoipa::IntoParams;

/// The permission to see every payment.
const READ: &str = "payments.read";

/// What payments to show.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PaymentParameters {
    /// Whose; the caller's own without. Others' take the permission `payments.read`.
    #[param(nullable = false, rename = "userId")]
    user: Option<UserId>,
    /// What they are for; a name that is repeated means any of its values.
    #[param(required = false, rename = "type")]
    kind: Vec<PaymentType>,
    /// Where they stand; a name that is repeated means any of its values.
    #[param(required = false)]
    status: Vec<PaymentStatus>,
}

impl FromQuery for PaymentParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        Some(Self {
            user: query.one("userId"),
            kind: query.many("type"),
            status: query.many("status"),
        })
    }
}

/// Lists payments, the latest first: the caller's own, or those of a member for who has `payments.read`.
#[utoipa::path(
    get,
    path = "/v1/payments",
    operation_id = "list_payments",
    tag = "payments",
    params(PaymentParameters, PageParameters),
    responses((status = 200, description = "A page of payments.", body = List<PaymentListing>,
        headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last.")))),
)]
pub(crate) async fn list_payments(
    State(portal): State<Portal>,
    call: Call,
    ListQuery { filters, page }: ListQuery<PaymentParameters>,
) -> Result<Response, Problem> {
    let me = call.member()?;
    let keys = portal.cursor_keys(page.cursor()).await?;
    let after: Option<PaymentPosition> = page.position(&keys)?;
    let whose = filters.user.unwrap_or(me);
    let filters = PaymentFilters {
        member: Some(whose),
        kinds: filters.kind,
        statuses: filters.status,
    };
    let read = read!(portal.database(), &call.context, |tx| {
        if whose != me {
            permissions::require(tx, READ).await?;
        }
        let rows = payments::list(tx, &filters, after, page.rows()).await?;
        let total = match page.counting() {
            Some(_) => Some(payments::count(tx, &filters).await?),
            None => None,
        };
        Ok((rows, total))
    });
    let (rows, total) = read?;
    let page = page.page(&keys, rows, PaymentPosition::after)?;
    Ok(page.with_total(total).respond_json())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_payments");
        assert_eq!(ListQuery::<PaymentParameters>::names(), documented);
    }
}
