//! The read routes through the gateway and the pooler, over whatever the stack holds.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::collections::HashSet;

use portal_domain::geo::{Distance, LatLng};
use portal_tests::stack::Stack;
use reqwest::{Response, StatusCode};
use serde_json::Value;
use sqlx::{Connection as _, PgConnection, Row as _};

const SAN_FRANCISCO: (f64, f64) = (37.7749, -122.4194);

async fn get(path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = reqwest::Client::new().get(format!("{}{path}", Stack::get().api_url));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.expect("the gateway answers")
}

async fn page(path: &str) -> Value {
    let response = get(path, &[]).await;
    let status = response.status();
    let body: Value = response.json().await.expect("a JSON body");
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    body
}

async fn owner() -> PgConnection {
    let url = &Stack::get().databases["owner"].primary;
    PgConnection::connect(url).await.expect("the owner can connect")
}

/// Every licence with a place, with its great-circle distance in metres computed here, nearest first.
async fn by_distance(middle: LatLng, radius: Distance) -> Vec<(String, f64)> {
    let rows = sqlx::query(
        "SELECT license_number, ST_Y(coordinates::geometry) AS lat, ST_X(coordinates::geometry) AS lng
         FROM california_contractors WHERE coordinates IS NOT NULL",
    )
    .fetch_all(&mut owner().await)
    .await
    .unwrap();
    let mut near: Vec<(String, f64)> = rows
        .iter()
        .map(|row| {
            let place = LatLng::new(row.get("lat"), row.get("lng")).unwrap();
            (row.get("license_number"), middle.distance_to(place).metres())
        })
        .filter(|(_, metres)| *metres <= radius.metres())
        .collect();
    near.sort_by(|one, other| one.1.total_cmp(&other.1));
    near
}

/// Follows the cursor to the end, through the addresses that the pages give.
async fn follow(first: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut next = Some(first.to_owned());
    while let Some(path) = next {
        let response = get(&path, &[]).await;
        let link = response
            .headers()
            .get("link")
            .map(|link| link.to_str().unwrap().to_owned());
        let body: Value = response.json().await.unwrap();
        items.extend(
            body["items"]
                .as_array()
                .unwrap_or_else(|| panic!("{path}: {body}"))
                .clone(),
        );
        assert_eq!(link.is_some(), body["nextCursor"].is_string());
        next = link.map(|link| link.trim_start_matches('<').split_once('>').unwrap().0.to_owned());
    }
    items
}

