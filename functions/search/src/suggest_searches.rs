//! `GET /v1/search/suggest`

use axum::Json;
use axum::extract::State;
use portal_data::read;
use portal_data::search::{self, Suggestion};
use portal_domain::contractor::LicenceNumber;
use portal_http::query::{FromQuery, Query, QueryReader};
use portal_http::{Call, Portal, Problem};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::search_parameters::LONGEST;

/// What has been typed so far.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SuggestParameters {
    /// The text, to which its last word may not have been typed to the end.
    #[param(
        min_length = 1,
        max_length = 200,
        pattern = r"^[^\x00]*[^\s\x00][^\x00]*$",
        example = "pacific plu"
    )]
    q: String,
}

impl FromQuery for SuggestParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        if !query.has("q") {
            query.fault("q", "is required");
        }
        query.text("q", LONGEST).map(|q| Self { q })
    }
}

/// Something to search for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(
    tag = "type",
    rename_all = "SCREAMING_SNAKE_CASE",
    rename_all_fields = "camelCase"
)]
pub(crate) enum SearchSuggestion {
    /// The words with the last one completed.
    Words {
        /// All of them.
        text: String,
        /// How many public documents have the last one.
        #[schema(minimum = 1)]
        documents: i64,
    },
    /// A firm whose name begins so.
    Contractor {
        /// Its name.
        text: String,
        /// Its licence.
        license_number: LicenceNumber,
    },
}

impl From<Suggestion> for SearchSuggestion {
    fn from(suggestion: Suggestion) -> Self {
        match suggestion {
            Suggestion::Words { text, documents } => Self::Words { text, documents },
            Suggestion::Contractor { name, license_number } => Self::Contractor {
                text: name,
                license_number,
            },
        }
    }
}

/// What a text may become.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SearchSuggestions {
    /// At most ten: completed words, the commonest first, then firms by name.
    #[schema(max_items = 10)]
    suggestions: Vec<SearchSuggestion>,
}

/// Suggests searches while somebody types.
///
/// From public documents alone, whoever asks.
#[utoipa::path(
    get,
    path = "/v1/search/suggest",
    operation_id = "suggest_searches",
    tag = "search",
    params(SuggestParameters),
    responses((status = 200, description = "What the text may become.", body = SearchSuggestions)),
)]
pub(crate) async fn suggest_searches(
    State(portal): State<Portal>,
    call: Call,
    Query(SuggestParameters { q }): Query<SuggestParameters>,
) -> Result<Json<SearchSuggestions>, Problem> {
    let suggestions = read!(portal.database(), &call.context, |tx| search::suggest(tx, &q)
        .await)?;
    let suggestions = suggestions.into_iter().map(SearchSuggestion::from).collect();
    Ok(Json(SearchSuggestions { suggestions }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "suggest_searches");
        assert_eq!(portal_http::query::names::<SuggestParameters>(), documented);
    }
}
