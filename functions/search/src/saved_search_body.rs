//! A search that a member keeps, as it is sent.

use portal_data::saved_searches::SavedSearchDetails;
use portal_domain::search::{LONGEST_QUERY, SavedQuery, parameters};
use portal_domain::text::Line;
use portal_http::fields::{FieldReader, FromFields};
use portal_http::problem::Fault;
use portal_http::query::{FromQuery as _, QueryReader};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::search_parameters::SearchParameters;

/// What its member says of it.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SavedSearchBody {
    /// What they call it.
    pub(crate) name: Line<100>,
    /// What is searched for.
    pub(crate) query: SavedQuery,
    /// Whether they get a mail, once a day at most, when there is something new.
    #[schema(required = false, default = true)]
    pub(crate) alerts_enabled: bool,
}

impl SavedSearchBody {
    pub(crate) fn details(&self) -> SavedSearchDetails<'_> {
        SavedSearchDetails {
            name: &self.name,
            query: &self.query,
            alerts_enabled: self.alerts_enabled,
        }
    }
}

impl FromFields for SavedSearchBody {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let name = fields.required("name");
        let query = fields
            .required("query")
            .and_then(|query| read_query(fields, &query));
        let alerts_enabled = fields.defaulted("alertsEnabled").unwrap_or(true);
        Some(Self {
            name: name?,
            query: query?,
            alerts_enabled,
        })
    }
}

/// Reads what is searched for as `GET /v1/search` reads it, so that what is kept can be searched for.
fn read_query(fields: &mut FieldReader, object: &Map<String, Value>) -> Option<SavedQuery> {
    let pairs = match parameters(object) {
        Ok(pairs) => pairs,
        Err(names) => {
            let fault = |name: &String| Fault::query(name, "must be a text or a number, or a list of these");
            fields.faults_inside(&names.iter().map(fault).collect::<Vec<_>>());
            return None;
        }
    };
    let mut reader = QueryReader::of(pairs);
    let query = SearchParameters::read(&mut reader);
    if let Err(problem) = reader.finish() {
        fields.faults_inside(problem.faults());
        return None;
    }
    let query = query.map(SearchParameters::saved)?;
    let length = query.query_string().len();
    if length > LONGEST_QUERY {
        fields.fault(
            "query",
            format!("has {length} characters as a query string, which may have {LONGEST_QUERY}"),
        );
        return None;
    }
    Some(query)
}

#[cfg(test)]
mod tests {
    use super::*;
    use portal_http::fields::object;
    use serde_json::json;

    fn read(body: Value) -> Result<SavedSearchBody, Vec<String>> {
        let Value::Object(body) = body else { unreachable!() };
        object(body).map_err(|faults| faults.into_iter().map(|fault| fault.pointer).collect())
    }

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "SavedSearchBody");
        assert_eq!(portal_http::fields::names::<SavedSearchBody>(), documented);
    }

    #[test]
    fn the_parameters_of_a_kept_search_are_those_of_a_search() {
        let mut kept = portal_http::openapi::properties(&crate::openapi(), "SavedQuery");
        kept.sort();
        assert_eq!(portal_http::query::names::<SearchParameters>(), kept);
    }

    #[test]
    fn every_fault_is_named_where_it_stands() {
        let faults = read(json!({
            "name": " ",
            "query": { "types": ["PERSON"], "radiusMiles": 5, "sort": "best" },
            "alertsEnabled": "yes",
        }));
        let faults = faults.unwrap_err();
        for pointer in [
            "/name",
            "/query/q",
            "/query/types",
            "/query/radiusMiles",
            "/query/sort",
            "/alertsEnabled",
        ] {
            assert!(
                faults.iter().any(|fault| fault == pointer),
                "{pointer} of {faults:?}"
            );
        }
        let nested = read(json!({"name": "n", "query": { "q": { "a": 1 }, "city": [[]] }}));
        assert_eq!(nested.unwrap_err(), ["/query/city", "/query/q"]);
        assert_eq!(
            read(json!({"name": "n", "query": "q=x"})).unwrap_err(),
            ["/query"]
        );
        let long: Vec<_> = (0..20)
            .map(|place| format!("{}{place}", "x".repeat(90)))
            .collect();
        let long = read(json!({"name": "n", "query": { "q": "x", "city": long }}));
        assert_eq!(long.unwrap_err(), ["/query"]);
    }

    #[test]
    fn what_is_read_reads_back() {
        let body = read(json!({
            "name": "n",
            "query": { "q": "roof", "near": "37.8,-122.3", "budgetMinCents": 7, "types": "PROJECT" },
        }))
        .unwrap();
        assert!(body.alerts_enabled);
        assert_eq!(body.query.radius_miles, Some(25.0));
        assert_eq!(read(serde_json::to_value(&body).unwrap()).unwrap(), body);
    }
}
