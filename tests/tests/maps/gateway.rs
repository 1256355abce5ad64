//! The routes of maps through the gateway and the pooler, over whatever the stack holds.

use portal_tests::stack::Stack;
use reqwest::header::HeaderMap;
use reqwest::{Response, StatusCode};
use serde_json::Value;

use crate::mvt;

async fn get(path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = reqwest::Client::builder()
        .no_proxy()
        .build()
        .unwrap()
        .get(format!("{}{path}", Stack::get().api_url));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.expect("the gateway answers")
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_tile_has_its_media_type_may_be_kept_and_is_not_sent_twice() {
    for layer in ["contractors", "projects"] {
        let path = format!("/v1/geo/tiles/{layer}/0/0/0");
        let response = get(&path, &[]).await;
        assert_eq!(response.status(), StatusCode::OK);
        let headers = response.headers().clone();
        assert_eq!(
            header(&headers, "content-type"),
            "application/vnd.mapbox-vector-tile"
        );
        assert_eq!(header(&headers, "cache-control"), "public, max-age=300");
        assert!(header(&headers, "vary").contains("authorization"));
        let features = mvt::decode(&response.bytes().await.unwrap(), layer);
        assert!(!features.is_empty(), "the stack holds {layer}");
        let again = get(&path, &[("if-none-match", header(&headers, "etag"))]).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(header(again.headers(), "cache-control"), "public, max-age=300");
        assert!(again.bytes().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_tile_where_nothing_is_is_empty_and_good() {
    let response = get("/v1/geo/tiles/projects/20/0/0", &[]).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert!(response.headers().contains_key("etag"));
    assert!(response.bytes().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_no_tile_or_no_box_is_refused() {
    for (path, status, pointers) in [
        ("/v1/geo/tiles/members/0/0/0", 404, vec![]),
        ("/v1/geo/tiles/projects/21/0/0", 404, vec![]),
        ("/v1/geo/tiles/projects/3/8/0", 404, vec![]),
        ("/v1/geo/tiles/projects/3/0/8", 404, vec![]),
        ("/v1/geo/tiles/projects/3/-1/0", 404, vec![]),
        ("/v1/geo/tiles/projects/3/1.5/0", 404, vec![]),
        ("/v1/geo/tiles/projects/03/1/1", 404, vec![]),
        ("/v1/geo/tiles/projects/3/4294967296/1", 404, vec![]),
        (
            "/v1/geo/tiles/projects/0/0/0?status=CLEAR&class=10",
            422,
            vec!["/query/status", "/query/class"],
        ),
        (
            "/v1/geo/tiles/contractors/0/0/0?status=&limit=1",
            422,
            vec!["/query/status", "/query/limit"],
        ),
        (
            "/v1/geo/tiles/contractors/0/0/0?class=%zz",
            400,
            vec!["/query/class"],
        ),
        ("/v1/projects?bbox=1,2,3", 422, vec!["/query/bbox"]),
        ("/v1/projects?bbox=1,2,3,91", 422, vec!["/query/bbox"]),
        (
            "/v1/contractors?bbox=1,4,3,2&limit=0",
            422,
            vec!["/query/bbox", "/query/limit"],
        ),
        ("/v1/contractors?bbox=-181,2,3,4", 422, vec!["/query/bbox"]),
        ("/v1/docs/assets/map.js", 404, vec![]),
        ("/v1/docs/map?x=1", 422, vec!["/query/x"]),
    ] {
        let response = get(path, &[]).await;
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(
            header(response.headers(), "content-type"),
            "application/problem+json",
            "{path}"
        );
        let problem: Value = response.json().await.unwrap();
        let named: Vec<_> = problem["errors"].as_array().into_iter().flatten().collect();
        let named: Vec<_> = named
            .iter()
            .map(|fault| fault["pointer"].as_str().unwrap())
            .collect();
        assert_eq!(named, pointers, "{path}");
    }
}

#[tokio::test]
async fn a_list_in_a_box_comes_as_features_and_can_be_followed() {
    let first = "/v1/contractors?bbox=-123,37,-121.5,38.5&limit=40&count=exact";
    let (mut next, mut seen, mut matched) = (Some(first.to_owned()), 0, None);
    while let Some(path) = next {
        let page: Value = get(&path, &[("accept", "application/geo+json")])
            .await
            .json()
            .await
            .unwrap();
        let features = page["features"].as_array().unwrap();
        assert_eq!(page["numberReturned"], features.len());
        assert!(page["timeStamp"].as_str().unwrap().ends_with('Z'));
        for feature in features {
            let [lng, lat] = [0, 1].map(|axis| feature["geometry"]["coordinates"][axis].as_f64().unwrap());
            assert!(
                (-123.0..=-121.5).contains(&lng) && (37.0..=38.5).contains(&lat),
                "{feature}"
            );
        }
        seen += features.len();
        matched = matched.or(page["numberMatched"].as_u64());
        let link = |rel: &str| -> Option<String> {
            let links = page["links"].as_array().unwrap();
            let link = links.iter().find(|link| link["rel"] == rel)?;
            Some(link["href"].as_str().unwrap().to_owned())
        };
        let own: Value = get(&link("self").unwrap(), &[("accept", "application/geo+json")])
            .await
            .json()
            .await
            .unwrap();
        assert_eq!(own["features"], page["features"], "self leads to the same page");
        next = link("next").filter(|_| seen < 200);
    }
    assert!(seen > 40, "the stack holds contractors around San Francisco Bay");
    assert!(matched.unwrap() >= u64::try_from(seen).unwrap());
}

#[tokio::test]
async fn the_map_page_is_closed_to_others_and_its_files_are_kept_for_ever() {
    let response = get("/v1/docs/map", &[]).await;
    assert_eq!(response.status(), StatusCode::OK);
    let headers = response.headers().clone();
    let policy = header(&headers, "content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe") && !policy.contains('*'));
    let page = response.text().await.unwrap();
    let again = get("/v1/docs/map", &[("if-none-match", header(&headers, "etag"))]).await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    let mut files = 0;
    for part in page.split("\"/v1/docs/assets/").skip(1) {
        let path = format!("/v1/docs/assets/{}", part.split('"').next().unwrap());
        let response = get(&path, &[]).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let headers = response.headers();
        assert!(header(headers, "cache-control").contains("immutable"), "{path}");
        let contents = response.bytes().await.unwrap();
        assert!(!contents.is_empty(), "{path}");
        files += 1;
    }
    assert_eq!(files, 6);
}
