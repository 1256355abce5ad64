//! Mails about searches that members keep.

use serde_json::Value;

use crate::mail::letter::{Details, Letter, line};
use crate::search::SearchType;

pub(super) fn alert(details: &Details<'_>) -> Letter {
    let letter = Letter::new("There is something new in your saved searches", details)
        .text("This has come since you were last told.");
    let searches = details.payload.get("searches").and_then(Value::as_array);
    searches
        .into_iter()
        .flatten()
        .fold(letter, |letter, search| match found(details, search) {
            Some((heading, items)) => letter.list(heading, items),
            None => letter,
        })
        .text(
            "You get this mail once a day at most. To get it no more, turn off the alerts of your searches.",
        )
        .link("Open your saved searches", details.page("search/saved"))
}

/// A search's name, and what is new in it with where each is; none where the payload has no such search.
fn found(details: &Details<'_>, search: &Value) -> Option<(String, Vec<(String, String)>)> {
    let name = line(search.get("name")?)?;
    let results = search.get("results").and_then(Value::as_array);
    let results = results.into_iter().flatten();
    let mut items: Vec<_> = results.filter_map(|result| item(details, result)).collect();
    let more = search.get("more").and_then(Value::as_u64).unwrap_or_default();
    let is_capped = search
        .get("isCapped")
        .and_then(Value::as_bool)
        .unwrap_or_default();
    let rest = match (more, is_capped) {
        (0, false) => None,
        (0, true) => Some("There may be more".to_owned()),
        (more, false) => Some(format!("{more} more")),
        (more, true) => Some(format!("At least {more} more")),
    };
    if let (Some(rest), Some(query)) = (rest, search.get("query").and_then(Value::as_str)) {
        items.push((rest, details.page(&format!("search?{query}"))));
    }
    Some((name, items))
}

fn item(details: &Details<'_>, result: &Value) -> Option<(String, String)> {
    let title = line(result.get("title")?)?;
    let id = line(result.get("id")?)?;
    let kind: SearchType = result.get("type")?.as_str()?.parse().ok()?;
    let folder = match kind {
        SearchType::Project => "projects",
        SearchType::Member => "members",
        SearchType::Contractor => "contractors",
        SearchType::Event => "events",
        SearchType::Course => "courses",
    };
    Some((title, details.page(&format!("{folder}/{id}"))))
}
