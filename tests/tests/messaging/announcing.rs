//! News from staff: who writes it, who sees it, and how far it has come.

use portal_data::Counting;
use portal_data::announcements::{self, AnnouncementFilters};
use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Someone, change, each, pointers};

const PATH: &str = "/v1/announcements";
const UNREAD: &str = "/v1/announcements?unread=true&limit=100";

async fn announce(staff: &Someone, body: Value) -> Value {
    let (status, announcement) = staff.post(PATH, &body).await;
    assert_eq!(status, StatusCode::CREATED, "{announcement}");
    announcement
}

fn at(announcement: &Value) -> String {
    format!("{PATH}/{}", announcement["id"].as_str().unwrap())
}

/// Whether somebody has it in the list and by its id, which is one answer.
async fn sees(who: &Someone, announcement: &Value) -> bool {
    let listed = each(&who.follow(&format!("{PATH}?limit=100")).await, "/id");
    let listed = listed.contains(&announcement["id"].as_str().unwrap().to_owned());
    let single = who.get(&at(announcement)).await.status();
    let expected = if listed {
        StatusCode::OK
    } else {
        StatusCode::NOT_FOUND
    };
    assert_eq!(single, expected, "{announcement}");
    listed
}

#[tokio::test]
async fn members_see_what_is_out_and_for_them() {
    let staff = Someone::with(&["support"]).await;
    let (member, finance) = (
        Someone::with(&["member"]).await,
        Someone::with(&["finance"]).await,
    );
    let news = |more: Value| {
        let mut body = json!({"title": "News", "content": "Something has happened."});
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        body
    };
    let all = announce(&staff, news(json!({}))).await;
    let role = announce(
        &staff,
        news(json!({"audience": "ROLE", "audienceRole": "finance"})),
    )
    .await;
    let kind = announce(
        &staff,
        news(json!({"audience": "MEMBER_TYPE", "audienceMemberType": "ADMIN"})),
    )
    .await;
    let later = announce(&staff, news(json!({"publishAt": "2120-01-01T00:00:00Z"}))).await;
    let over = announce(
        &staff,
        news(json!({"publishAt": "2020-01-01T00:00:00Z", "expiresAt": "2120-01-01T00:00:00Z"})),
    )
    .await;
    change(
        "UPDATE announcements SET expires_at = '2020-02-01' WHERE id = $1",
        over["id"].as_str().unwrap().parse().unwrap(),
    )
    .await;
    for (announcement, of_member, of_finance) in [
        (&all, true, true),
        (&role, false, true),
        (&kind, false, false),
        (&later, false, false),
        (&over, false, false),
    ] {
        assert_eq!(sees(&member, announcement).await, of_member, "{announcement}");
        assert_eq!(sees(&finance, announcement).await, of_finance, "{announcement}");
    }
    let managed = each(&staff.follow(&format!("{PATH}?all=true&limit=100")).await, "/id");
    for announcement in [&all, &role, &kind, &later, &over] {
        assert!(managed.contains(&announcement["id"].as_str().unwrap().to_owned()));
    }
    assert_eq!(
        member.get(&format!("{PATH}?all=true")).await.status(),
        StatusCode::FORBIDDEN
    );
    assert_eq!(role["audienceRole"], "finance");
}

#[tokio::test]
async fn only_staff_write_and_every_fault_is_named() {
    let (staff, member) = (
        Someone::with(&["support"]).await,
        Someone::with(&["member"]).await,
    );
    let body = json!({"title": "News", "content": "Something."});
    assert_eq!(member.post(PATH, &body).await.0, StatusCode::FORBIDDEN);
    let (status, problem) = staff
        .post(PATH, &json!({"content": "", "isUrgent": "yes", "x": 1}))
        .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        pointers(&problem),
        ["/body/title", "/body/content", "/body/isUrgent", "/body/x"]
    );
    for (more, pointer) in [
        (json!({"audience": "ROLE"}), "/body/audienceRole"),
        (
            json!({"audience": "ROLE", "audienceRole": "nobody"}),
            "/body/audienceRole",
        ),
        (json!({"audienceMemberType": "ADMIN"}), "/body/audienceMemberType"),
        (
            json!({"publishAt": "2026-05-01T00:00:00Z", "expiresAt": "2026-05-01T00:00:00Z"}),
            "/body/expiresAt",
        ),
        (json!({"expiresAt": "2026-05-01T00:00:00Z"}), "/body/expiresAt"),
        (
            json!({"publishAt": "2026-04-01T00:00:00Z", "expiresAt": "2026-05-01T00:00:00Z"}),
            "/body/expiresAt",
        ),
    ] {
        let mut body = body.clone();
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let (status, problem) = staff.post(PATH, &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
        assert_eq!(pointers(&problem), [pointer]);
    }
}

