//! What a member hides can be neither seen nor found out: random people with random settings, against a model of the rule.

use std::collections::BTreeMap;

use portal_domain::geo::{Distance, LatLng};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};

use crate::people::{PEOPLE, Person, Viewer, people, place};
use crate::support::{Someone, ids, marker, owner};

fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort();
    ids
}

/// An item shows exactly what its member lets this viewer see.
fn check_fields(item: &Value, person: &Person, viewer: &Viewer) {
    let expected = [
        ("email", 0, json!(person.email)),
        ("phone", 1, json!(person.phone)),
        ("city", 2, json!(person.city)),
        ("street", 2, json!(person.street)),
        ("zip", 2, json!("94607")),
        (
            "coordinates",
            2,
            json!({"lat": person.place.lat(), "lng": person.place.lng()}),
        ),
    ];
    for (name, field, value) in expected {
        let expected = if person.shows(field, viewer) {
            value
        } else {
            Value::Null
        };
        assert_eq!(item[name], expected, "{name} with {:?}", person.audience);
    }
}

async fn check_seeing(viewer: &Viewer, people: &[Person], marker: &str) {
    let items = viewer
        .someone
        .follow(&format!("/v1/members?q={marker}&limit=7"))
        .await;
    assert_eq!(
        sorted(ids(&items)),
        sorted(people.iter().map(|person| person.id.clone()).collect())
    );
    for person in people {
        let item = items.iter().find(|item| item["id"] == person.id).unwrap();
        check_fields(item, person, viewer);
        assert!(item.get("distanceMiles").is_none());
    }
    let person = &people[0];
    check_fields(
        &viewer.someone.json(&format!("/v1/members/{}", person.id)).await,
        person,
        viewer,
    );
    let table = viewer
        .someone
        .get_as(&format!("/v1/members?q={marker}"), "text/csv")
        .await
        .text()
        .await
        .unwrap();
    for person in people {
        for (field, text) in [(0, &person.email), (1, &person.phone), (2, &person.street)] {
            assert_eq!(
                table.contains(text.as_str()),
                person.shows(field, viewer),
                "{text}"
            );
        }
    }
}

async fn check_filters(viewer: &Viewer, people: &[Person], marker: &str) {
    let shown: Vec<_> = people.iter().filter(|person| person.shows(2, viewer)).collect();
    let mut by_city = BTreeMap::new();
    for person in &shown {
        *by_city.entry(person.city.clone()).or_insert(0) += 1;
    }
    for number in 0..4 {
        let city = format!("{marker} City {number}");
        let path = format!(
            "/v1/members?city={}&count=exact&limit=100",
            city.to_uppercase().replace(' ', "%20")
        );
        let list = viewer.someone.json(&path).await;
        let expected = shown
            .iter()
            .filter(|person| person.city == city)
            .map(|person| person.id.clone());
        assert_eq!(
            sorted(ids(list["items"].as_array().unwrap())),
            sorted(expected.collect()),
            "{city}"
        );
        assert_eq!(list["total"], *by_city.get(&city).unwrap_or(&0));
    }
    let state = viewer
        .someone
        .json(&format!("/v1/members?state={marker}state&limit=100"))
        .await;
    assert_eq!(state["items"].as_array().unwrap().len(), shown.len());
    // Neither an address, nor an e-mail, nor a number is a word of the search, whoever asks.
    for words in [
        format!("{marker}way"),
        format!("{marker}state"),
        people[0].email.clone(),
        people[0].phone.replace('+', "%2B"),
    ] {
        let found = viewer.someone.json(&format!("/v1/members?q=%22{words}%22")).await;
        assert_eq!(found["items"], json!([]), "{words}");
    }
    let facets = viewer
        .someone
        .json(&format!("/v1/members?q={marker}&facets=city,memberType&limit=1"))
        .await;
    let told = facets["facets"]["city"].as_array().unwrap().iter();
    let told: BTreeMap<_, _> = told
        .map(|value| {
            (
                value["value"].as_str().unwrap().to_owned(),
                value["count"].as_i64().unwrap(),
            )
        })
        .collect();
    assert_eq!(told, by_city);
    assert_eq!(
        facets["facets"]["memberType"],
        json!([{"value": "REGULAR", "count": PEOPLE}])
    );
    assert_eq!(facets["facetsCounted"], PEOPLE);
}

async fn check_distances(viewer: &Viewer, people: &[Person], marker: &str, middle: LatLng) {
    for miles in [0.0, 10.0, 25.0, 60.0] {
        let radius = Distance::from_miles(miles);
        let near = people.iter().filter(|person| person.shows(2, viewer));
        let mut expected: Vec<_> = near
            .map(|person| (middle.distance_to(person.place), person.id.clone()))
            .filter(|(distance, _)| *distance <= radius)
            .collect();
        expected.sort_by(|one, other| {
            one.0
                .metres()
                .total_cmp(&other.0.metres())
                .then_with(|| one.1.cmp(&other.1))
        });
        let path = format!(
            "/v1/members?q={marker}&near={},{}&radiusMiles={miles}&limit=3",
            middle.lat(),
            middle.lng()
        );
        let items = viewer.someone.follow(&path).await;
        let expected_ids: Vec<_> = expected.iter().map(|(_, id)| id.clone()).collect();
        assert_eq!(ids(&items), expected_ids, "{miles} miles");
        for (item, (distance, _)) in items.iter().zip(&expected) {
            assert!((item["distanceMiles"].as_f64().unwrap() - distance.miles()).abs() < 1e-6);
        }
        let by_name = viewer
            .someone
            .follow(&path.replace("limit=3", "limit=3&sort=name"))
            .await;
        assert_eq!(sorted(ids(&by_name)), sorted(expected_ids));
    }
}

#[tokio::test]
async fn what_a_member_hides_is_neither_seen_nor_found_out() {
    let seed: u64 = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let marker = marker();
    let middle = (
        random.random_range(-50_000..-30_000),
        random.random_range(-140_000..-100_000),
    );
    let people = people(&mut random, &marker, middle).await;
    let middle = place(middle.0, middle.1);

    let mut viewers = Vec::new();
    for (roles, is_staff) in [(&["member"][..], false), (&["support"][..], true)] {
        let someone = Someone::with(roles).await;
        let id = someone.member.id.to_string();
        viewers.push(Viewer {
            someone,
            id,
            is_staff,
        });
    }
    for viewer in &viewers {
        check_seeing(viewer, &people, &marker).await;
        check_filters(viewer, &people, &marker).await;
        check_distances(viewer, &people, &marker, middle).await;
    }
}

#[tokio::test]
async fn whoever_is_not_approved_or_not_active_is_in_no_list() {
    let marker = marker();
    let viewer = Someone::with(&["member"]).await;
    let hidden = Someone::with(&["member"]).await;
    let set = |columns: &str| format!("UPDATE users SET last_name = $2, {columns} WHERE id = $1");
    for (columns, shown) in [
        ("approved_at = now()", true),
        ("approved_at = NULL", false),
        ("approved_at = now(), is_active = false", false),
        ("is_active = true, deleted_at = now()", false),
    ] {
        let id = hidden.member.id;
        sqlx::query(&set(columns))
            .bind(id)
            .bind(&marker)
            .execute(&mut owner().await)
            .await
            .unwrap();
        let list = viewer.json(&format!("/v1/members?q={marker}")).await;
        assert_eq!(
            list["items"].as_array().unwrap().len(),
            usize::from(shown),
            "{columns}"
        );
        assert_eq!(
            viewer.get(&format!("/v1/members/{id}")).await.status().as_u16(),
            if shown { 200 } else { 404 }
        );
    }
}
