//! Contractors: near a place, by name, and one by one.

use std::collections::HashSet;

use portal_domain::geo::{Distance, LatLng};
use reqwest::StatusCode;
use serde_json::Value;
use sqlx::Row as _;

use crate::support::{follow, get, owner, page};

const SAN_FRANCISCO: (f64, f64) = (37.7749, -122.4194);

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
