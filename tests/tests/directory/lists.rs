//! The list's orders, filters and pages.

use reqwest::StatusCode;
use serde_json::Value;

use crate::support::{Someone, ids, marker, owner, pointers};

/// Members who share a last name, a moment and a place, so that every order has ties.
async fn twins(marker: &str, count: usize) -> Vec<Someone> {
    let mut twins = Vec::new();
    for _ in 0..count {
        let twin = Someone::with(&["member"]).await;
        sqlx::query(
            "UPDATE users SET first_name = 'Twin', last_name = $2, created_at = '2021-05-05', languages = '{English,Hmong}',
                coordinates = ST_Point(-120.5, -40.5, 4326)::geography, bio = 'We pour foundations for schools.'
            WHERE id = $1",
        )
        .bind(twin.member.id)
        .bind(marker)
        .execute(&mut owner().await)
        .await
        .unwrap();
        twins.push(twin);
    }
    twins
}

async fn give(member: &Someone, skill: &str, level: &str) {
    let mut owner = owner().await;
    sqlx::query("INSERT INTO skills (name) VALUES ($1) ON CONFLICT DO NOTHING")
        .bind(skill)
        .execute(&mut owner)
        .await
        .unwrap();
    sqlx::query("INSERT INTO user_skills (user_id, skill, level) VALUES ($1, $2, $3)")
        .bind(member.member.id)
        .bind(skill)
        .bind(level)
        .execute(&mut owner)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_reader_of_every_order_sees_each_of_those_who_tie_once() {
    let marker = marker();
    let twins = twins(&marker, 7).await;
    let mut expected: Vec<_> = twins.iter().map(|twin| twin.member.id.to_string()).collect();
    expected.sort();
    for order in [
        "sort=name",
        "sort=newest",
        "near=-40.5,-120.5",
        "near=-40.5,-120.5&sort=newest",
    ] {
        let items = twins[0]
            .follow(&format!("/v1/members?q={marker}&limit=2&{order}"))
            .await;
        let got = ids(&items);
        let mut sorted = got.clone();
        sorted.sort();
        assert_eq!(sorted, expected, "{order}");
        if order.ends_with("newest") {
            assert!(got.is_sorted_by(|one, other| one > other), "{order}");
        } else {
            assert!(got.is_sorted(), "{order}");
        }
    }
}

#[tokio::test]
async fn a_new_member_does_not_disturb_a_reader() {
    let marker = marker();
    let twins = twins(&marker, 4).await;
    let first = twins[0].json(&format!("/v1/members?q={marker}&limit=2")).await;
    let late = self::twins(&marker, 1).await;
    let cursor = first["nextCursor"].as_str().unwrap();
    let rest = twins[0]
        .follow(&format!("/v1/members?q={marker}&limit=2&cursor={cursor}"))
        .await;
    let mut seen = ids(first["items"].as_array().unwrap());
    seen.extend(ids(&rest));
    seen.retain(|id| *id != late[0].member.id.to_string());
    assert_eq!(
        seen,
        twins
            .iter()
            .map(|twin| twin.member.id.to_string())
            .collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn filters_are_combined_freely() {
    let marker = marker();
    let twins = twins(&marker, 3).await;
    let (concrete, tile) = (format!("Concrete {marker}"), format!("Tile {marker}"));
    give(&twins[0], &concrete, "EXPERT").await;
    give(&twins[1], &concrete, "BEGINNER").await;
    give(&twins[2], &tile, "ADVANCED").await;
    let found = async |query: &str| {
        let list: Value = twins[0].json(&format!("/v1/members?{query}&limit=100")).await;
        let found = ids(list["items"].as_array().unwrap());
        [0, 1, 2].map(|number| found.contains(&twins[number].member.id.to_string()))
    };
    let skill = concrete.to_lowercase().replace(' ', "%20");
    let other = tile.replace(' ', "%20");
    assert_eq!(found(&format!("skills={skill}")).await, [true, true, false]);
    assert_eq!(
        found(&format!("skills={skill}&skillLevel=ADVANCED")).await,
        [true, false, false]
    );
    assert_eq!(
        found(&format!("skills={skill}&skillLevel=BEGINNER")).await,
        [true, true, false]
    );
    assert_eq!(
        found(&format!("skills={skill}&skills={other}&skillLevel=ADVANCED")).await,
        [true, false, true]
    );
    assert_eq!(found(&format!("q={marker}&language=HMONG")).await, [true; 3]);
    assert_eq!(found(&format!("q={marker}&language=Thai")).await, [false; 3]);
    assert_eq!(found(&format!("q={marker}&memberType=ADMIN")).await, [false; 3]);
    // Words are found whatever their ending, in the bio and among the skills, and a minus takes away.
    assert_eq!(
        found(&format!("q={marker}%20school%20foundation")).await,
        [true; 3]
    );
    assert_eq!(found(&format!("q={marker}%20tiles")).await, [false, false, true]);
    assert_eq!(found(&format!("q={marker}%20-tile")).await, [true, true, false]);
    let facets = twins[0]
        .json(&format!("/v1/members?q={marker}&facets=skills&limit=1"))
        .await;
    assert_eq!(facets["facets"]["skills"][0]["value"], concrete);
    assert_eq!(facets["facets"]["skills"][0]["count"], 2);
    assert!(facets["facets"].get("city").is_none());
}

#[tokio::test]
async fn a_map_gets_geojson_and_a_stranger_nothing() {
    let marker = marker();
    let twins = twins(&marker, 1).await;
    let path = format!("/v1/members?q={marker}&near=-40.5,-120.5");
    let response = twins[0].get_as(&path, "application/geo+json").await;
    assert_eq!(response.headers()["content-type"], "application/geo+json");
    let map: Value = response.json().await.unwrap();
    assert_eq!(
        map["features"][0]["geometry"]["coordinates"],
        serde_json::json!([-120.5, -40.5])
    );
    let url = format!("{}{path}", portal_tests::stack::Stack::get().api_url);
    assert_eq!(
        reqwest::get(url).await.unwrap().status(),
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn every_fault_is_named() {
    let someone = Someone::with(&["member"]).await;
    let response = someone
        .get("/v1/members?skillLevel=BEST&memberType=X&sort=distance&facets=zip&limit=0&nonsense=1")
        .await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let problem: Value = response.json().await.unwrap();
    let mut faults = pointers(&problem);
    faults.sort_unstable();
    assert_eq!(
        faults,
        [
            "/query/facets",
            "/query/limit",
            "/query/memberType",
            "/query/nonsense",
            "/query/skillLevel",
            "/query/sort"
        ]
    );
}

#[tokio::test]
async fn the_vocabulary_is_read_page_by_page() {
    let marker = marker();
    let someone = Someone::with(&["member"]).await;
    for name in ["c", "a", "b"] {
        give(&someone, &format!("{name} {marker}"), "EXPERT").await;
    }
    let items = someone
        .follow(&format!(
            "/v1/skills?q={}&limit=2&count=exact",
            marker.to_uppercase()
        ))
        .await;
    let names: Vec<_> = items.iter().map(|item| item["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["a", "b", "c"].map(|name| format!("{name} {marker}")));
}
