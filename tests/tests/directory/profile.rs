//! A member's own profile.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Someone, marker, owner, pointers};

const ME: &str = "/v1/members/me";

#[tokio::test]
async fn a_patch_changes_what_it_names_and_nothing_else() {
    let someone = Someone::with(&["member"]).await;
    let (status, profile) = someone
        .send(
            Method::PATCH,
            ME,
            &json!({
                "company": " Bay Concrete ", "phone": "(916) 555-1234", "website": "https://bay.example.com", "zip": "94607",
                "certifications": [{"name": "OSHA 30", "year": 2020}], "languages": ["English", "Spanish"],
                "fieldVisibility": {"phone": "NOBODY"}, "notificationPreferences": {"digest": {"email": true}},
            }),
        )
        .await;
    assert_eq!(status, StatusCode::OK, "{profile}");
    assert_eq!(profile["company"], "Bay Concrete");
    assert_eq!(profile["phone"], "+19165551234");
    assert_eq!(
        profile["fieldVisibility"],
        json!({"email": "MEMBERS", "phone": "NOBODY", "address": "MEMBERS"})
    );
    // Without coordinates the member stands in the middle of the ZIP code, and moves with it.
    assert!((profile["coordinates"]["lat"].as_f64().unwrap() - 37.8).abs() < 0.1);
    let (_, moved) = someone
        .send(Method::PATCH, ME, &json!({"zip": "90012", "phone": null}))
        .await;
    assert!((moved["coordinates"]["lat"].as_f64().unwrap() - 34.06).abs() < 0.1);
    assert_eq!(
        (&moved["phone"], &moved["company"]),
        (&Value::Null, &json!("Bay Concrete"))
    );
    let (_, placed) = someone
        .send(
            Method::PATCH,
            ME,
            &json!({"coordinates": {"lat": 1.5, "lng": 2.5}}),
        )
        .await;
    let (_, stays) = someone.send(Method::PATCH, ME, &json!({"zip": "94607"})).await;
    assert_eq!(
        (&placed["coordinates"], &stays["coordinates"]),
        (&json!({"lat": 1.5, "lng": 2.5}), &json!({"lat": 1.5, "lng": 2.5}))
    );
    assert_eq!(someone.json(ME).await, stays);
}

#[tokio::test]
async fn every_fault_of_a_patch_is_named_and_nothing_is_written() {
    let someone = Someone::with(&["member"]).await;
    let before = someone.json(ME).await;
    let (status, problem) = someone
        .send(
            Method::PATCH,
            ME,
            &json!({
                "firstName": null, "lastName": " ", "company": 7, "phone": "call me", "website": "javascript:alert(1)",
                "coordinates": {"lat": 91, "lng": 0}, "certifications": [{"name": "x", "year": 20}],
                "languages": "English", "fieldVisibility": {"address": "SOME"}, "notificationPreferences": {"digest": "daily"},
                "email": "other@example.org", "memberType": "ADMIN", "contractorLicense": "1",
            }),
        )
        .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut faults = pointers(&problem);
    faults.sort_unstable();
    let mut expected = [
        "/body/firstName",
        "/body/lastName",
        "/body/company",
        "/body/phone",
        "/body/website",
        "/body/coordinates",
        "/body/certifications/0/year",
        "/body/languages",
        "/body/fieldVisibility/address",
        "/body/notificationPreferences",
        "/body/email",
        "/body/memberType",
        "/body/contractorLicense",
    ];
    expected.sort_unstable();
    assert_eq!(faults, expected);
    assert_eq!(someone.json(ME).await, before);
    for (body, media, status) in [
        ("{", "application/json", 400),
        ("[]", "application/json", 422),
        ("{}", "text/plain", 415),
    ] {
        let request = someone
            .ask(Method::PATCH, ME)
            .header("content-type", media)
            .body(body);
        assert_eq!(request.send().await.unwrap().status(), status, "{body}");
    }
}