#[tokio::test]
async fn a_radius_list_equals_a_brute_force_great_circle_computation() {
    let middle = LatLng::new(SAN_FRANCISCO.0, SAN_FRANCISCO.1).unwrap();
    for miles in [0.0, 1.0, 5.0] {
        let expected = by_distance(middle, Distance::from_miles(miles)).await;
        let path = format!(
            "/v1/contractors?near={},{}&radiusMiles={miles}&limit=100",
            middle.lat(),
            middle.lng()
        );
        let items = follow(&path).await;
        let got: Vec<f64> = items
            .iter()
            .map(|item| item["distanceMiles"].as_f64().unwrap())
            .collect();
        let numbers = |items: &[Value]| -> HashSet<String> {
            items
                .iter()
                .map(|item| item["licenseNumber"].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(
            numbers(&items),
            expected.iter().map(|(number, _)| number.clone()).collect()
        );
        assert_eq!(items.len(), expected.len(), "no licence twice");
        for (distance, (number, metres)) in got.iter().zip(&expected) {
            let off = (distance - Distance::from_metres(*metres).miles()).abs();
            assert!(off < 1e-6, "{number} is {off} miles off");
        }
        assert!(got.is_sorted(), "nearest first");
    }
}

#[tokio::test]
async fn a_reader_of_the_names_sees_every_row_once_and_in_order() {
    let city: Option<String> = sqlx::query_scalar(
        "SELECT lower(city) FROM california_contractors WHERE city IS NOT NULL
         GROUP BY 1 HAVING count(*) BETWEEN 5 AND 2000 ORDER BY count(*) DESC, 1 LIMIT 1",
    )
    .fetch_optional(&mut owner().await)
    .await
    .unwrap();
    let city = city.expect("the stack holds contractors: `cargo xtask dev` loads some");
    let mut url = reqwest::Url::parse("http://x/v1/contractors").unwrap();
    url.query_pairs_mut()
        .append_pair("city", &city)
        .append_pair("limit", "7");
    let items = follow(&format!("/v1/contractors?{}", url.query().unwrap())).await;
    let expected: Vec<String> = sqlx::query_scalar(
        "SELECT license_number FROM california_contractors WHERE lower(city) = $1 ORDER BY display_name, license_number",
    )
    .bind(&city)
    .fetch_all(&mut owner().await)
    .await
    .unwrap();
    let got: Vec<_> = items
        .iter()
        .map(|item| item["licenseNumber"].as_str().unwrap())
        .collect();
    assert_eq!(got, expected);
    url.query_pairs_mut().append_pair("count", "exact");
    let counted = page(&format!("/v1/contractors?{}", url.query().unwrap())).await;
    assert_eq!(counted["total"], expected.len());
}

#[tokio::test]
async fn a_contractor_has_an_entity_tag_and_is_not_sent_twice() {
    let list = page("/v1/contractors?limit=1").await;
    let number = list["items"][0]["licenseNumber"]
        .as_str()
        .expect("the stack holds contractors");
    let path = format!("/v1/contractors/{number}");
    let response = get(&path, &[]).await;
    let tag = response.headers()["etag"].to_str().unwrap().to_owned();
    let contractor: Value = response.json().await.unwrap();
    assert_eq!(contractor["licenseNumber"], number);
    assert!(contractor.get("outreachStatus").is_none());
    let again = get(&path, &[("if-none-match", &tag)]).await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert!(again.text().await.unwrap().is_empty());
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
async fn what_cannot_be_taken_is_a_problem_that_names_it() {
    for (path, status) in [
        ("/v1/contractors?limit=-1", 422),
        ("/v1/contractors?limit=101", 422),
        ("/v1/contractors?near=abc", 422),
        ("/v1/contractors?near=91,0", 422),
        ("/v1/contractors?radiusMiles=5", 422),
        ("/v1/contractors?near=1,2&radiusMiles=501", 422),
        ("/v1/contractors?class=C-10A", 422),
        ("/v1/contractors?q=%00", 422),
        ("/v1/contractors?q=%zz", 400),
        ("/v1/contractors?q=%ff", 400),
        ("/v1/contractors?nonsense=1", 422),
        ("/v1/contractors?cursor=forged", 400),
        ("/v1/contractors?cursor=k1.eyJ9.AAAA", 400),
        ("/v1/contractors?notMember=true", 401),
        ("/v1/contractors/abc", 404),
        ("/v1/contractors/999999999999", 404),
        ("/v1/projects?status=OPEN", 422),
        ("/v1/projects?sort=title", 422),
        ("/v1/projects?deadlineBefore=tomorrow", 422),
        ("/v1/projects/near", 422),
        ("/v1/projects/not-an-id", 404),
        ("/v1/projects/00000000-0000-7000-8000-000000000000", 404),
        ("/v1/problems/no-such", 404),
    ] {
        let response = get(path, &[]).await;
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(
            response.headers()["content-type"],
            "application/problem+json",
            "{path}"
        );
        let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
        let problem: Value = response.json().await.unwrap();
        assert_eq!(problem["requestId"], id);
        assert_eq!(problem["instance"], path.split('?').next().unwrap());
        let page = get(problem["type"].as_str().unwrap(), &[("accept", "text/html")]).await;
        assert_eq!(page.status(), StatusCode::OK, "{} is described", problem["type"]);
    }
}

#[tokio::test]
async fn a_cursor_of_other_filters_is_refused() {
    let first = page("/v1/contractors?limit=1").await;
    let cursor = first["nextCursor"]
        .as_str()
        .expect("the stack holds more than one contractor");
    assert_eq!(
        get(&format!("/v1/contractors?cursor={cursor}"), &[])
            .await
            .status(),
        StatusCode::OK
    );
    let foreign = get(&format!("/v1/contractors?city=oakland&cursor={cursor}"), &[]).await;
    assert_eq!(foreign.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_token_that_nobody_issued_is_refused() {
    let response = get("/v1/contractors?limit=1", &[("authorization", "Bearer x.y.z")]).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(response.headers()["www-authenticate"], "Bearer");
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
