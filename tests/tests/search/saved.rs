//! Searches that members keep: their own alone, as many as there may be, and only what can be searched for.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Asker, encoded, owner};

const PATH: &str = "/v1/search/saved";

async fn send(
    asker: &Asker,
    method: Method,
    path: &str,
    body: &Value,
) -> (StatusCode, Value, Option<String>) {
    let response = asker.request(method, path).json(body).send().await.unwrap();
    let status = response.status();
    let tag = response
        .headers()
        .get("etag")
        .map(|tag| tag.to_str().unwrap().to_owned());
    let body = response.bytes().await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or_default(), tag)
}

async fn save(asker: &Asker, body: &Value) -> Value {
    let (status, kept, _) = send(asker, Method::POST, PATH, body).await;
    assert_eq!(status, StatusCode::CREATED, "{kept}");
    kept
}

fn named(name: &str) -> Value {
    json!({ "name": name, "query": { "q": "roof" } })
}

fn place(kept: &Value) -> String {
    format!("{PATH}/{}", kept["id"].as_str().unwrap())
}

fn names(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().unwrap().iter();
    items.map(|item| item["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_search_is_kept_shown_changed_and_forgotten() {
    let (_, asker) = Asker::with(&["member"]).await;
    let query = json!({
        "q": "roof", "types": ["PROJECT"], "city": ["Oakland", "San José"], "near": "37.8,-122.25", "radiusMiles": 10.5,
        "dateFrom": "2026-08-24T17:00:00Z", "budgetMinCents": 100,
    });
    let sent = json!({ "name": "Roofs", "query": query, "alertsEnabled": false });
    let (status, kept, tag) = send(&asker, Method::POST, PATH, &sent).await;
    assert_eq!(
        (status, &kept["query"], &kept["alertsEnabled"]),
        (StatusCode::CREATED, &query, &json!(false))
    );
    let path = place(&kept);
    assert_eq!(asker.json(PATH).await["items"], json!([kept]));

    let patch = json!({ "name": "Gyms", "query": { "q": "gym", "city": null } });
    let change = |tag: String| {
        let request = asker.request(Method::PATCH, &path).json(&patch);
        async move { request.header("if-match", tag).send().await.unwrap() }
    };
    let changed = change(tag.clone().unwrap()).await;
    assert_eq!(changed.status(), StatusCode::OK);
    let changed: Value = changed.json().await.unwrap();
    assert_eq!(
        (&changed["name"], &changed["query"]["q"]),
        (&json!("Gyms"), &json!("gym"))
    );
    assert_eq!(
        (changed["query"].get("city"), &changed["query"]["near"]),
        (None, &query["near"])
    );
    assert_eq!(changed["version"], 2);
    assert_eq!(
        change(tag.unwrap()).await.status(),
        StatusCode::PRECONDITION_FAILED
    );

    let forget = || asker.request(Method::DELETE, &path).send();
    assert_eq!(forget().await.unwrap().status(), StatusCode::NO_CONTENT);
    assert_eq!(forget().await.unwrap().status(), StatusCode::NOT_FOUND);
    assert_eq!(asker.json(PATH).await["items"], json!([]));
}

#[tokio::test]
async fn a_list_goes_from_the_newest_to_the_oldest() {
    let (_, asker) = Asker::with(&["member"]).await;
    for name in ["a", "b", "c"] {
        save(&asker, &named(name)).await;
    }
    let first = asker.json(&format!("{PATH}?limit=2&count=exact")).await;
    assert_eq!((names(&first), &first["total"]), (vec!["c", "b"], &json!(3)));
    let cursor = encoded(first["nextCursor"].as_str().unwrap());
    let last = asker.json(&format!("{PATH}?limit=2&cursor={cursor}")).await;
    assert_eq!((names(&last), &last["nextCursor"]), (vec!["a"], &Value::Null));
}

#[tokio::test]
async fn other_members_and_visitors_have_nothing_to_do_with_it() {
    let (_, asker) = Asker::with(&["member"]).await;
    let (_, other) = Asker::with(&["member"]).await;
    let (_, staff) = Asker::with(&["administrator"]).await;
    let path = place(&save(&asker, &named("mine")).await);
    for asker in [&other, &staff] {
        assert_eq!(asker.json(PATH).await["items"], json!([]));
        let (status, ..) = send(asker, Method::PATCH, &path, &named("theirs")).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        let (status, ..) = send(asker, Method::DELETE, &path, &Value::Null).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
    }
    let nobody = Asker::anybody();
    for (method, path) in [
        (Method::GET, PATH),
        (Method::POST, PATH),
        (Method::DELETE, path.as_str()),
    ] {
        let (status, ..) = send(&nobody, method, path, &named("nobody's")).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(names(&asker.json(PATH).await), ["mine"]);
}

#[tokio::test]
async fn what_cannot_be_searched_for_is_not_kept() {
    let (_, asker) = Asker::with(&["member"]).await;
    let kept = save(&asker, &named("good")).await;
    let long = "x".repeat(201);
    for query in [
        json!({}),
        json!({ "q": " " }),
        json!({ "q": long }),
        json!({ "q": "a\u{0}b" }),
        json!({ "q": ["a", "b"] }),
        json!({ "q": "a", "types": ["PERSON"] }),
        json!({ "q": "a", "radiusMiles": 5 }),
        json!({ "q": "a", "near": "91,0" }),
        json!({ "q": "a", "near": "1,2", "radiusMiles": 501 }),
        json!({ "q": "a", "dateTo": "tomorrow" }),
        json!({ "q": "a", "budgetMaxCents": -1 }),
        json!({ "q": "a", "sort": "best" }),
    ] {
        let (status, problem, _) = send(
            &asker,
            Method::POST,
            PATH,
            &json!({ "name": "n", "query": query }),
        )
        .await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{query}: {problem}");
        let pointer = problem["errors"][0]["pointer"].as_str().unwrap();
        assert!(pointer.starts_with("/body/query/"), "{query}: {problem}");
        // The search says the same of it.
        let parameters = query.as_object().unwrap().iter().flat_map(|(name, value)| {
            let values = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
            values.into_iter().map(move |value| {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                format!("{name}={}", encoded(&text))
            })
        });
        let address = format!("/v1/search?{}", parameters.collect::<Vec<_>>().join("&"));
        let refusal: Value = asker.get(&address).await.json().await.unwrap();
        assert_eq!(
            format!("/body{}", refusal["errors"][0]["pointer"].as_str().unwrap()),
            pointer
        );
        let (said, detail) = (&refusal["errors"][0]["detail"], &problem["errors"][0]["detail"]);
        // The search takes the parameters of pages as well, and says so.
        let is_unknown = detail.as_str().unwrap().starts_with("is not known");
        assert!(is_unknown || said == detail, "{said} {detail}");
    }
    let (status, problem, _) = send(
        &asker,
        Method::PATCH,
        &place(&kept),
        &json!({ "query": { "q": null } }),
    )
    .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    assert_eq!(problem["errors"][0]["pointer"], "/body/query/q");
}

#[tokio::test]
async fn fifty_are_kept_however_many_come_at_once() {
    let (member, asker) = Asker::with(&["member"]).await;
    sqlx::query(
        "INSERT INTO saved_searches (id, user_id, name, query)
        SELECT gen_random_uuid(), $1, 'n', '{\"q\": \"x\"}' FROM generate_series(1, 48)",
    )
    .bind(member.id)
    .execute(&mut owner().await)
    .await
    .unwrap();
    let body = named("one more");
    let answers =
        futures_util::future::join_all((0..8).map(|_| send(&asker, Method::POST, PATH, &body))).await;
    let mut statuses: Vec<_> = answers.iter().map(|(status, ..)| status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 201, 409, 409, 409, 409, 409, 409]);
    assert_eq!(asker.json(&format!("{PATH}?count=exact")).await["total"], 50);
    // One that goes makes room.
    let (_, kept, _) = answers
        .into_iter()
        .find(|(status, ..)| *status == StatusCode::CREATED)
        .unwrap();
    asker.request(Method::DELETE, &place(&kept)).send().await.unwrap();
    save(&asker, &body).await;
}

#[tokio::test]
async fn a_request_that_is_sent_again_keeps_one_search() {
    let (_, asker) = Asker::with(&["member"]).await;
    let send = || {
        let request = asker
            .request(Method::POST, PATH)
            .header("idempotency-key", "one-search");
        async move {
            request
                .json(&named("once"))
                .send()
                .await
                .unwrap()
                .json::<Value>()
                .await
                .unwrap()
        }
    };
    let first = send().await;
    assert_eq!(send().await, first);
    assert_eq!(names(&asker.json(PATH).await), ["once"]);
}

#[tokio::test]
async fn a_search_that_changes_what_it_looks_for_tells_from_then_on() {
    let (_, asker) = Asker::with(&["member"]).await;
    let kept = save(&asker, &named("roofs")).await;
    let id: uuid::Uuid = kept["id"].as_str().unwrap().parse().unwrap();
    let path = place(&kept);
    // Each change, and whether the mark is to move with it.
    let patches = [
        (json!({ "name": "gyms" }), false),
        (json!({ "query": { "q": "gym" } }), true),
        (json!({ "alertsEnabled": false }), false),
        (json!({ "alertsEnabled": true }), true),
    ];
    for (day, (patch, moves)) in (1..).zip(patches) {
        let mut owner = owner().await;
        // Another day each time: an update that moves no mark would count as a change.
        sqlx::query(
            "UPDATE saved_searches SET matched_until = make_timestamptz(2026, 1, $2, 0, 0, 0) WHERE id = $1",
        )
        .bind(id)
        .bind(day)
        .execute(&mut owner)
        .await
        .unwrap();
        let (status, changed, _) = send(&asker, Method::PATCH, &path, &patch).await;
        assert_eq!(status, StatusCode::OK, "{changed}");
        let moved: bool =
            sqlx::query_scalar("SELECT matched_until > '2026-02-01Z' FROM saved_searches WHERE id = $1")
                .bind(id)
                .fetch_one(&mut owner)
                .await
                .unwrap();
        assert_eq!(moved, moves, "{patch}");
    }
    assert_eq!(asker.json(PATH).await["items"][0]["version"], 5);
}
