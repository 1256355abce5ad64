//! `GET /v1/projects/{id}/files`

use axum::extract::State;
use axum::response::Response;
use portal_data::projects::{self, FilePosition};
use portal_data::read;
use portal_domain::file::ProjectFile;
use portal_domain::ids::ProjectId;
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::query::NoParameters;
use portal_http::{Call, PathParameters, Portal, Problem};

use crate::manage;

/// Lists the files of a project, in the order in which they came.
#[utoipa::path(
    get,
    path = "/v1/projects/{id}/files",
    operation_id = "list_project_files",
    tag = "projects",
    params(("id" = ProjectId, Path, description = "The project's id."), PageParameters),
    responses((status = 200, description = "A page of files.", body = List<ProjectFile>,
        headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last.")))),
)]
pub(crate) async fn list_project_files(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
    ListQuery { page, .. }: ListQuery<NoParameters>,
) -> Result<Response, Problem> {
    let id: ProjectId = path.read("id")?;
    let keys = portal.cursor_keys(page.cursor()).await?;
    let after: Option<FilePosition> = page.position(&keys)?;
    let read = read!(portal.database(), &call.context, |tx| {
        if projects::lookup(tx, id).await?.is_none() {
            return Ok(None);
        }
        let rows = projects::list_files(tx, id, after, page.rows()).await?;
        let total = match page.counting() {
            Some(_) => Some(projects::count_files(tx, id).await?),
            None => None,
        };
        Ok(Some((rows, total)))
    });
    let (rows, total) = read?.ok_or_else(manage::unseen)?;
    let page = page.page(&keys, rows, FilePosition::after)?;
    Ok(page.with_total(total).respond_json())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_project_files");
        assert_eq!(ListQuery::<NoParameters>::names(), documented);
    }
}
