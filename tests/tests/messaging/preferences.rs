//! What a member wants to be told of, and the link that ends mails without a sign-in.

use portal_data::CachedSecret;
use portal_data::notifications::{LinkKeys, UnsubscribeLink};
use portal_domain::notification::Topic;
use portal_tests::stack::Stack;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Someone, change, count, owner, pointers};

const PATH: &str = "/v1/notifications/preferences";

#[tokio::test]
async fn everything_is_on_until_a_member_chooses() {
    let ana = Someone::with(&[]).await;
    let before = ana.json(PATH).await;
    let topics = before["topics"].as_object().unwrap();
    assert_eq!(topics.len(), Topic::ALL.len());
    assert!(topics.values().all(|topic| topic == &json!({"email": true})));
    assert_eq!(
        (
            &before["quietHours"],
            &before["timeZone"],
            &before["acceptsMessages"]
        ),
        (&Value::Null, &json!("America/Los_Angeles"), &json!(true))
    );
    let patch = json!({
        "topics": {"projects": {"email": false}}, "quietHours": {"from": "22:00", "until": "07:00"}, "timeZone": "America/New_York",
    });
    let (status, after) = ana.send(Method::PATCH, PATH, &patch).await;
    assert_eq!(status, StatusCode::OK, "{after}");
    assert_eq!(after["topics"]["projects"], json!({"email": false}));
    assert_eq!(after["topics"]["events"], json!({"email": true}));
    assert_eq!(after["quietHours"], json!({"from": "22:00", "until": "07:00"}));
    assert_eq!(ana.json(PATH).await, after);
    let (_, cleared) = ana
        .send(Method::PATCH, PATH, &json!({"quietHours": null, "topics": null}))
        .await;
    assert_eq!(
        (&cleared["quietHours"], &cleared["topics"]),
        (&Value::Null, &before["topics"])
    );
    assert_eq!(cleared["timeZone"], "America/New_York");
    let audited = "SELECT count(*) FROM audit_log WHERE user_id = $1 AND table_name IN ('users', 'notification_settings')";
    assert_eq!(count(audited, ana.id()).await, 4);
}

#[tokio::test]
async fn the_profile_shows_the_same_choices() {
    let ana = Someone::with(&[]).await;
    let profile = json!({"notificationPreferences": {"newsletter": true, "events": false}});
    let (status, _) = ana.send(Method::PATCH, "/v1/members/me", &profile).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(ana.json(PATH).await["topics"]["events"], json!({"email": false}));
    let patch = json!({"topics": {"events": {"email": true}}});
    ana.send(Method::PATCH, PATH, &patch).await;
    let profile = ana.json("/v1/members/me").await;
    let kept = &profile["notificationPreferences"];
    assert_eq!(
        (&kept["newsletter"], &kept["events"]),
        (&json!(true), &json!({"email": true}))
    );
}

#[tokio::test]
async fn every_fault_is_named_and_a_stale_change_refused() {
    let ana = Someone::with(&[]).await;
    for (patch, expected) in [
        (
            json!({"topics": {"weather": {"email": true}}}),
            vec!["/body/topics/weather"],
        ),
        (
            json!({"topics": {"events": true}, "timeZone": "PST", "acceptsMessages": 1, "x": 1}),
            vec![
                "/body/topics/events",
                "/body/acceptsMessages",
                "/body/timeZone",
                "/body/x",
            ],
        ),
        (
            json!({"quietHours": {"from": "22:00", "until": "22:00"}}),
            vec!["/body/quietHours"],
        ),
        (
            json!({"quietHours": {"from": "25:00", "until": "07:00"}}),
            vec!["/body/quietHours/from"],
        ),
        (json!({"timeZone": "Europe/Atlantis"}), vec!["/body/timeZone"]),
        (
            json!({"topics": {"events": [false]}, "quietHours": ["22:00", "07:00"]}),
            vec!["/body/topics/events", "/body/quietHours"],
        ),
    ] {
        let (status, problem) = ana.send(Method::PATCH, PATH, &patch).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{patch}: {problem}");
        assert_eq!(pointers(&problem), expected, "{patch}");
    }
    let tag = ana.get(PATH).await.headers()["etag"].clone();
    let patch = async |zone: &str| {
        let request = ana.ask(Method::PATCH, PATH).header("if-match", tag.clone());
        request
            .json(&json!({"timeZone": zone}))
            .send()
            .await
            .unwrap()
            .status()
    };
    assert_eq!(patch("UTC").await, StatusCode::OK);
    assert_eq!(patch("America/Denver").await, StatusCode::PRECONDITION_FAILED);
}

/// What a mail program does with `List-Unsubscribe` and `List-Unsubscribe-Post`.
async fn one_click(token: &str) -> (StatusCode, Value) {
    let url = format!(
        "{}/v1/notifications/unsubscribe?token={token}",
        Stack::get().api_url
    );
    let request = Client::new()
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded");
    let response = request.body("List-Unsubscribe=One-Click").send().await.unwrap();
    let status = response.status();
    (status, response.json().await.unwrap_or_default())
}

#[tokio::test]
async fn a_link_ends_the_mails_of_its_topic_without_a_sign_in() {
    let ana = Someone::with(&[]).await;
    let keys = CachedSecret::<LinkKeys>::new(
        Stack::get().secrets().await,
        Stack::get().environment["PORTAL_SIGNING_SECRET"].clone(),
        std::time::Duration::from_secs(600),
    );
    let link = UnsubscribeLink {
        member: ana.id().into(),
        topic: Topic::Digest,
    };
    let token = keys.get().await.unwrap().sign(link).unwrap();
    sqlx::query("UPDATE users SET notification_preferences = '{\"digest\": {\"inApp\": true}, \"events\": false}' WHERE id = $1")
        .bind(ana.id())
        .execute(&mut owner().await)
        .await
        .unwrap();
    for _ in 0..2 {
        assert_eq!(one_click(&token).await.0, StatusCode::NO_CONTENT);
    }
    let kept: Value = sqlx::query_scalar("SELECT notification_preferences FROM users WHERE id = $1")
        .bind(ana.id())
        .fetch_one(&mut owner().await)
        .await
        .unwrap();
    assert_eq!(
        kept,
        json!({"digest": {"inApp": true, "email": false}, "events": false})
    );
    let topics = ana.json(PATH).await["topics"].clone();
    assert_eq!(
        (&topics["digest"]["email"], &topics["projects"]["email"]),
        (&json!(false), &json!(true))
    );
    // Of an account that is gone nothing is left to end.
    change("UPDATE users SET deleted_at = now() WHERE id = $1", ana.id()).await;
    assert_eq!(one_click(&token).await.0, StatusCode::NO_CONTENT);
    for bad in [
        token.replace("digest", "events"),
        "x".to_owned(),
        format!("{token}x"),
    ] {
        let (status, problem) = one_click(&bad).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        assert_eq!(pointers(&problem), ["/query/token"]);
    }
}
