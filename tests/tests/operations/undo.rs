//! Having an import taken back.

use portal_data::imports::{self, NewRun};
use portal_data::{DataError, Tx};
use portal_domain::ids::ImportId;
use portal_tests::people::Person;
use portal_tests::primary::owner;
use reqwest::StatusCode;
use serde_json::json;
use uuid::Uuid;

use crate::support::House;

/// A completed import of long ago, which no other import waits for.
async fn old_import(dry_run: bool, state: &str) -> Uuid {
    let id = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO import_runs (id, bucket, object_key, state, dry_run, started_at, finished_at)
        VALUES ($1, 'b', $1::text, $2, $3, '1999-01-01', '1999-01-02')",
    )
    .bind(id)
    .bind(state)
    .bind(dry_run)
    .execute(&mut owner().await)
    .await
    .unwrap();
    id
}

#[tokio::test]
async fn what_cannot_be_undone_is_said_with_its_reason() {
    let staff = Person::with(&["administrator"]).await;
    let because = json!({"reason": "A wrong file"});
    for (dry_run, state, reason) in [(true, "COMPLETED", "dry run"), (false, "FAILED", "FAILED")] {
        let id = old_import(dry_run, state).await;
        let path = format!("/v1/admin/imports/{id}/undo");
        let detail = staff.post(&path, &because).await.detail(StatusCode::CONFLICT);
        assert!(detail.contains(reason), "{detail}");
        let shown = staff.json(&format!("/v1/admin/imports/{id}")).await;
        assert_eq!(shown["undo"]["canUndo"], false);
        assert_eq!(shown["undo"]["requestedAt"], json!(null));
    }
    let nothing = format!("/v1/admin/imports/{}/undo", Uuid::now_v7());
    staff.post(&nothing, &because).await.expect(StatusCode::NOT_FOUND);
    let id = old_import(true, "COMPLETED").await;
    let path = format!("/v1/admin/imports/{id}/undo");
    assert_eq!(staff.post(&path, &json!({})).await.pointers(), ["/body/reason"]);
    let member = Person::member().await;
    member.post(&path, &because).await.expect(StatusCode::FORBIDDEN);
}

async fn ask(house: &House, id: ImportId) -> Result<bool, DataError> {
    let mut tx = house.admin.begin(&house.staff.request()).await.unwrap();
    let asked = imports::request_undo(&mut tx, id, house.staff.id.into()).await;
    match &asked {
        Ok(_) => drop(tx.commit().await.unwrap()),
        Err(_) => tx.rollback().await.unwrap(),
    }
    asked
}

#[tokio::test]
async fn of_two_who_ask_at_once_one_is_the_first() {
    let mut house = House::create().await;
    let id = Uuid::now_v7();
    house
        .execute(&format!(
            "INSERT INTO import_runs (id, bucket, object_key, state, finished_at) VALUES ('{id}', 'b', 'k', 'COMPLETED', now())"
        ))
        .await;
    let id = ImportId::from(id);
    let (one, other) = tokio::join!(ask(&house, id), ask(&house, id));
    let mut firsts = [one.unwrap(), other.unwrap()];
    firsts.sort_unstable();
    assert_eq!(firsts, [false, true]);
    let shown = house.read(async |tx: &mut Tx| imports::show(tx, id).await).await;
    assert_eq!(shown["undo"]["requestedBy"], json!(house.staff.id));
}

#[tokio::test]
async fn an_import_that_another_came_after_stays() {
    let mut house = House::create().await;
    let (first, second) = (Uuid::now_v7(), Uuid::now_v7());
    house
        .execute(&format!(
            "INSERT INTO import_runs (id, bucket, object_key, state, finished_at)
            VALUES ('{first}', 'b', 'k1', 'COMPLETED', now() - interval '1 hour'), ('{second}', 'b', 'k2', 'COMPLETED', now())"
        ))
        .await;
    let refused = ask(&house, first.into()).await.unwrap_err().to_string();
    assert!(refused.contains(&second.to_string()), "{refused}");
    assert!(ask(&house, second.into()).await.unwrap());
    let unknown = ask(&house, Uuid::now_v7().into()).await.unwrap_err();
    assert!(matches!(unknown, DataError::NotFound));
}

#[tokio::test]
async fn the_request_that_waits_longest_is_taken_up_first_and_once() {
    let mut house = House::create().await;
    let mut jobs = house.database.connect("portal_jobs").await;
    assert_eq!(imports::next_requested_undo(&mut jobs).await.unwrap(), None);
    let new = NewRun {
        bucket: "b",
        object_key: "k",
        object_version: "",
        sequencer: "1",
    };
    let id = imports::register(&mut jobs, new).await.unwrap();
    house
        .execute("UPDATE import_runs SET state = 'COMPLETED', finished_at = now()")
        .await;
    assert!(ask(&house, id).await.unwrap());
    assert_eq!(imports::next_requested_undo(&mut jobs).await.unwrap(), Some(id));
    imports::refuse_requested_undo(&mut jobs, id, "there is a later one")
        .await
        .unwrap();
    assert_eq!(imports::next_requested_undo(&mut jobs).await.unwrap(), None);
    let shown = house.read(async |tx: &mut Tx| imports::show(tx, id).await).await;
    assert_eq!(shown["notes"], json!(["not undone: there is a later one"]));
    assert!(ask(&house, id).await.unwrap(), "it may be asked for again");
}
