//! `GET /v1/skills`

use axum::extract::State;
use axum::response::Response;
use portal_data::{members, read};
use portal_http::page::{List, ListQuery, PageParameters};
use portal_http::query::{FromQuery, QueryReader};
use portal_http::{Call, Portal, Problem};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

/// What skills to show.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SkillParameters {
    /// A part of the name, in any case.
    #[param(
        nullable = false,
        min_length = 1,
        max_length = 80,
        pattern = r"^[^\x00]*[^\s\x00][^\x00]*$"
    )]
    q: Option<String>,
}

impl FromQuery for SkillParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        Some(Self {
            q: query.text("q", 80),
        })
    }
}

/// A skill that members and projects pick from.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VocabularySkill {
    /// Its name.
    name: String,
}

/// Lists the vocabulary of skills by name.
#[utoipa::path(
    get,
    path = "/v1/skills",
    operation_id = "list_skills",
    tag = "members",
    params(SkillParameters, PageParameters),
    responses((status = 200, description = "A page of skills.", body = List<VocabularySkill>,
        headers(("Link" = String, description = "The next page, with rel=\"next\"; absent on the last.")))),
)]
pub(crate) async fn list_skills(
    State(portal): State<Portal>,
    call: Call,
    ListQuery { filters, page }: ListQuery<SkillParameters>,
) -> Result<Response, Problem> {
    let keys = portal.cursor_keys(page.cursor()).await?;
    let after: Option<String> = page.position(&keys)?;
    let q = filters.q.as_deref().map(str::trim);
    let read = read!(portal.database(), &call.context, |tx| {
        let names = members::list_vocabulary(tx, q, after.as_deref(), page.rows()).await?;
        let total = match page.counting() {
            Some(_) => Some(members::count_vocabulary(tx, q).await?),
            None => None,
        };
        Ok((names, total))
    });
    let (names, total) = read?;
    let page = page.page(&keys, names, String::clone)?.with_total(total);
    Ok(page.map(|name| VocabularySkill { name }).respond_json())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "list_skills");
        assert_eq!(ListQuery::<SkillParameters>::names(), documented);
    }
}
