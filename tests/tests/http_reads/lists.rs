//! What lists have in common: their order, their forms and the search for text.

use std::collections::HashSet;

use reqwest::StatusCode;
use serde_json::Value;

use crate::support::{follow, get, page};

#[tokio::test]
async fn projects_are_listed_in_the_order_that_was_asked_for() {
    let newest = follow("/v1/projects?limit=9").await;
    let created: Vec<_> = newest
        .iter()
        .map(|item| item["createdAt"].as_str().unwrap())
        .collect();
    assert!(created.is_sorted_by(|one, other| one >= other));
    let ids: HashSet<_> = newest.iter().map(|item| item["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), newest.len());
    assert!(
        newest
            .iter()
            .all(|item| ["PUBLISHED", "BIDDING_OPEN"].contains(&item["status"].as_str().unwrap()))
    );
    assert!(
        newest
            .iter()
            .all(|item| item["visibility"] == "PUBLIC" && item.get("applicationCount").is_none())
    );
    let deadlines = follow("/v1/projects?limit=9&sort=deadline").await;
    assert_eq!(deadlines.len(), newest.len());
    let dated: Vec<_> = deadlines
        .iter()
        .map_while(|item| item["deadlineDate"].as_str())
        .collect();
    assert!(dated.is_sorted());
    assert!(
        deadlines
            .iter()
            .skip(dated.len())
            .all(|item| item["deadlineDate"].is_null())
    );
}

#[tokio::test]
async fn lists_come_as_geojson_where_that_is_wanted() {
    for path in [
        "/v1/contractors?near=37.7749,-122.4194&limit=1",
        "/v1/projects",
        "/v1/projects/near?near=37.8,-122.3",
    ] {
        let response = get(
            path,
            &[("accept", "application/json;q=0.5, application/geo+json")],
        )
        .await;
        assert_eq!(response.headers()["content-type"], "application/geo+json");
        let collection: Value = response.json().await.unwrap();
        assert_eq!(collection["type"], "FeatureCollection");
        for feature in collection["features"].as_array().unwrap() {
            assert_eq!(
                feature["geometry"]["coordinates"][1],
                feature["properties"]["coordinates"]["lat"]
            );
        }
        assert_eq!(
            get(path, &[("accept", "image/png")]).await.status(),
            StatusCode::NOT_ACCEPTABLE
        );
    }
}

#[tokio::test]
async fn any_text_can_be_searched_for() {
    for text in [
        "o'brien",
        "\"",
        "a & | ! b:*",
        "((",
        "-",
        "🏗️",
        "\\",
        "c-10",
        "' or 1=1 --",
    ] {
        let mut url = reqwest::Url::parse("http://x/").unwrap();
        url.query_pairs_mut().append_pair("q", text);
        for list in ["/v1/contractors", "/v1/projects"] {
            page(&format!("{list}?{}", url.query().unwrap())).await;
        }
    }
}
