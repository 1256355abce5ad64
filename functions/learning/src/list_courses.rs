//! `GET /v1/courses`

use axum::extract::State;
use axum::response::Response;
use portal_data::courses::{self, CourseFilters, CoursePosition};
use portal_data::read;
use portal_domain::listing::CourseListing;
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::{Call, Portal, Problem};

use crate::course_filters::CourseParameters;

/// Lists courses, the latest published first.
#[utoipa::path(
    get,
    path = "/v1/courses",
    operation_id = "list_courses",
    tag = "courses",
    params(CourseParameters, PageParameters),
    responses((status = 200, description = "A page of courses.", body = List<CourseListing>,
        headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last.")))),
)]
pub(crate) async fn list_courses(
    State(portal): State<Portal>,
    call: Call,
    ListQuery { filters, page }: ListQuery<CourseParameters>,
) -> Result<Response, Problem> {
    let keys = portal.cursor_keys(page.cursor()).await?;
    let after: Option<CoursePosition> = page.position(&keys)?;
    let filters = CourseFilters::from(filters);
    let read = read!(portal.database(), &call.context, |tx| {
        let rows = courses::list(tx, &filters, after, page.rows()).await?;
        Ok((rows, courses::total(tx, &filters, page.counting()).await?))
    });
    let (rows, total) = read?;
    let page = page.page(&keys, rows, CoursePosition::after)?;
    Ok(page.with_total(total).respond_json())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_courses");
        assert_eq!(ListQuery::<CourseParameters>::names(), documented);
    }
}
