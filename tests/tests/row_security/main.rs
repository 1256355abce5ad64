//! What one member may see and do of another's, under the role that production uses.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

mod seats;

use portal_data::{DataError, Database, read};
use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

/// Two members and a stranger's view of what they own.
struct Scene {
    owner: PgConnection,
    portal: Database,
    ana: Member,
    bo: Member,
    eve: Member,
}

async fn scene() -> Scene {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let ana = Member::add(&mut owner, "ana", &["project_manager"]).await;
    let bo = Member::add(&mut owner, "bo", &[]).await;
    let eve = Member::add(&mut owner, "eve", &[]).await;
    let portal = database.open("portal_api", false).await;
    Scene {
        owner,
        portal,
        ana,
        bo,
        eve,
    }
}

impl Scene {
    async fn count(&self, member: Member, sql: &'static str) -> Result<i64, DataError> {
        let context = member.request();
        read!(self.portal, &context, |tx| {
            Ok(sqlx::query_scalar(sql).fetch_one(&mut *tx).await?)
        })
    }

    /// Runs a statement as a member and commits; the number of rows it touched.
    async fn change(&self, member: Member, sql: &str) -> Result<u64, DataError> {
        let mut tx = self.portal.begin(&member.request()).await?;
        let touched = sqlx::query(sql).execute(&mut tx).await?.rows_affected();
        tx.commit().await?;
        Ok(touched)
    }

    async fn run(&mut self, sql: &str) {
        sqlx::raw_sql(sql).execute(&mut self.owner).await.unwrap();
    }

    async fn add_project(&mut self, visibility: &str, status: &str) -> Uuid {
        let id = Uuid::now_v7();
        sqlx::query(
            "INSERT INTO projects (id, owner_id, title, category, visibility, status)
            VALUES ($1, $2, 'Library', 'COMMERCIAL', $3, $4)",
        )
        .bind(id)
        .bind(self.ana.id)
        .bind(visibility)
        .bind(status)
        .execute(&mut self.owner)
        .await
        .unwrap();
        id
    }
}

#[tokio::test]
async fn only_the_two_people_see_a_message() {
    let mut scene = scene().await;
    scene
        .run(&format!(
            "INSERT INTO messages (id, sender_id, receiver_id, content) VALUES (gen_random_uuid(), '{}', '{}', 'hello')",
            scene.ana.id, scene.bo.id
        ))
        .await;
    let sql = "SELECT count(*) FROM messages";
    assert_eq!(scene.count(scene.ana, sql).await.unwrap(), 1);
    assert_eq!(scene.count(scene.bo, sql).await.unwrap(), 1);
    assert_eq!(scene.count(scene.eve, sql).await.unwrap(), 0);
    assert_eq!(
        scene
            .change(scene.eve, "UPDATE messages SET status = 'READ'")
            .await
            .unwrap(),
        0
    );
    let forged = format!(
        "INSERT INTO messages (id, sender_id, receiver_id, content) VALUES (gen_random_uuid(), '{}', '{}', 'x')",
        scene.ana.id, scene.bo.id
    );
    assert!(matches!(
        scene.change(scene.eve, &forged).await,
        Err(DataError::Denied(_))
    ));
}

#[tokio::test]
async fn bids_are_sealed_from_rivals() {
    let mut scene = scene().await;
    let project = scene.add_project("PUBLIC", "BIDDING_OPEN").await;
    for bidder in [scene.bo, scene.eve] {
        let bid = format!(
            "INSERT INTO project_applications (id, project_id, user_id, bid_amount_cents)
            VALUES (gen_random_uuid(), '{project}', '{}', 100)",
            bidder.id
        );
        assert_eq!(scene.change(bidder, &bid).await.unwrap(), 1);
    }
    let sql = "SELECT count(*) FROM project_applications";
    assert_eq!(scene.count(scene.bo, sql).await.unwrap(), 1);
    assert_eq!(scene.count(scene.ana, sql).await.unwrap(), 2);
}

#[tokio::test]
async fn a_project_is_seen_by_its_visibility() {
    let mut scene = scene().await;
    let invited = scene.add_project("INVITE_ONLY", "PUBLISHED").await;
    scene.add_project("PRIVATE", "PUBLISHED").await;
    scene.add_project("PUBLIC", "DRAFT").await;
    scene.add_project("MEMBERS_ONLY", "PUBLISHED").await;
    scene.add_project("PUBLIC", "PUBLISHED").await;
    scene
        .run(&format!(
            "INSERT INTO project_invitations (project_id, user_id, invited_by) VALUES ('{invited}', '{}', '{}')",
            scene.bo.id, scene.ana.id
        ))
        .await;
    let sql = "SELECT count(*) FROM project_listings";
    assert_eq!(scene.count(scene.ana, sql).await.unwrap(), 5);
    assert_eq!(scene.count(scene.bo, sql).await.unwrap(), 3);
    assert_eq!(scene.count(scene.eve, sql).await.unwrap(), 2);
    let anonymous = portal_data::RequestContext::new(Uuid::now_v7(), portal_domain::Caller::Anonymous);
    let seen: i64 = read!(scene.portal, &anonymous, |tx| {
        Ok(sqlx::query_scalar(sql).fetch_one(&mut *tx).await?)
    })
    .unwrap();
    assert_eq!(seen, 1);
}

