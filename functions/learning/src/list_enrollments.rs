//! `GET /v1/enrollments`

use axum::extract::State;
use axum::response::Response;
use portal_data::enrollments::EnrollmentFilters;
use portal_domain::course::Enrollment;
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::{Call, Portal, Problem};

use crate::enrollment_list::{self, EnrollmentParameters};

/// Lists the caller's own enrolments, the latest first.
#[utoipa::path(
    get,
    path = "/v1/enrollments",
    operation_id = "list_enrollments",
    tag = "enrollments",
    params(EnrollmentParameters, PageParameters),
    responses((status = 200, description = "A page of enrolments.", body = List<Enrollment>,
        headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last.")))),
)]
pub(crate) async fn list_enrollments(
    State(portal): State<Portal>,
    call: Call,
    ListQuery { filters, page }: ListQuery<EnrollmentParameters>,
) -> Result<Response, Problem> {
    let own = EnrollmentFilters {
        member: Some(call.member()?),
        statuses: filters.status,
        course: None,
    };
    enrollment_list::page(&portal, &call, &page, &own, None).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_enrollments");
        assert_eq!(ListQuery::<EnrollmentParameters>::names(), documented);
    }
}
