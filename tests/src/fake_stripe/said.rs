//! Parameters as they come, and answers as they go.

use std::collections::BTreeMap;

use serde_json::{Value, json};

#[derive(Clone)]
pub(super) struct Said {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Said {
    pub(super) fn ok(body: Value) -> Self {
        Self { status: 200, body }
    }

    pub(super) fn error(status: u16, kind: &str, code: &str) -> Self {
        let body = json!({"error": {"type": kind, "code": code, "message": code}});
        Self { status, body }
    }

    pub(super) fn invalid(code: &str) -> Self {
        Self::error(400, "invalid_request_error", code)
    }

    pub(super) fn missing() -> Self {
        Self::error(404, "invalid_request_error", "resource_missing")
    }
}

/// The parameters of a request, by their names.
pub(super) type Form = BTreeMap<String, String>;

pub(super) fn form(text: &[u8]) -> Form {
    form_urlencoded::parse(text).into_owned().collect()
}

pub(super) fn metadata(form: &Form) -> BTreeMap<String, String> {
    let inside = form.iter().filter_map(|(name, value)| {
        let name = name.strip_prefix("metadata[")?.strip_suffix(']')?;
        Some((name.to_owned(), value.clone()))
    });
    inside.collect()
}

/// A page of what was made in the time that is asked for.
pub(super) fn page(form: &Form, things: impl Iterator<Item = (i64, Value)>) -> Said {
    let bound = |name: &str, or: i64| form.get(name).and_then(|text| text.parse().ok()).unwrap_or(or);
    let (from, until) = (bound("created[gte]", 0), bound("created[lt]", i64::MAX));
    let limit = usize::try_from(bound("limit", 10)).unwrap_or(10);
    let fits = things.filter(|(created, _)| (from..until).contains(created));
    let mut rest: Vec<_> = fits.map(|(_, thing)| thing).collect();
    if let Some(after) = form.get("starting_after") {
        let place = rest.iter().position(|thing| thing["id"] == after.as_str());
        rest = rest.split_off(place.map_or(0, |place| place + 1));
    }
    let has_more = rest.len() > limit;
    rest.truncate(limit);
    Said::ok(json!({"object": "list", "data": rest, "has_more": has_more}))
}
