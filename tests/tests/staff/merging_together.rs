//! A merge takes two members of staff, and whoever reads at either address is told of it.

use portal_data::staff::{self, merges};
use portal_data::{DataError, Database};
use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use reqwest::StatusCode;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::people::{Person, StaffCalls, new_administrator, with_permissions};
use crate::support::{one, owner, run};

#[tokio::test]
async fn one_orders_a_merge_and_another_finishes_it() {
    let (staff, second) = (new_administrator().await, new_administrator().await);
    let (keep, merge) = (Person::member().await, Person::member().await);
    let preview = staff.preview(keep.id(), merge.id()).await.expect(StatusCode::OK);
    assert_eq!(preview["ordered"], Value::Null);
    for _ in 0..2 {
        // However often one says it, it takes another.
        let ordered = staff.merge(&preview).await.expect(StatusCode::ACCEPTED);
        assert_eq!(
            (&ordered["ordered"]["by"], &ordered["ordered"]["reason"]),
            (&json!(staff.id()), &json!("One person"))
        );
        merge.json("/v1/auth/me").await;
    }
    let seen = second.preview(keep.id(), merge.id()).await.expect(StatusCode::OK);
    assert_eq!(seen["ordered"]["by"], json!(staff.id()));
    let done = second.merge(&seen).await.expect(StatusCode::OK);
    assert_eq!(done, seen);
    merge.get("/v1/auth/me").await.expect(StatusCode::UNAUTHORIZED);
    let orders: i64 = one(
        "SELECT count(*) FROM merge_orders WHERE keep_id = $1",
        &keep.id().to_string(),
    )
    .await;
    assert_eq!(orders, 0);
}

#[tokio::test]
async fn both_addresses_are_told_who_has_taken_over_from_whom() {
    let staff = new_administrator().await;
    let (keep, merge) = (Person::member().await, Person::member().await);
    let mails = async || -> Vec<(String, Value)> {
        sqlx::query_as(
            "SELECT recipient, payload FROM outbox WHERE user_id = $1 AND kind = 'ACCOUNT_MERGED' AND state = 'PENDING' ORDER BY recipient",
        )
        .bind(keep.id())
        .fetch_all(&mut owner().await)
        .await
        .unwrap()
    };
    staff.preview(keep.id(), merge.id()).await.expect(StatusCode::OK);
    assert!(mails().await.is_empty(), "of a preview nobody is told");
    staff.merged(keep.id(), merge.id()).await;
    let address = async |person: &Person| -> String {
        one("SELECT email FROM users WHERE id = $1", &person.id().to_string()).await
    };
    let (kept, closed) = (address(&keep).await, address(&merge).await);
    let words = json!({"keptEmail": kept, "closedEmail": closed});
    let mut expected = vec![(kept, words.clone()), (closed, words)];
    expected.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(mails().await, expected);
}

#[tokio::test]
async fn an_order_counts_while_who_gave_it_may_merge_and_for_two_weeks() {
    let second = new_administrator().await;
    let clerk = with_permissions(&["users.read", "users.manage"]).await;
    let (keep, merge) = (Person::member().await, Person::member().await);
    let preview = clerk.preview(keep.id(), merge.id()).await.expect(StatusCode::OK);
    clerk.merge(&preview).await.expect(StatusCode::ACCEPTED);
    for (spoil, mend) in [
        (
            format!(
                "UPDATE user_roles SET expires_at = now() WHERE user_id = '{}'",
                clerk.id()
            ),
            format!(
                "UPDATE user_roles SET expires_at = NULL WHERE user_id = '{}'",
                clerk.id()
            ),
        ),
        (
            format!("UPDATE users SET is_active = false WHERE id = '{}'", clerk.id()),
            format!("UPDATE users SET is_active = true WHERE id = '{}'", clerk.id()),
        ),
        (
            format!(
                "UPDATE merge_orders SET ordered_at = now() - interval '15 days' WHERE keep_id = '{}'",
                keep.id()
            ),
            format!(
                "UPDATE merge_orders SET ordered_at = now() WHERE keep_id = '{}'",
                keep.id()
            ),
        ),
    ] {
        run(&spoil).await;
        let seen = second.preview(keep.id(), merge.id()).await.expect(StatusCode::OK);
        assert_eq!(seen["ordered"], Value::Null, "{spoil}");
        run(&mend).await;
    }
    let seen = second.preview(keep.id(), merge.id()).await.expect(StatusCode::OK);
    assert_eq!(seen["ordered"]["by"], json!(clerk.id()));
    // The other way round is another merge.
    let turned = second.preview(merge.id(), keep.id()).await.expect(StatusCode::OK);
    assert_eq!(turned["ordered"], Value::Null);
    second.merge(&turned).await.expect(StatusCode::ACCEPTED);
    second.merge(&seen).await.expect(StatusCode::OK);
}

