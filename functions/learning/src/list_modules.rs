//! `GET /v1/courses/{id}/modules`

use axum::extract::State;
use axum::response::Response;
use portal_data::courses::{self, ModulePosition};
use portal_data::read;
use portal_domain::ids::CourseId;
use portal_domain::listing::ModuleListing;
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::query::NoParameters;
use portal_http::{Call, PathParameters, Portal, Problem};

use crate::manage;

/// Lists the modules of a course, in their order.
///
/// What they teach (`content`) is told to who takes the course and has paid, to its author, and to staff; to others it is null.
#[utoipa::path(
    get,
    path = "/v1/courses/{id}/modules",
    operation_id = "list_modules",
    tag = "courses",
    params(("id" = CourseId, Path, description = "The course's id."), PageParameters),
    responses((status = 200, description = "A page of modules.", body = List<ModuleListing>,
        headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last.")))),
)]
pub(crate) async fn list_modules(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
    ListQuery { page, .. }: ListQuery<NoParameters>,
) -> Result<Response, Problem> {
    let id: CourseId = path.read("id")?;
    let keys = portal.cursor_keys(page.cursor()).await?;
    let after: Option<ModulePosition> = page.position(&keys)?;
    let read = read!(portal.database(), &call.context, |tx| {
        if courses::lookup(tx, id).await?.is_none() {
            return Ok(None);
        }
        let rows = courses::list_modules(tx, id, after, page.rows()).await?;
        let total = match page.counting() {
            Some(_) => Some(courses::count_modules(tx, id).await?),
            None => None,
        };
        Ok(Some((rows, total)))
    });
    let (rows, total) = read?.ok_or_else(manage::unseen)?;
    let page = page.page(&keys, rows, ModulePosition::after)?;
    Ok(page.with_total(total).respond_json())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_modules");
        assert_eq!(ListQuery::<NoParameters>::names(), documented);
    }
}
