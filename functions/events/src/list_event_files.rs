//! `GET /v1/events/{id}/files`

use axum::extract::State;
use axum::response::Response;
use portal_data::events::{self, EventFilePosition};
use portal_data::read;
use portal_domain::file::EventFile;
use portal_domain::ids::EventId;
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::query::NoParameters;
use portal_http::{Call, PathParameters, Portal, Problem};

use crate::manage;

/// Lists the files of an event, in the order in which they came, to who runs it and to who has a seat for which nothing is owed.
#[utoipa::path(
    get,
    path = "/v1/events/{id}/files",
    operation_id = "list_event_files",
    tag = "events",
    params(("id" = EventId, Path, description = "The event's id."), PageParameters),
    responses(
        (status = 200, description = "A page of files.", body = List<EventFile>,
         headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last."))),
        (status = 403, description = "The caller has no seat, or has not paid for it."),
    ),
)]
pub(crate) async fn list_event_files(
    State(portal): State<Portal>,
    call: Call,
    path: PathParameters,
    ListQuery { page, .. }: ListQuery<NoParameters>,
) -> Result<Response, Problem> {
    let id: EventId = path.read("id")?;
    let keys = portal.cursor_keys(page.cursor()).await?;
    let after: Option<EventFilePosition> = page.position(&keys)?;
    let read = read!(portal.database(), &call.context, |tx| {
        if let Err(problem) = manage::open(tx, id).await? {
            return Ok(Err(problem));
        }
        let rows = events::list_files(tx, id, after, page.rows()).await?;
        let total = match page.counting() {
            Some(_) => Some(events::count_files(tx, id).await?),
            None => None,
        };
        Ok(Ok((rows, total)))
    });
    let (rows, total) = read??;
    let page = page.page(&keys, rows, EventFilePosition::after)?;
    Ok(page.with_total(total).respond_json())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_event_files");
        assert_eq!(ListQuery::<NoParameters>::names(), documented);
    }
}