struct Office {
    owner: PgConnection,
    portal: Database,
    keep: Uuid,
    merge: Uuid,
}

impl Office {
    async fn open() -> Self {
        let database = TestDatabase::create().await;
        let mut owner = database.connect("owner").await;
        Self {
            keep: Member::add(&mut owner, "keep", &[]).await.id,
            merge: Member::add(&mut owner, "merge", &["support"]).await.id,
            portal: database.open("portal_admin", false).await,
            owner,
        }
    }

    /// Whether somebody would finish a merge that nobody has ordered.
    async fn may_finish(&self, who: Member) -> Result<bool, DataError> {
        let mut tx = self.portal.begin(&who.request()).await?;
        staff::hold(&mut tx).await?;
        let standing = merges::standing(&mut tx, self.keep.into(), self.merge.into()).await?;
        tx.rollback().await?;
        assert_eq!(standing.ordered, None);
        Ok(standing.may_finish)
    }

    async fn execute(&mut self, sql: &str, who: Uuid) {
        sqlx::query(sql).bind(who).execute(&mut self.owner).await.unwrap();
    }
}

#[tokio::test]
async fn where_nobody_else_could_confirm_it_one_is_enough() {
    let mut office = Office::open().await;
    let only = Member::add(&mut office.owner, "only", &["administrator"]).await;
    assert!(office.may_finish(only).await.unwrap());
    let other = Member::add(&mut office.owner, "other", &["administrator"]).await;
    assert!(!office.may_finish(only).await.unwrap());
    for (spoil, mend) in [
        (
            "UPDATE users SET is_active = false WHERE id = $1",
            "UPDATE users SET is_active = true WHERE id = $1",
        ),
        (
            "UPDATE users SET is_verified = false WHERE id = $1",
            "UPDATE users SET is_verified = true WHERE id = $1",
        ),
        (
            "UPDATE users SET approved_at = NULL WHERE id = $1",
            "UPDATE users SET approved_at = now() WHERE id = $1",
        ),
        (
            "UPDATE user_roles SET expires_at = now() WHERE user_id = $1",
            "UPDATE user_roles SET expires_at = NULL WHERE user_id = $1",
        ),
    ] {
        office.execute(spoil, other.id).await;
        assert!(office.may_finish(only).await.unwrap(), "{spoil}");
        office.execute(mend, other.id).await;
        assert!(!office.may_finish(only).await.unwrap(), "{mend}");
    }
}

#[tokio::test]
async fn who_may_not_do_all_that_the_accounts_may_is_no_second() {
    let mut office = Office::open().await;
    let only = Member::add(&mut office.owner, "only", &["administrator"]).await;
    let clerk = Member::add(&mut office.owner, "clerk", &[]).await;
    sqlx::raw_sql(&format!(
        "INSERT INTO roles (id, name, description) VALUES ('{0}', 'clerk', 'd');
        INSERT INTO role_permissions (role_id, permission_id) SELECT '{0}', id FROM permissions WHERE name IN ('users.read', 'users.manage');
        INSERT INTO user_roles (user_id, role_id) VALUES ('{0}', '{0}')",
        clerk.id
    ))
    .execute(&mut office.owner)
    .await
    .unwrap();
    assert!(
        office.may_finish(only).await.unwrap(),
        "one of the accounts holds support, and the clerk does not"
    );
    let support = office.merge;
    office
        .execute("DELETE FROM user_roles WHERE user_id = $1", support)
        .await;
    assert!(!office.may_finish(only).await.unwrap());
    // A clerk is never the only one: an administrator is always there.
    assert!(!office.may_finish(clerk).await.unwrap());
    let member = Member::add(&mut office.owner, "member", &["support"]).await;
    let refused = office.may_finish(member).await.unwrap_err();
    assert!(matches!(refused, DataError::Denied(_)), "{refused}");
}
