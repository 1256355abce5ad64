//! Courses: entering, changing, publishing, lists, and who may.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::people::{CourseCalls as _, Person, new_manager};
use crate::support::{id_of, marker, with_defaults};

fn ids(items: &[Value]) -> Vec<String> {
    items.iter().map(id_of).collect()
}

#[tokio::test]
async fn a_course_is_entered_changed_and_published_by_who_runs_courses() {
    let manager = new_manager().await;
    let fields = with_defaults(json!({
        "description": "How to count studs.", "priceCents": 5000, "memberPriceCents": 4000, "certificateValidMonths": 24,
    }));
    let created = manager.post("/v1/courses", &fields).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
    let id = id_of(&created.body);
    assert_eq!(created.header("location"), format!("/v1/courses/{id}"));
    let path = format!("/v1/courses/{id}");
    assert_eq!(
        (
            &created.body["isPublished"],
            &created.body["category"],
            &created.body["completionPercent"]
        ),
        (&json!(false), &json!("GENERAL"), &json!(100))
    );
    manager.add_module(&id, json!({"title": "Studs"})).await;
    let stranger = Person::stranger();
    let hidden = stranger.get(&path).await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    let first = created.header("etag").to_owned();
    let published = manager
        .patch(&path, &json!({"isPublished": true, "description": null}))
        .await;
    let published = published.expect(StatusCode::OK);
    assert!(
        published["publishedAt"].is_string() && published["description"] == "",
        "{published}"
    );
    assert_eq!(stranger.json(&path).await["title"], "Estimating");
    let stale = manager
        .send(
            Method::PATCH,
            &path,
            Some(&json!({"title": "x"})),
            &[("if-match", &first)],
        )
        .await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    // The day of the first publication stays.
    manager
        .patch(&path, &json!({"isPublished": false}))
        .await
        .expect(StatusCode::OK);
    let again = manager
        .patch(&path, &json!({"isPublished": true}))
        .await
        .expect(StatusCode::OK);
    assert_eq!(again["publishedAt"], published["publishedAt"]);
}

#[tokio::test]
async fn who_does_not_run_courses_changes_none() {
    let manager = new_manager().await;
    let (course, modules) = manager.publish(json!({}), 1).await;
    let member = Person::member().await;
    for (method, path, body) in [
        (Method::POST, "/v1/courses".to_owned(), with_defaults(json!({}))),
        (
            Method::PATCH,
            format!("/v1/courses/{course}"),
            json!({"title": "x"}),
        ),
        (
            Method::POST,
            format!("/v1/courses/{course}/modules"),
            json!({"title": "x"}),
        ),
        (
            Method::PUT,
            format!("/v1/courses/{course}/modules/order"),
            json!({"moduleIds": modules}),
        ),
        (
            Method::PATCH,
            format!("/v1/courses/{course}/modules/{}", modules[0]),
            json!({"title": "x"}),
        ),
        (
            Method::DELETE,
            format!("/v1/courses/{course}/modules/{}", modules[0]),
            json!({}),
        ),
        (
            Method::GET,
            format!("/v1/courses/{course}/enrollments"),
            json!({}),
        ),
    ] {
        let reply = member.send(method.clone(), &path, Some(&body), &[]).await;
        assert_eq!(
            reply.status,
            StatusCode::FORBIDDEN,
            "{method} {path}: {}",
            reply.body
        );
    }
}

#[tokio::test]
async fn every_fault_is_named() {
    let manager = new_manager().await;
    let faulty = json!({
        "title": " ", "difficulty": "EASY", "priceCents": -1, "completionPercent": "all", "colour": "red",
    });
    let refused = manager.post("/v1/courses", &faulty).await;
    assert_eq!(
        refused.pointers(),
        [
            "/body/colour",
            "/body/completionPercent",
            "/body/difficulty",
            "/body/priceCents",
            "/body/title"
        ]
    );
    // A word that is none of its set hides nothing else, and is told which there are.
    let faulty = json!({"title": "x", "difficulty": "EASY", "completionPercent": 0, "memberPriceCents": 5});
    let refused = manager.post("/v1/courses", &faulty).await;
    let difficulty = refused.body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .find(|error| error["pointer"] == "/body/difficulty")
        .unwrap()["detail"]
        .clone();
    assert_eq!(
        difficulty,
        "must be one of BEGINNER, INTERMEDIATE, ADVANCED, EXPERT"
    );
    assert_eq!(
        refused.pointers(),
        [
            "/body/completionPercent",
            "/body/difficulty",
            "/body/memberPriceCents"
        ]
    );
    let course = manager.draft(json!({"priceCents": 5})).await;
    let path = format!("/v1/courses/{course}");
    let refused = manager
        .patch(
            &path,
            &json!({"memberPriceCents": 6, "completionPercent": 0, "certificateValidMonths": 0}),
        )
        .await;
    assert_eq!(
        refused.pointers(),
        [
            "/body/certificateValidMonths",
            "/body/completionPercent",
            "/body/memberPriceCents"
        ]
    );
}

