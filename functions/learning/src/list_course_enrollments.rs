//! `GET /v1/courses/{id}/enrollments`

use axum::extract::State;
use axum::response::Response;
use portal_data::enrollments::EnrollmentFilters;
use portal_domain::course::Enrollment;
use portal_domain::ids::CourseId;
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::{Call, PathParameters, Portal, Problem};

use crate::enrollment_list::{self, EnrollmentParameters};
use crate::manage::MANAGE;

/// Lists who takes a course, the latest first.
#[utoipa::path(
    get,
    path = "/v1/courses/{id}/enrollments",
    operation_id = "list_course_enrollments",
    tag = "enrollments",
    params(("id" = CourseId, Path, description = "The course's id."), EnrollmentParameters, PageParameters),
    responses((status = 200, description = "A page of enrolments.", body = List<Enrollment>,
        headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last.")))),
)]
pub(crate) async fn list_course_enrollments(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
    ListQuery { filters, page }: ListQuery<EnrollmentParameters>,
) -> Result<Response, Problem> {
    let of_course = EnrollmentFilters {
        course: Some(path.read("id")?),
        statuses: filters.status,
        member: None,
    };
    enrollment_list::page(&portal, &call, &page, &of_course, Some(MANAGE)).await
}
