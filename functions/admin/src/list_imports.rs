//! `GET /v1/admin/imports`

use axum::extract::State;
use axum::response::Response;
use portal_data::imports::{self, ImportFilters, ImportPosition};
use portal_data::read;
use portal_domain::contractor::ImportState;
use portal_domain::listing::ImportListing;
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::query::{FromQuery, QueryReader};
use portal_http::{Call, Portal, Problem};
use utoipa::IntoParams;

use crate::permitted::permit;

/// What imports to show.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct ImportParameters {
    /// How far they have come; repeated, any of these states.
    #[param(required = false)]
    state: Vec<ImportState>,
    /// Of the file with this key in the imports bucket.
    #[param(
        nullable = false,
        min_length = 1,
        max_length = 1024,
        pattern = r"^[^\x00]*[^\s\x00][^\x00]*$"
    )]
    object_key: Option<String>,
}

impl FromQuery for ImportParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        Some(Self {
            state: query.many("state"),
            object_key: query.text("objectKey", 1024),
        })
    }
}

/// Lists imports of licence files, the newest first, each with its progress.
#[utoipa::path(
    get,
    path = "/v1/admin/imports",
    operation_id = "list_imports",
    tag = "admin",
    params(ImportParameters, PageParameters),
    responses((status = 200, description = "A page of imports.", body = List<ImportListing>,
        headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last.")))),
)]
pub(crate) async fn list_imports(
    State(portal): State<Portal>,
    call: Call,
    ListQuery { filters, page }: ListQuery<ImportParameters>,
) -> Result<Response, Problem> {
    let filters = ImportFilters {
        states: filters.state,
        object_key: filters.object_key,
    };
    let keys = portal.cursor_keys(page.cursor()).await?;
    let after: Option<ImportPosition> = page.position(&keys)?;
    let read = read!(portal.database(), &call.context, |tx| {
        permit(tx, &call).await?;
        let rows = imports::browse(tx, &filters, after, page.rows()).await?;
        let total = match page.counting() {
            Some(_) => Some(imports::count(tx, &filters).await?),
            None => None,
        };
        Ok((rows, total))
    });
    let (rows, total) = read?;
    let page = page.page(&keys, rows, ImportPosition::after)?;
    Ok(page.with_total(total).respond_json())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_imports");
        assert_eq!(ListQuery::<ImportParameters>::names(), documented);
    }
}