#[tokio::test]
async fn a_stale_patch_is_refused_and_an_idle_one_makes_no_version() {
    let someone = Someone::with(&["member"]).await;
    let tag = |response: &reqwest::Response| response.headers()["etag"].to_str().unwrap().to_owned();
    let first = tag(&someone.get(ME).await);
    let patch = async |tag: &str, title: &str| {
        let request = someone
            .ask(Method::PATCH, ME)
            .header("if-match", tag)
            .json(&json!({"title": title}));
        request.send().await.unwrap()
    };
    let changed = patch(&first, "Owner").await;
    assert_eq!(changed.status(), StatusCode::OK);
    let second = tag(&changed);
    assert_eq!(
        patch(&first, "Foreman").await.status(),
        StatusCode::PRECONDITION_FAILED
    );
    assert_eq!(tag(&patch(&second, "Owner").await), second);
    let again = someone
        .ask(Method::GET, ME)
        .header("if-none-match", &second)
        .header(
            "portal-consistency",
            changed.headers()["portal-consistency"].clone(),
        );
    assert_eq!(again.send().await.unwrap().status(), StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn skills_are_replaced_as_a_whole() {
    let marker = marker();
    let someone = Someone::with(&["member"]).await;
    let names = ["a", "b", "c"].map(|name| format!("{name} {marker}"));
    for name in &names {
        sqlx::query("INSERT INTO skills (name) VALUES ($1)")
            .bind(name)
            .execute(&mut owner().await)
            .await
            .unwrap();
    }
    let path = "/v1/members/me/skills";
    let put = async |skills: Value| {
        someone
            .send(Method::PUT, path, &json!({ "skills": skills }))
            .await
    };
    let (status, profile) = put(json!([
        {"skill": names[0], "level": "ADVANCED"}, {"skill": names[1], "level": "BEGINNER"}]))
    .await;
    assert_eq!(status, StatusCode::OK, "{profile}");
    sqlx::query("UPDATE user_skills SET verified = true WHERE user_id = $1")
        .bind(someone.member.id)
        .execute(&mut owner().await)
        .await
        .unwrap();
    let (_, profile) = put(json!([
        {"skill": names[0], "level": "ADVANCED"}, {"skill": names[1], "level": "EXPERT"}, {"skill": names[2], "level": "EXPERT"}]))
    .await;
    let verified: Vec<_> = profile["skills"]
        .as_array()
        .unwrap()
        .iter()
        .map(|skill| skill["verified"].clone())
        .collect();
    assert_eq!(verified, [json!(true), json!(false), json!(false)]);
    let (status, problem) =
        put(json!([{"skill": names[0], "level": "EXPERT"}, {"skill": "no such skill", "level": "EXPERT"}]))
            .await;
    assert_eq!(
        (status, pointers(&problem)),
        (StatusCode::UNPROCESSABLE_ENTITY, vec!["/body/skills/1/skill"])
    );
    let (status, _) =
        put(json!([{"skill": names[0], "level": "EXPERT"}, {"skill": names[0], "level": "EXPERT"}])).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let (_, profile) = put(json!([])).await;
    assert_eq!(profile["skills"], json!([]));
    let kept: Vec<String> = sqlx::query_scalar("SELECT skill_names FROM users WHERE id = $1")
        .bind(someone.member.id)
        .fetch_one(&mut owner().await)
        .await
        .unwrap();
    assert_eq!(kept, Vec::<String>::new());
}

#[tokio::test]
async fn what_is_derived_from_skills_is_not_audited_twice() {
    let someone = Someone::with(&["member"]).await;
    let name = marker();
    sqlx::query("INSERT INTO skills (name) VALUES ($1)")
        .bind(&name)
        .execute(&mut owner().await)
        .await
        .unwrap();
    let skills = json!({"skills": [{"skill": name, "level": "EXPERT"}]});
    assert_eq!(
        someone
            .send(Method::PUT, "/v1/members/me/skills", &skills)
            .await
            .0,
        StatusCode::OK
    );
    let audited: Vec<String> = sqlx::query_scalar("SELECT table_name FROM audit_log WHERE user_id = $1")
        .bind(someone.member.id)
        .fetch_all(&mut owner().await)
        .await
        .unwrap();
    assert_eq!(audited, ["user_skills"]);
}
