//! Announcements that are withdrawn, and patches that would open one to everybody.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Someone, change, owner, pointers};

const PATH: &str = "/v1/announcements";

async fn announce(staff: &Someone, fields: Value) -> String {
    let mut body = json!({"title": "News", "content": "Something has happened."});
    body.as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    let (status, announcement) = staff.post(PATH, &body).await;
    assert_eq!(status, StatusCode::CREATED, "{announcement}");
    announcement["id"].as_str().unwrap().to_owned()
}

/// A mail of an announcement that waits far in the future, so that nothing sends it meanwhile.
async fn mail(announcement: &str, who: &Someone) {
    sqlx::query(
        "INSERT INTO outbox (id, user_id, kind, recipient, payload, not_before)
        VALUES ($1, $2, 'URGENT_ANNOUNCEMENT', 'somebody@example.org', jsonb_build_object('announcementId', $3::text), '2100-01-01')",
    )
    .bind(Uuid::now_v7())
    .bind(who.id())
    .bind(announcement)
    .execute(&mut owner().await)
    .await
    .unwrap();
}

async fn states(announcement: &str) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT state FROM outbox WHERE payload ->> 'announcementId' = $1 AND not_before = '2100-01-01' ORDER BY state",
    )
    .bind(announcement)
    .fetch_all(&mut owner().await)
    .await
    .unwrap()
}

#[tokio::test]
async fn mails_of_an_announcement_that_is_taken_away_or_ended_are_not_sent() {
    let (staff, ana) = (Someone::with(&["support"]).await, Someone::with(&[]).await);
    for ends in [false, true] {
        let later = json!({"isUrgent": true, "publishAt": "2120-01-01T00:00:00Z"});
        let id = announce(&staff, later).await;
        mail(&id, &ana).await;
        mail(&id, &staff).await;
        let path = format!("{PATH}/{id}");
        let (status, changed) = staff.send(Method::PATCH, &path, &json!({"title": "Other"})).await;
        assert_eq!(status, StatusCode::OK, "{changed}");
        assert_eq!(states(&id).await, ["PENDING", "PENDING"]);
        if ends {
            let out = "UPDATE announcements SET publish_at = now() - interval '2 hours', notified_at = now() WHERE id = $1";
            change(out, id.parse().unwrap()).await;
            let end = json!({"expiresAt": "2025-11-01T00:00:00Z"});
            let since = "UPDATE announcements SET publish_at = '2025-10-01' WHERE id = $1";
            change(since, id.parse().unwrap()).await;
            let (status, ended) = staff.send(Method::PATCH, &path, &end).await;
            assert_eq!(status, StatusCode::OK, "{ended}");
        } else {
            assert_eq!(staff.act(Method::DELETE, &path).await, StatusCode::NO_CONTENT);
        }
        assert_eq!(states(&id).await, ["SUPPRESSED", "SUPPRESSED"], "{ends}");
    }
}

/// What was for some would be for all, and what was not mailed would be.
#[tokio::test]
async fn what_has_a_default_is_not_cleared_to_it() {
    let staff = Someone::with(&["support"]).await;
    let fields = json!({"audience": "ROLE", "audienceRole": "finance", "publishAt": "2120-01-01T00:00:00Z"});
    let path = format!("{PATH}/{}", announce(&staff, fields).await);
    for (patch, named) in [
        (
            json!({"audience": null, "audienceRole": null}),
            vec!["/body/audience"],
        ),
        (json!({"isUrgent": null}), vec!["/body/isUrgent"]),
        (json!({"audienceRole": null}), vec!["/body/audienceRole"]),
    ] {
        let (status, problem) = staff.send(Method::PATCH, &path, &patch).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{patch}: {problem}");
        assert_eq!(pointers(&problem), named, "{patch}");
    }
    let now = staff.json(&path).await;
    assert_eq!(
        (&now["audience"], &now["audienceRole"]),
        (&json!("ROLE"), &json!("finance"))
    );
    let settings = "/v1/notifications/preferences";
    let (status, problem) = staff
        .send(
            Method::PATCH,
            settings,
            &json!({"acceptsMessages": null, "timeZone": null}),
        )
        .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut named = pointers(&problem);
    named.sort();
    assert_eq!(named, ["/body/acceptsMessages", "/body/timeZone"]);
}