/// What cost something would be free, and what was kept back be taken up.
#[tokio::test]
async fn what_has_a_default_is_not_cleared_to_it() {
    let manager = new_manager().await;
    let (course, _) = manager
        .publish(json!({"priceCents": 900, "completionPercent": 60}), 1)
        .await;
    let path = format!("/v1/courses/{course}");
    let nulls = json!({"priceCents": null, "isPublished": null, "completionPercent": null, "category": null});
    let refused = manager.patch(&path, &nulls).await;
    assert_eq!(
        refused.pointers(),
        [
            "/body/category",
            "/body/completionPercent",
            "/body/isPublished",
            "/body/priceCents"
        ]
    );
    let now = manager.json(&path).await;
    assert_eq!(
        (&now["priceCents"], &now["isPublished"], &now["completionPercent"]),
        (&json!(900), &json!(true), &json!(60))
    );
    let refused = manager
        .post("/v1/courses", &with_defaults(json!({"priceCents": null})))
        .await;
    assert_eq!(refused.pointers(), ["/body/priceCents"]);
}

#[tokio::test]
async fn every_filter_narrows_the_list_and_pages_show_every_course_once() {
    let manager = new_manager().await;
    let word = marker();
    let mut all = Vec::new();
    for (category, difficulty) in [
        ("SAFETY", "BEGINNER"),
        ("Safety", "EXPERT"),
        ("BIDDING", "BEGINNER"),
        ("BIDDING", "ADVANCED"),
        ("FINANCE", "BEGINNER"),
    ] {
        let fields =
            json!({"title": format!("About {word}"), "category": category, "difficulty": difficulty});
        all.push(manager.publish(fields, 1).await.0);
    }
    let draft = manager.draft(json!({"title": format!("Later {word}")})).await;
    let listed = async |person: &Person, filter: &str| {
        ids(&person
            .follow(&format!("/v1/courses?q={word}&limit=2{filter}"))
            .await)
    };
    let stranger = Person::stranger();
    let of = |numbers: &[usize]| {
        numbers
            .iter()
            .map(|number| all[*number].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(listed(&stranger, "").await, of(&[4, 3, 2, 1, 0]));
    assert_eq!(listed(&stranger, "&category=safety").await, of(&[1, 0]));
    assert_eq!(
        listed(
            &stranger,
            "&category=BIDDING&category=FINANCE&difficulty=BEGINNER"
        )
        .await,
        of(&[4, 2])
    );
    assert_eq!(
        listed(&stranger, "&isPublished=false").await,
        Vec::<String>::new()
    );
    assert_eq!(listed(&manager, "&isPublished=false").await, [draft]);
    let counted = stranger
        .json(&format!("/v1/courses?q={word}&limit=1&count=exact"))
        .await;
    assert_eq!(counted["total"], 5);
    let refused = stranger
        .get("/v1/courses?isPublished=maybe&difficulty=EASY&colour=red")
        .await;
    assert_eq!(
        refused.pointers(),
        ["/query/colour", "/query/difficulty", "/query/isPublished"]
    );
}

#[tokio::test]
async fn a_repeated_request_enters_one_course() {
    let manager = new_manager().await;
    let key = marker();
    let headers = [("idempotency-key", key.as_str())];
    let fields = with_defaults(json!({}));
    let once = manager
        .send(Method::POST, "/v1/courses", Some(&fields), &headers)
        .await;
    let twice = manager
        .send(Method::POST, "/v1/courses", Some(&fields), &headers)
        .await;
    assert_eq!(id_of(&once.body), id_of(&twice.body));
    let other = with_defaults(json!({"title": "Other"}));
    let refused = manager
        .send(Method::POST, "/v1/courses", Some(&other), &headers)
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}
