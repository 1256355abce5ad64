//! Saved searches tell nobody of what they may not see, and not everybody of what they may.

use portal_tests::members::Member;
use serde_json::json;

use crate::support::World;
use crate::watching::{publish, save, told, watcher};

#[tokio::test]
async fn nobody_is_told_of_what_they_may_not_see() {
    let mut world = World::create().await;
    let query = json!({ "q": "zephyrwall" });
    watcher(&mut world, "ana", &query).await;
    let invited = watcher(&mut world, "ben", &query).await;
    let staff = Member::add(&mut world.owner, "cleo", &["project_manager"]).await;
    save(&mut world, &staff, &query).await;
    let id = publish(&mut world, "Zephyrwall invited", 5, "visibility = 'INVITE_ONLY'").await;
    sqlx::query("INSERT INTO project_invitations (project_id, user_id, invited_by) SELECT id, $2, owner_id FROM projects WHERE id = $1")
        .bind(id)
        .bind(invited.id)
        .execute(&mut world.owner)
        .await
        .unwrap();
    publish(
        &mut world,
        "Zephyrwall draft",
        5,
        "status = 'DRAFT', published_at = NULL",
    )
    .await;
    publish(&mut world, "Zephyrwall deleted", 5, "deleted_at = now()").await;
    let report = world.run().await;
    assert_eq!(report.alerts_failed, 0);
    assert_eq!(told(&mut world, "ana").await.len(), 0);
    assert_eq!(told(&mut world, "ben").await, [[["Zephyrwall invited"]]]);
    assert_eq!(told(&mut world, "cleo").await, [[["Zephyrwall invited"]]]);
}

#[tokio::test]
async fn a_hidden_address_alerts_nobody_and_a_member_is_new_when_let_in() {
    let mut world = World::create().await;
    watcher(
        &mut world,
        "ana",
        &json!({ "q": "zephyrwall", "city": ["Oakland"] }),
    )
    .await;
    for (name, changes) in [
        ("shown", "field_visibility = '{}'"),
        ("hidden", "field_visibility = '{\"address\": \"NOBODY\"}'"),
        ("waiting", "approved_at = NULL"),
        ("old", "approved_at = now() - interval '9 days'"),
    ] {
        let member = Member::add(&mut world.owner, name, &[]).await;
        // Signed up long ago, and let in some minutes ago.
        let let_in = "UPDATE users SET company = 'Zephyrwall', city = 'Oakland', created_at = now() - interval '30 days',
            approved_at = now() - interval '5 minutes' WHERE id = $1";
        sqlx::query(let_in)
            .bind(member.id)
            .execute(&mut world.owner)
            .await
            .unwrap();
        let update = format!("UPDATE users SET {changes} WHERE id = $1");
        sqlx::query(&update)
            .bind(member.id)
            .execute(&mut world.owner)
            .await
            .unwrap();
    }
    assert_eq!(world.run().await.alerts, 1);
    assert_eq!(told(&mut world, "ana").await, [[["shown Test"]]]);
}

#[tokio::test]
async fn who_is_not_to_be_told_is_not() {
    let mut world = World::create().await;
    let query = json!({ "q": "zephyrwall" });
    for (name, changes) in [
        ("suspended", "is_active = false, suspended_at = now()"),
        ("deleted", "deleted_at = now()"),
        ("unapproved", "approved_at = NULL"),
        ("well", "title = 'Ms.'"),
    ] {
        let member = watcher(&mut world, name, &query).await;
        let update = format!("UPDATE users SET {changes} WHERE id = $1");
        sqlx::query(&update)
            .bind(member.id)
            .execute(&mut world.owner)
            .await
            .unwrap();
    }
    let quiet = watcher(&mut world, "quiet", &query).await;
    sqlx::query("UPDATE saved_searches SET alerts_enabled = false WHERE user_id = $1")
        .bind(quiet.id)
        .execute(&mut world.owner)
        .await
        .unwrap();
    publish(&mut world, "Zephyrwall east", 5, "").await;
    let report = world.run().await;
    assert_eq!((report.alerts, report.alerts_failed), (1, 0));
    let mails = "SELECT jsonb_agg(recipient) FROM outbox";
    assert_eq!(world.scalar(mails).await, json!(["well@example.org"]));
    // Nobody is looked at every minute.
    let due = "SELECT to_jsonb(count(*)) FROM saved_searches WHERE alerts_enabled AND matched_until < now() - interval '1 day'";
    assert_eq!(world.scalar(due).await, json!(0));
}
