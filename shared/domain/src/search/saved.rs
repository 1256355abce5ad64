//! Searches that a member keeps.

use std::fmt::Display;
use std::str::FromStr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::SearchType;
use crate::geo::LatLng;
use crate::ids::SavedSearchId;
use crate::listing::Moment;
use crate::money::Cents;

/// The longest query string that is kept: as long as an address may be that every browser and mail client takes.
pub const LONGEST_QUERY: usize = 1_800;

/// All but what RFC 3986 leaves unreserved.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What is searched for: the parameters of `GET /v1/search`, where what may be repeated is a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SavedQuery {
    /// Words, names, licence numbers and classes.
    #[schema(min_length = 1, max_length = 200, example = "electrician oakland")]
    pub q: String,
    /// What to search; everything without it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<SearchType>,
    /// States of projects, events and contractors' licences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<String>,
    /// Categories of projects and courses, and types of events.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub category: Vec<String>,
    /// Cities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub city: Vec<String>,
    /// Deadlines of projects and beginnings of events from this instant on.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "from_text"
    )]
    pub date_from: Option<Moment>,
    /// The same before this instant.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "from_text"
    )]
    pub date_to: Option<Moment>,
    /// Projects whose owner pays at least this many cents at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_min_cents: Option<Cents>,
    /// Projects whose owner pays at most this many cents at least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_max_cents: Option<Cents>,
    /// The middle of a circle as latitude and longitude in degrees.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "as_text",
        deserialize_with = "from_text"
    )]
    #[schema(value_type = Option<String>, example = "37.7749,-122.4194")]
    pub near: Option<LatLng>,
    /// The radius of the circle in miles; only with `near`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 500)]
    pub radius_miles: Option<f64>,
}

impl SavedQuery {
    /// The query string that `GET /v1/search` takes.
    #[must_use]
    pub fn query_string(&self) -> String {
        let escaped = |text: &str| utf8_percent_encode(text, ESCAPED).to_string();
        let mut pairs = match serde_json::to_value(self) {
            Ok(Value::Object(object)) => parameters(&object).unwrap_or_default(),
            _ => Vec::new(),
        };
        // By name; values of one name stay in their order.
        pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)))
            .collect();
        pairs.join("&")
    }
}

/// An object as the parameters of a query string: a list is a name that is repeated, and null is none.
///
/// # Errors
/// The names whose values are neither text nor numbers, nor lists of these.
pub fn parameters(object: &Map<String, Value>) -> Result<Vec<(String, String)>, Vec<String>> {
    let mut pairs = Vec::new();
    let mut faulty = Vec::new();
    for (name, value) in object {
        let values: &[Value] = match value {
            Value::Null => &[],
            Value::Array(values) => values.as_slice(),
            one => std::slice::from_ref(one),
        };
        let texts: Option<Vec<_>> = values.iter().map(plain).collect();
        match texts {
            Some(texts) => pairs.extend(texts.into_iter().map(|text| (name.clone(), text))),
            None => faulty.push(name.clone()),
        }
    }
    if faulty.is_empty() { Ok(pairs) } else { Err(faulty) }
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// What stands in a query string is read as there: in JSON the same types may take less.
fn from_text<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    let text = Option::<String>::deserialize(deserializer)?;
    let value = text.map(|text| text.parse().map_err(serde::de::Error::custom));
    value.transpose()
}

fn as_text<S: Serializer>(place: &Option<LatLng>, serializer: S) -> Result<S::Ok, S::Error> {
    let text = place.map(|place| format!("{},{}", place.lat(), place.lng()));
    text.serialize(serializer)
}

/// A search that a member keeps.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SavedSearch {
    /// Its id.
    pub id: SavedSearchId,
    /// What its member calls it.
    pub name: String,
    /// What is searched for.
    pub query: SavedQuery,
    /// Whether its member gets a mail, once a day at most, when there is something new.
    pub alerts_enabled: bool,
    /// When it was saved.
    pub created_at: Moment,
    /// When it was last changed.
    pub updated_at: Moment,
    /// Counts its changes; also in its entity tag.
    #[schema(minimum = 1)]
    pub version: i32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: Value) -> SavedQuery {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_query_reads_back_what_it_writes() {
        let written = json!({
            "q": "roof & gym", "types": ["PROJECT", "EVENT"], "city": ["San José"], "dateFrom": "2150-01-02T03:04:05Z",
            "budgetMinCents": 500, "near": "37.8,-122.25", "radiusMiles": 12.5,
        });
        let query = read(written.clone());
        assert_eq!(serde_json::to_value(&query).unwrap(), written);
        assert_eq!(
            query.query_string(),
            "budgetMinCents=500&city=San%20Jos%C3%A9&dateFrom=2150-01-02T03%3A04%3A05Z&near=37.8%2C-122.25&q=roof%20%26%20gym\
             &radiusMiles=12.5&types=PROJECT&types=EVENT"
        );
        assert_eq!(read(json!({"q": "x"})).query_string(), "q=x");
    }

    #[test]
    fn only_text_and_numbers_are_parameters() {
        let object = |value: Value| match value {
            Value::Object(object) => object,
            _ => Map::new(),
        };
        let faulty = parameters(&object(
            json!({"a": true, "b": {"c": 1}, "d": [null], "e": 1, "f": null}),
        ));
        assert_eq!(faulty.unwrap_err(), ["a", "b", "d"]);
        let pairs = parameters(&object(json!({"q": "x", "n": [1, "two"]}))).unwrap();
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert!(pairs.contains(&("n", "1")) && pairs.contains(&("n", "two")) && pairs.contains(&("q", "x")));
    }
}
