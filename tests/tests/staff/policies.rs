//! What the database refuses of staff, whatever the function has checked.

use portal_data::{DataError, Database};
use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use sqlx::PgConnection;
use uuid::Uuid;

struct Ground {
    portal: Database,
    owner: PgConnection,
    giver: Member,
    member: Member,
}

/// Somebody who may give roles and run events, and nothing else; a member; and an administrator elsewhere.
async fn ground() -> Ground {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let giver = Member::add(&mut owner, "giver", &["event_manager"]).await;
    let role = Uuid::now_v7();
    sqlx::raw_sql(&format!(
        "INSERT INTO roles (id, name, description) VALUES ('{role}', 'giver', 'd');
        INSERT INTO role_permissions (role_id, permission_id) SELECT '{role}', id FROM permissions WHERE name IN ('users.read', 'users.manage', 'roles.manage');
        INSERT INTO user_roles (user_id, role_id) VALUES ('{}', '{role}')",
        giver.id
    ))
    .execute(&mut owner)
    .await
    .unwrap();
    Member::add(&mut owner, "administrator", &["administrator"]).await;
    let member = Member::add(&mut owner, "member", &["finance"]).await;
    Ground {
        portal: database.open("portal_admin", false).await,
        owner,
        giver,
        member,
    }
}

impl Ground {
    /// How many rows a statement of the giver's touches; none where it is refused.
    async fn touched(&self, sql: &str) -> u64 {
        let mut tx = self.portal.begin(&self.giver.request()).await.unwrap();
        let done = sqlx::query(sql).bind(self.member.id).execute(&mut tx).await;
        tx.rollback().await.unwrap();
        match done {
            Ok(done) => done.rows_affected(),
            Err(error) => match DataError::from(error) {
                DataError::Denied(_) => 0,
                other => panic!("{sql}: {other}"),
            },
        }
    }
}

#[tokio::test]
async fn no_role_is_given_taken_or_edited_that_allows_more_than_its_giver_has() {
    let ground = ground().await;
    let give = "INSERT INTO user_roles (user_id, role_id) SELECT $1, id FROM roles WHERE name = ";
    assert_eq!(ground.touched(&format!("{give}'event_manager'")).await, 1);
    for role in ["administrator", "support", "finance"] {
        // Already held, finance is refused for that as well; the policy is asked first.
        assert_eq!(ground.touched(&format!("{give}'{role}'")).await, 0, "{role}");
    }
    assert_eq!(
        ground.touched("DELETE FROM user_roles WHERE user_id = $1").await,
        0
    );
    assert_eq!(
        ground
            .touched("UPDATE user_roles SET expires_at = now() WHERE user_id = $1")
            .await,
        0
    );
    let allow = "INSERT INTO role_permissions (role_id, permission_id)
        SELECT r.id, p.id FROM roles AS r, permissions AS p WHERE $1::uuid IS NOT NULL AND r.name = ";
    assert_eq!(
        ground
            .touched(&format!("{allow}'member' AND p.name = 'events.manage'"))
            .await,
        1
    );
    assert_eq!(
        ground
            .touched(&format!("{allow}'member' AND p.name = 'payments.read'"))
            .await,
        0
    );
    let forbid = "DELETE FROM role_permissions AS rp USING roles AS r, permissions AS p
        WHERE $1::uuid IS NOT NULL AND r.id = rp.role_id AND p.id = rp.permission_id AND p.name = 'events.manage' AND r.name = ";
    assert_eq!(ground.touched(&format!("{forbid}'event_manager'")).await, 1);
    assert_eq!(
        ground.touched(&format!("{forbid}'administrator'")).await,
        0,
        "of administrators nothing is taken"
    );
}

#[tokio::test]
async fn why_an_account_is_suspended_is_for_staff_alone() {
    let mut ground = ground().await;
    sqlx::query("INSERT INTO suspensions (user_id, reason) VALUES ($1, 'Did not pay')")
        .bind(ground.member.id)
        .execute(&mut ground.owner)
        .await
        .unwrap();
    let read =
        "UPDATE users SET title = title WHERE id IN (SELECT user_id FROM suspensions WHERE user_id = $1)";
    assert_eq!(ground.touched(read).await, 1, "staff see it");
    let denied: bool = sqlx::query_scalar("SELECT NOT has_table_privilege('portal_api', 'suspensions', 'SELECT') AND NOT has_table_privilege('portal_auth', 'suspensions', 'SELECT')")
        .fetch_one(&mut ground.owner)
        .await
        .unwrap();
    assert!(denied, "members' functions are not granted it");
    let forged = "INSERT INTO suspensions (user_id, reason, suspended_by) VALUES (app.user_id(), 'x', $1)";
    assert_eq!(
        ground.touched(forged).await,
        0,
        "nobody suspends in another's name"
    );
}