#[tokio::test]
async fn a_hidden_field_is_hidden_from_others_only() {
    let mut scene = scene().await;
    scene
        .run(&format!(
            r#"UPDATE users SET phone = '+14155550100', city = 'Oakland',
                coordinates = 'SRID=4326;POINT(-122.27 37.80)',
                field_visibility = '{{"phone": "NOBODY", "address": "NOBODY"}}' WHERE id = '{}'"#,
            scene.ana.id
        ))
        .await;
    let phones = "SELECT count(*) FROM member_directory WHERE phone IS NOT NULL OR city IS NOT NULL";
    let places = "SELECT count(*) FROM member_locations WHERE coordinates IS NOT NULL";
    for sql in [phones, places] {
        assert_eq!(scene.count(scene.ana, sql).await.unwrap(), 1, "{sql}");
        assert_eq!(scene.count(scene.eve, sql).await.unwrap(), 0, "{sql}");
    }
    assert_eq!(
        scene
            .count(scene.eve, "SELECT count(*) FROM users")
            .await
            .unwrap(),
        1,
        "only the own row"
    );
}

#[tokio::test]
async fn members_cannot_promote_themselves() {
    let scene = scene().await;
    for sql in [
        format!(
            "UPDATE users SET member_type = 'ADMIN' WHERE id = '{}'",
            scene.eve.id
        ),
        format!(
            "UPDATE users SET membership_expires_at = 'infinity' WHERE id = '{}'",
            scene.eve.id
        ),
        format!(
            "INSERT INTO user_roles (user_id, role_id) SELECT '{}', gen_random_uuid()",
            scene.eve.id
        ),
    ] {
        assert!(
            matches!(scene.change(scene.eve, &sql).await, Err(DataError::Denied(_))),
            "{sql}"
        );
    }
}

#[tokio::test]
async fn the_audit_says_who_and_what_and_hides_secrets() {
    let mut scene = scene().await;
    scene
        .run(&format!(
            "UPDATE users SET password_hash = 'hunter2' WHERE id = '{}'",
            scene.ana.id
        ))
        .await;
    let context = scene.ana.request();
    let mut tx = scene.portal.begin(&context).await.unwrap();
    sqlx::query("UPDATE users SET title = 'Owner' WHERE id = $1")
        .bind(scene.ana.id)
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();

    let (before, after, user, request): (serde_json::Value, serde_json::Value, Uuid, Uuid) = sqlx::query_as(
        "SELECT before, after, user_id, request_id FROM audit_log
        WHERE table_name = 'users' AND row_key = $1::text AND operation = 'UPDATE' ORDER BY id DESC LIMIT 1",
    )
    .bind(scene.ana.id.to_string())
    .fetch_one(&mut scene.owner)
    .await
    .unwrap();
    assert_eq!((user, request), (scene.ana.id, context.request_id));
    assert_eq!(
        (&before["title"], &after["title"]),
        (&serde_json::Value::Null, &"Owner".into())
    );
    assert_eq!(after.get("email"), None, "unchanged columns stay out");
    let leaks: i64 = sqlx::query_scalar("SELECT count(*) FROM audit_log AS a WHERE a::text LIKE '%hunter2%'")
        .fetch_one(&mut scene.owner)
        .await
        .unwrap();
    assert_eq!(leaks, 0);
}

#[tokio::test]
async fn no_role_of_a_function_can_touch_the_audit_log() {
    let database = TestDatabase::create().await;
    for role in [
        "portal_auth",
        "portal_api",
        "portal_admin",
        "portal_jobs",
        "portal_backup",
        "portal_monitor",
    ] {
        let mut connection = database.connect(role).await;
        for sql in [
            "UPDATE audit_log SET table_name = 'x'",
            "DELETE FROM audit_log",
            "TRUNCATE audit_log",
        ] {
            let refused = sqlx::raw_sql(sql).execute(&mut connection).await.unwrap_err();
            assert_eq!(
                refused.as_database_error().unwrap().code().unwrap(),
                "42501",
                "{role}: {sql}"
            );
        }
    }
}

#[tokio::test]
async fn a_ledger_transaction_must_balance() {
    let mut scene = scene().await;
    let unbalanced = "WITH t AS (INSERT INTO ledger_transactions (id, kind) VALUES (gen_random_uuid(), 'CHARGE') RETURNING id)
        INSERT INTO ledger_entries (transaction_id, line, account, amount_cents) SELECT id, 1, 'BANK', 5 FROM t";
    let refused = sqlx::raw_sql(unbalanced)
        .execute(&mut scene.owner)
        .await
        .unwrap_err();
    assert_eq!(
        refused.as_database_error().unwrap().constraint(),
        Some("ledger_entries_balance")
    );
}

#[tokio::test]
async fn a_version_rises_with_a_change_and_not_with_a_counter() {
    let mut scene = scene().await;
    let project = scene.add_project("PUBLIC", "BIDDING_OPEN").await;
    let mut version = async |sql: &str| -> i32 {
        sqlx::raw_sql(sql).execute(&mut scene.owner).await.unwrap();
        sqlx::query_scalar("SELECT version FROM projects WHERE id = $1")
            .bind(project)
            .fetch_one(&mut scene.owner)
            .await
            .unwrap()
    };
    assert_eq!(version("UPDATE projects SET application_count = 1").await, 1);
    assert_eq!(version("UPDATE projects SET title = 'Other'").await, 2);
}
