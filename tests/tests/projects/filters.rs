//! Every filter and order of the lists, against a model of the rule, over projects drawn at random.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::filters_model::{FILTERS, Filter, draw, ordered, store, takes};
use crate::people::{Person, ProjectCalls as _, new_poster};
use crate::support::{ids, marker, owner};

/// How many projects are drawn.
const COUNT: usize = 60;

#[tokio::test]
async fn every_filter_and_order_agrees_with_the_rule() {
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let (marker, poster) = (marker(), new_poster().await);
    let projects: Vec<_> = (0..COUNT).map(|_| draw(&mut random)).collect();
    let mut owner = owner().await;
    for project in &projects {
        store(&mut owner, poster.id(), &marker, project).await;
    }
    let reader = Person::stranger();
    let mut sets: Vec<Vec<&Filter>> = FILTERS.iter().map(|filter| vec![filter]).collect();
    sets.push(Vec::new());
    for _ in 0..16 {
        sets.push(FILTERS.choose_multiple(&mut random, 2).collect());
    }
    for filters in sets {
        // Of one name the values are alternatives, so two filters by one name are not narrowed by each other.
        let name = |filter: &&Filter| filter.query.split('=').next().unwrap();
        if filters.len() == 2 && name(&filters[0]) == name(&filters[1]) {
            continue;
        }
        let query: String = filters
            .iter()
            .map(|filter| format!("&{}", filter.query))
            .collect();
        for order in ["sort=newest", "sort=deadline", "near=-40,-110&radiusMiles=500"] {
            let mut expected: Vec<_> = projects
                .iter()
                .filter(|project| takes(project, &filters))
                .collect();
            ordered(&mut expected, order);
            let expected: Vec<_> = expected.iter().map(|project| project.id.clone()).collect();
            let list = if order.starts_with("near") {
                "/v1/projects/near"
            } else {
                "/v1/projects"
            };
            let words = if random.random() {
                format!("q={marker}")
            } else {
                format!("state={}", marker.to_uppercase())
            };
            let path = format!("{list}?{words}&{order}{query}&limit=7");
            let items = reader.follow(&path).await;
            assert_eq!(ids(&items), expected, "{path}");
            let counted = reader.json(&format!("{path}&count=exact")).await;
            assert_eq!(counted["total"], expected.len(), "{path}");
        }
    }
}

#[tokio::test]
async fn a_cursor_belongs_to_its_list() {
    let (marker, poster) = (marker(), new_poster().await);
    for _ in 0..3 {
        poster.open(json!({"title": format!("Hall {marker}")})).await;
    }
    let reader = Person::stranger();
    let page = reader.json(&format!("/v1/projects?q={marker}&limit=2")).await;
    let cursor = page["nextCursor"].as_str().unwrap();
    let rest = reader
        .json(&format!("/v1/projects?q={marker}&limit=2&cursor={cursor}"))
        .await;
    assert_eq!(rest["items"].as_array().unwrap().len(), 1);
    assert_eq!(rest["nextCursor"], Value::Null);
    for other in [
        format!("/v1/projects?q={marker}&limit=2&sort=deadline&cursor={cursor}"),
        format!("/v1/projects?q={marker}x&limit=2&cursor={cursor}"),
        format!("/v1/projects/near?near=0,0&cursor={cursor}"),
        format!("/v1/projects?q={marker}&limit=2&cursor={cursor}x"),
    ] {
        let reply = reader.get(&other).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{other}: {}", reply.body);
    }
}

#[tokio::test]
async fn a_list_for_a_map_is_geojson_with_its_next_page_inside() {
    let (marker, poster) = (marker(), new_poster().await);
    let place = json!({"lat": 37.5, "lng": -122.25});
    for place in [&place, &place, &Value::Null] {
        poster
            .open(json!({"title": format!("Hall {marker}"), "coordinates": place}))
            .await;
    }
    let reader = Person::stranger();
    let path = format!("/v1/projects?q={marker}&limit=2&count=exact");
    let newest = crate::support::newest_write().await;
    let headers = [
        ("accept", "application/geo+json"),
        ("portal-consistency", newest.as_str()),
    ];
    let reply = reader.send(reqwest::Method::GET, &path, None, &headers).await;
    assert_eq!(reply.header("content-type"), "application/geo+json");
    let map = reply.body;
    assert_eq!(
        (&map["numberReturned"], &map["numberMatched"]),
        (&json!(2), &json!(3))
    );
    assert_eq!(map["features"][0]["geometry"], Value::Null);
    assert_eq!(
        map["features"][1]["geometry"]["coordinates"],
        json!([-122.25, 37.5])
    );
    let links = map["links"].as_array().unwrap();
    assert!(links.iter().any(|link| link["rel"] == "next"), "{map}");
}