#[tokio::test]
async fn the_functions_of_staff_ask_for_the_permission_themselves() {
    let ground = ground().await;
    let member = &ground.member;
    for sql in [
        "SELECT app.make_member($1)::text",
        "SELECT digest FROM app.merge_accounts($1, app.user_id())",
        "SELECT may_finish FROM app.merge_standing($1, app.user_id())",
        "SELECT app.hold_staff()::text || $1::text",
    ] {
        let mut context = member.request();
        context.caller = portal_domain::Caller::Anonymous;
        let mut tx = ground.portal.begin(&context).await.unwrap();
        let refused = sqlx::query(sql)
            .bind(member.id)
            .fetch_one(&mut tx)
            .await
            .map(drop)
            .expect_err(sql);
        let refused = DataError::from(refused);
        assert!(
            matches!(refused, DataError::Denied(_) | DataError::SessionEnded),
            "{sql}: {refused}"
        );
        tx.rollback().await.unwrap();
    }
    let mut tx = ground.portal.begin(&member.request()).await.unwrap();
    for (sql, shown) in [
        ("SELECT app.last_sign_in($1)::text", None),
        (
            "SELECT NULLIF(array_to_string(app.powers_of((SELECT id FROM users WHERE id <> $1 LIMIT 1)), ','), '')",
            None,
        ),
        (
            "SELECT (SELECT count(*)::text FROM staff_accounts WHERE $1::uuid IS NOT NULL)",
            Some("0"),
        ),
    ] {
        let value: Option<String> = sqlx::query_scalar(sql)
            .bind(member.id)
            .fetch_one(&mut tx)
            .await
            .unwrap();
        assert_eq!(value.as_deref(), shown, "{sql}");
    }
}

#[tokio::test]
async fn nothing_that_is_held_for_a_while_is_given_for_longer() {
    let mut ground = ground().await;
    sqlx::query("UPDATE user_roles SET expires_at = now() + interval '1 day' WHERE user_id = $1 AND role_id = (SELECT id FROM roles WHERE name = 'event_manager')")
        .bind(ground.giver.id)
        .execute(&mut ground.owner)
        .await
        .unwrap();
    let give = "INSERT INTO user_roles (user_id, role_id, expires_at) SELECT $1, id, {} FROM roles WHERE name = 'event_manager'";
    for (until, touched) in [
        ("NULL", 0),
        ("now() + interval '25 hours'", 0),
        ("now() + interval '23 hours'", 1),
    ] {
        assert_eq!(
            ground.touched(&give.replace("{}", until)).await,
            touched,
            "{until}"
        );
    }
    let allow = "INSERT INTO role_permissions (role_id, permission_id)
        SELECT r.id, p.id FROM roles AS r, permissions AS p WHERE $1::uuid IS NOT NULL AND r.name = 'member' AND p.name = ";
    assert_eq!(ground.touched(&format!("{allow}'events.manage'")).await, 0);
    assert_eq!(ground.touched(&format!("{allow}'users.read'")).await, 1);
    sqlx::query("INSERT INTO user_roles (user_id, role_id, expires_at) SELECT $1, id, now() + interval '1 hour' FROM roles WHERE name = 'event_manager'")
        .bind(ground.member.id)
        .execute(&mut ground.owner)
        .await
        .unwrap();
    let held = "UPDATE user_roles SET expires_at = {} WHERE user_id = $1 AND role_id = (SELECT id FROM roles WHERE name = 'event_manager')";
    assert_eq!(ground.touched(&held.replace("{}", "NULL")).await, 0);
    assert_eq!(
        ground
            .touched(&held.replace("{}", "now() + interval '2 hours'"))
            .await,
        1
    );
}

#[tokio::test]
async fn a_merge_is_ordered_in_ones_own_name() {
    let mut ground = ground().await;
    let other = Member::add(&mut ground.owner, "other", &[]).await.id;
    let order = format!(
        "INSERT INTO merge_orders (keep_id, merge_id, ordered_by, reason) SELECT $1, '{other}', {{}}, 'x'"
    );
    assert_eq!(ground.touched(&order.replace("{}", "app.user_id()")).await, 1);
    assert_eq!(ground.touched(&order.replace("{}", "$1")).await, 0);
    sqlx::query(&order.replace("{}", &format!("'{other}'::uuid")))
        .bind(ground.member.id)
        .execute(&mut ground.owner)
        .await
        .unwrap();
    let taken = "UPDATE merge_orders SET ordered_by = {} WHERE keep_id = $1";
    assert_eq!(ground.touched(&taken.replace("{}", "app.user_id()")).await, 1);
    assert_eq!(ground.touched(&taken.replace("{}", "$1")).await, 0);
    assert_eq!(
        ground
            .touched("DELETE FROM merge_orders WHERE keep_id = $1")
            .await,
        0,
        "an order goes with the merge, or by its age"
    );
}
