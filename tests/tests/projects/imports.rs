//! Imports of opportunities from other sources: what is new, what is faulty, who may, and what a retry does.

use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::people::{Person, Reply, new_poster};
use crate::support::{owner, value};

/// A source of this test alone.
pub(crate) fn source() -> String {
    format!(
        "TEST_{}",
        uuid::Uuid::new_v4().simple().to_string().to_uppercase()
    )
}

pub(crate) fn opportunity(external_id: &str, fields: Value) -> Value {
    let Value::Object(fields) = fields else {
        panic!("{fields} are no fields");
    };
    let mut opportunity = json!({"externalId": external_id, "title": "A library", "category": "COMMERCIAL"});
    opportunity.as_object_mut().unwrap().extend(fields);
    opportunity
}

pub(crate) async fn import(person: &Person, source: &str, items: Value) -> Reply {
    let batch = json!({"source": source, "publish": true, "items": items});
    person.post("/v1/projects/import", &batch).await
}

/// The counts of an answer, in the order of the words.
pub(crate) fn counts(answer: &Value) -> [u64; 5] {
    ["created", "changed", "unchanged", "skipped", "rejected"].map(|name| answer[name].as_u64().unwrap())
}

async fn projects_of(source: &str) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM projects WHERE source = $1")
        .bind(source)
        .fetch_one(&mut owner().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn an_opportunity_becomes_one_project_however_often_it_comes() {
    let staff = Person::with(&["project_manager"]).await;
    let source = source();
    let items = json!([
        opportunity(
            "A/1",
            json!({"zip": "94607", "budgetMaxCents": 5, "insurance": {"rate": 0.1, "years": 1e-7}})
        ),
        opportunity(
            "ünï 2",
            json!({"coordinates": {"lat": 37.123_456_789_012_34, "lng": -122.000_000_1}})
        ),
    ]);
    let reply = import(&staff, &source, items.clone()).await;
    let token = reply.header("portal-consistency").to_owned();
    let first = reply.expect(StatusCode::OK);
    assert_eq!(counts(&first), [2, 0, 0, 0, 0]);
    let item = &first["items"][0];
    assert_eq!(
        (&item["externalId"], &item["outcome"], &item["errors"]),
        (&json!("A/1"), &json!("CREATED"), &json!([]))
    );
    let path = format!("/v1/projects/{}", item["projectId"].as_str().unwrap());
    let shown = staff
        .send(Method::GET, &path, None, &[("portal-consistency", &token)])
        .await
        .expect(StatusCode::OK);
    assert_eq!(
        (
            &shown["source"],
            &shown["externalId"],
            &shown["status"],
            &shown["ownerId"]
        ),
        (
            &json!(source),
            &json!("A/1"),
            &json!("PUBLISHED"),
            &json!(staff.id())
        )
    );
    assert!(shown["publishedAt"].is_string() && shown["coordinates"]["lat"].is_number());

    for _ in 0..2 {
        let again = import(&staff, &source, items.clone())
            .await
            .expect(StatusCode::OK);
        assert_eq!(counts(&again), [0, 0, 2, 0, 0], "{again}");
        assert_eq!(again["items"][0]["projectId"], item["projectId"]);
    }
    // Another of the staff imports the same, and so does nobody who may not.
    let other = Person::with(&["administrator"]).await;
    let theirs = import(&other, &source, items.clone())
        .await
        .expect(StatusCode::OK);
    assert_eq!(counts(&theirs), [0, 0, 2, 0, 0]);
    for person in [new_poster().await, Person::with(&["member"]).await] {
        let refusal = import(&person, &source, items.clone()).await;
        assert_eq!(
            refusal.detail(StatusCode::FORBIDDEN),
            "This takes the permission projects.manage."
        );
    }
    import(&Person::stranger(), &source, items)
        .await
        .expect(StatusCode::UNAUTHORIZED);
    assert_eq!(projects_of(&source).await, 2);
    let version: i32 = value(
        "SELECT version FROM projects WHERE id = $1",
        item["projectId"].as_str().unwrap(),
    )
    .await;
    assert_eq!(version, 2, "it was added and published, and not touched since");
}

#[tokio::test]
async fn the_same_id_of_another_source_is_another_project() {
    let staff = Person::with(&["project_manager"]).await;
    let (one, other) = (source(), source());
    for source in [&one, &other] {
        let answer = import(&staff, source, json!([opportunity("1", json!({}))])).await;
        assert_eq!(counts(&answer.expect(StatusCode::OK)), [1, 0, 0, 0, 0]);
    }
    // Without being asked to publish it adds drafts.
    let batch = json!({"source": one, "items": [opportunity("2", json!({}))]});
    let answer = staff
        .post("/v1/projects/import", &batch)
        .await
        .expect(StatusCode::OK);
    let id = answer["items"][0]["projectId"].as_str().unwrap();
    assert_eq!(staff.json(&format!("/v1/projects/{id}")).await["status"], "DRAFT");
}

#[tokio::test]
async fn the_same_batch_many_times_at_once_makes_each_project_once() {
    let source = source();
    let mut people = Vec::new();
    for _ in 0..6 {
        people.push(Person::with(&["project_manager"]).await);
    }
    let items: Value = (0..20)
        .map(|number| opportunity(&format!("{number}"), json!({})))
        .collect();
    let imports = people.iter().map(|person| import(person, &source, items.clone()));
    let mut sums = [0; 5];
    for reply in join_all(imports).await {
        for (sum, count) in sums.iter_mut().zip(counts(&reply.expect(StatusCode::OK))) {
            *sum += count;
        }
    }
    assert_eq!(sums, [20, 0, 100, 0, 0]);
    assert_eq!(projects_of(&source).await, 20);
}

#[tokio::test]
async fn a_faulty_one_is_rejected_and_the_others_are_taken() {
    let staff = Person::with(&["project_manager"]).await;
    let source = source();
    let items = json!([
        opportunity("good", json!({})),
        opportunity("bad", json!({"title": "", "category": "CASTLE", "colour": "red"})),
        {"title": "Nameless", "category": "COMMERCIAL"},
        opportunity("good", json!({"title": "The same again"})),
        opportunity("nul", json!({"insurance": {"a": "b\0c"}})),
        {},
        opportunity("budget", json!({"budgetMinCents": 2, "budgetMaxCents": 1})),
        opportunity(&"x".repeat(201), json!({})),
    ]);
    let answer = import(&staff, &source, items).await.expect(StatusCode::OK);
    assert_eq!(counts(&answer), [1, 0, 0, 0, 7], "{answer}");
    let pointers = |number: usize| -> Vec<String> {
        let item = &answer["items"][number];
        assert_eq!(
            (&item["outcome"], &item["projectId"]),
            (&json!("REJECTED"), &Value::Null)
        );
        let errors = item["errors"].as_array().unwrap().iter();
        errors
            .map(|error| error["pointer"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        pointers(1),
        [
            "/body/items/1/title",
            "/body/items/1/category",
            "/body/items/1/colour"
        ]
    );
    assert_eq!(answer["items"][1]["externalId"], "bad");
    assert_eq!(pointers(2), ["/body/items/2/externalId"]);
    assert_eq!(answer["items"][2]["externalId"], Value::Null);
    assert_eq!(pointers(3), ["/body/items/3/externalId"]);
    assert_eq!(pointers(4), ["/body/items/4/insurance"]);
    assert_eq!(pointers(5).len(), 3);
    assert_eq!(pointers(6), ["/body/items/6/budgetMinCents"]);
    assert_eq!(pointers(7), ["/body/items/7/externalId"]);
    assert_eq!(projects_of(&source).await, 1);
}

#[tokio::test]
async fn a_batch_that_cannot_be_read_imports_nothing() {
    let staff = Person::with(&["project_manager"]).await;
    let good = source();
    let one = opportunity("1", json!({}));
    for (batch, pointers) in [
        (json!({"source": "MANUAL", "items": [one]}), &["/body/source"][..]),
        (
            json!({"source": "sam gov", "items": []}),
            &["/body/items", "/body/source"],
        ),
        (json!({"items": {}}), &["/body/items", "/body/source"]),
        (json!({"source": good, "items": [one, 7]}), &["/body/items/1"]),
        (
            json!({"source": good, "publish": "yes", "items": [one], "dryRun": true}),
            &["/body/dryRun", "/body/publish"],
        ),
    ] {
        let reply = staff.post("/v1/projects/import", &batch).await;
        assert_eq!(reply.pointers(), pointers, "{batch}");
    }
    let many: Vec<_> = (0..101)
        .map(|number| opportunity(&number.to_string(), json!({})))
        .collect();
    let reply = import(&staff, &good, Value::from(many)).await;
    assert_eq!(reply.pointers(), ["/body/items"]);
    assert_eq!(projects_of(&good).await, 0);
}

#[tokio::test]
async fn a_retried_import_answers_what_the_first_one_did() {
    let staff = Person::with(&["project_manager"]).await;
    let source = source();
    let batch = json!({"source": source, "items": [opportunity("1", json!({}))]});
    let send = async || {
        let key = [("idempotency-key", "nightly")];
        let reply = staff
            .send(Method::POST, "/v1/projects/import", Some(&batch), &key)
            .await;
        reply.expect(StatusCode::OK)
    };
    let first = send().await;
    assert_eq!(counts(&first), [1, 0, 0, 0, 0]);
    assert_eq!(send().await, first);
}

#[tokio::test]
async fn an_import_is_audited_with_who_made_it_and_the_request() {
    let staff = Person::with(&["project_manager"]).await;
    let reply = import(&staff, &source(), json!([opportunity("1", json!({}))])).await;
    let request = reply.header("x-request-id").to_owned();
    let answer = reply.expect(StatusCode::OK);
    let entries: Vec<Value> = sqlx::query_scalar(
        "SELECT to_jsonb(a) FROM audit_log AS a WHERE table_name = 'projects' AND row_key = $1 ORDER BY id",
    )
    .bind(answer["items"][0]["projectId"].as_str().unwrap())
    .fetch_all(&mut owner().await)
    .await
    .unwrap();
    let operations: Vec<_> = entries
        .iter()
        .map(|entry| entry["operation"].as_str().unwrap())
        .collect();
    assert_eq!(operations, ["INSERT", "UPDATE"]);
    for entry in entries {
        assert_eq!(entry["user_id"], staff.id().to_string());
        assert_eq!(entry["request_id"], request);
    }
}