#[tokio::test]
async fn one_that_is_out_keeps_its_audience_and_can_be_corrected_and_taken_back() {
    let (staff, member) = (
        Someone::with(&["support"]).await,
        Someone::with(&["member"]).await,
    );
    let news = announce(
        &staff,
        json!({"title": "Nwes", "content": "Something.", "publishAt": "2120-01-01T00:00:00Z"}),
    )
    .await;
    let path = at(&news);
    let patch = async |body: Value| staff.send(Method::PATCH, &path, &body).await;
    let (status, moved) = patch(json!({"isUrgent": true, "publishAt": "2120-02-01T00:00:00Z"})).await;
    assert_eq!(
        (status, &moved["publishAt"]),
        (StatusCode::OK, &json!("2120-02-01T00:00:00Z"))
    );
    let stale = staff
        .ask(Method::PATCH, &path)
        .header("if-match", "\"1.x\"")
        .json(&json!({"title": "News"}));
    assert_eq!(
        stale.send().await.unwrap().status(),
        StatusCode::PRECONDITION_FAILED
    );
    let out =
        "UPDATE announcements SET publish_at = now() - interval '1 hour', notified_at = now() WHERE id = $1";
    change(out, news["id"].as_str().unwrap().parse().unwrap()).await;
    for body in [
        json!({"isUrgent": false}),
        json!({"audience": "ROLE", "audienceRole": "finance"}),
        json!({"publishAt": "2121-01-01T00:00:00Z"}),
    ] {
        assert_eq!(patch(body.clone()).await.0, StatusCode::CONFLICT, "{body}");
    }
    let (status, corrected) = patch(json!({"title": "News"})).await;
    assert_eq!((status, &corrected["title"]), (StatusCode::OK, &json!("News")));
    assert!(sees(&member, &news).await);
    assert_eq!(
        member.send(Method::PATCH, &path, &json!({"title": "x"})).await.0,
        StatusCode::FORBIDDEN
    );
    assert_eq!(member.act(Method::DELETE, &path).await, StatusCode::FORBIDDEN);
    assert_eq!(staff.act(Method::DELETE, &path).await, StatusCode::NO_CONTENT);
    assert!(!sees(&member, &news).await);
    assert_eq!(staff.act(Method::DELETE, &path).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn receipts_are_counted_once_for_each_reader() {
    let staff = Someone::with(&["support"]).await;
    let (one, other) = (
        Someone::with(&["course_manager"]).await,
        Someone::with(&["course_manager"]).await,
    );
    let news = announce(&staff, json!({"title": "To you", "content": "Something.", "audience": "ROLE", "audienceRole": "course_manager"})).await;
    let (path, read) = (at(&news), format!("{}/read", at(&news)));
    let reach = async || staff.json(&format!("{path}/reach")).await;
    let before = reach().await;
    assert!(before["audienceSize"].as_i64().unwrap() >= 2, "{before}");
    assert_eq!(before["readCount"], 0);
    for _ in 0..2 {
        assert_eq!(one.act(Method::POST, &read).await, StatusCode::NO_CONTENT);
    }
    assert_eq!(reach().await["readCount"], 1);
    // Who runs announcements may read one that is for others, and is none of its readers.
    assert_eq!(staff.act(Method::POST, &read).await, StatusCode::NO_CONTENT);
    assert_eq!(reach().await["readCount"], 1);
    assert!(one.json(&path).await["readAt"].is_string());
    assert_eq!(other.json(&path).await["readAt"], Value::Null);
    let id = news["id"].as_str().unwrap().to_owned();
    assert!(!each(&one.follow(UNREAD).await, "/id").contains(&id));
    assert!(each(&other.follow(UNREAD).await, "/id").contains(&id));
    let stranger = Someone::with(&["member"]).await;
    assert_eq!(stranger.act(Method::POST, &read).await, StatusCode::NOT_FOUND);
    assert_eq!(
        one.get(&format!("{path}/reach")).await.status(),
        StatusCode::FORBIDDEN
    );
    let nowhere = format!("{PATH}/{}/reach", Uuid::now_v7());
    assert_eq!(staff.get(&nowhere).await.status(), StatusCode::NOT_FOUND);
}

/// A role that is for nobody here, one that comes later, one that is over, and one that was taken away; the first is read.
const MANY: &str = "
    INSERT INTO announcements (id, author_id, title, content, audience, audience_role_id, publish_at, expires_at, deleted_at)
    SELECT gen_random_uuid(), u.id, 'News', 'Something.', CASE WHEN n = 4 THEN 'ROLE' ELSE 'ALL' END,
        CASE WHEN n = 4 THEN (SELECT id FROM roles WHERE name = 'finance') END,
        CASE WHEN n = 5 THEN now() + interval '1 day' ELSE now() - n * interval '1 day' END,
        CASE WHEN n = 6 THEN now() - interval '1 day' END, CASE WHEN n = 7 THEN now() END
    FROM users AS u, generate_series(1, 7) AS n WHERE u.first_name = 'staff';
    INSERT INTO announcement_reads (announcement_id, user_id)
    SELECT a.id, u.id FROM users AS u, (SELECT id FROM announcements ORDER BY publish_at DESC OFFSET 1 LIMIT 1) AS a;";

#[tokio::test]
async fn a_count_is_that_of_the_list() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let staff = Member::add(&mut owner, "staff", &["support"]).await;
    let ana = Member::add(&mut owner, "ana", &[]).await;
    sqlx::raw_sql(MANY).execute(&mut owner).await.unwrap();
    let portal = database.open("portal_api", false).await;
    for (who, all, unread, expected) in [
        (ana, false, false, 3),
        (ana, false, true, 2),
        (staff, false, false, 3),
        (staff, true, false, 6),
        (staff, true, true, 5),
    ] {
        let mut tx = portal.begin(&who.request()).await.unwrap();
        let (me, filters) = (who.id.into(), AnnouncementFilters { all, unread });
        let listed = announcements::list(&mut tx, me, filters, None, 100)
            .await
            .unwrap();
        let counted = announcements::count(&mut tx, me, filters, Some(Counting::Exact)).await;
        assert_eq!(
            (listed.len(), counted.unwrap()),
            (expected, Some(i64::try_from(expected).unwrap()))
        );
    }
}
