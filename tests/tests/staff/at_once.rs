//! What comes of it when staff do things at once.

use portal_data::staff::{self, accounts, merges, roles};
use portal_data::{DataError, Database};
use portal_domain::ids::UserId;
use portal_domain::staff::Grants;
use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// Takes all roles of somebody, as the route does.
async fn demote(database: &Database, who: Member, whom: Member) -> Result<(), DataError> {
    let mut tx = database.begin(&who.request()).await?;
    staff::hold(&mut tx).await?;
    portal_data::permissions::require(&mut tx, "roles.manage").await?;
    accounts::lock(&mut tx, whom.id.into())
        .await?
        .ok_or(DataError::NotFound)?;
    roles::replace(&mut tx, who.id.into(), whom.id.into(), &Grants::default()).await?;
    tx.commit().await.map(drop)
}

/// Suspends somebody, as the route does.
async fn suspend(database: &Database, who: Member, whom: Member) -> Result<(), DataError> {
    let mut tx = database.begin(&who.request()).await?;
    staff::hold(&mut tx).await?;
    portal_data::permissions::require(&mut tx, "users.manage").await?;
    accounts::lock(&mut tx, whom.id.into())
        .await?
        .ok_or(DataError::NotFound)?;
    let people: (UserId, UserId) = (who.id.into(), whom.id.into());
    accounts::suspend(&mut tx, people, "A quarrel", OffsetDateTime::now_utc()).await?;
    tx.commit().await.map(drop)
}

async fn administrators(owner: &mut PgConnection) -> i64 {
    sqlx::query_scalar(
        "SELECT count(*) FROM users AS u JOIN user_roles AS h ON h.user_id = u.id JOIN roles AS r ON r.id = h.role_id
        WHERE r.name = 'administrator' AND h.expires_at IS NULL AND u.is_active AND u.deleted_at IS NULL",
    )
    .fetch_one(owner)
    .await
    .unwrap()
}

#[tokio::test]
async fn of_two_administrators_who_remove_each_other_one_remains() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let portal = database.open("portal_admin", false).await;
    for round in 0..12 {
        sqlx::raw_sql("ALTER TABLE user_roles DISABLE TRIGGER keep_an_administrator; DELETE FROM user_roles; ALTER TABLE user_roles ENABLE TRIGGER keep_an_administrator")
            .execute(&mut owner)
            .await
            .unwrap();
        let one = Member::add(&mut owner, &format!("one{round}"), &["administrator"]).await;
        let two = Member::add(&mut owner, &format!("two{round}"), &["administrator"]).await;
        let (first, second) = if round % 2 == 0 {
            tokio::join!(demote(&portal, one, two), demote(&portal, two, one))
        } else {
            tokio::join!(suspend(&portal, one, two), suspend(&portal, two, one))
        };
        assert!(
            first.is_ok() != second.is_ok(),
            "round {round}: {first:?} {second:?}"
        );
        let refusal = first.err().or(second.err()).unwrap();
        // Whoever came second is no administrator any more, or was signed out.
        assert!(
            matches!(
                refusal,
                DataError::NotPermitted { .. } | DataError::SessionEnded | DataError::AccountInactive
            ),
            "{refusal:?}"
        );
        assert_eq!(administrators(&mut owner).await, 1, "round {round}");
    }
}

#[tokio::test]
async fn the_last_administrator_cannot_be_removed_in_any_way() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let last = Member::add(&mut owner, "last", &["administrator"]).await;
    // Who cannot sign in is none.
    let unconfirmed = Member::add(&mut owner, "unconfirmed", &["administrator"]).await;
    sqlx::query("UPDATE users SET is_verified = false WHERE id = $1")
        .bind(unconfirmed.id)
        .execute(&mut owner)
        .await
        .unwrap();
    let member = Member::add(&mut owner, "member", &["member"]).await;
    for sql in [
        "UPDATE user_roles SET expires_at = now() + interval '1 year' WHERE user_id = $1",
        "DELETE FROM user_roles WHERE user_id = $1",
        "UPDATE users SET is_active = false WHERE id = $1",
        "UPDATE users SET approved_at = NULL WHERE id = $1",
        "UPDATE users SET is_verified = false WHERE id = $1",
        "UPDATE users SET deleted_at = now() WHERE id = $1",
    ] {
        let refused = sqlx::query(sql)
            .bind(last.id)
            .execute(&mut owner)
            .await
            .expect_err(sql);
        let refused = refused.into_database_error().unwrap();
        assert_eq!(refused.code().unwrap(), "PB409", "{sql}");
        let done = sqlx::query(sql)
            .bind(member.id)
            .execute(&mut owner)
            .await
            .unwrap();
        assert_eq!(done.rows_affected(), 1, "of a member: {sql}");
    }
}

#[tokio::test]
async fn two_merges_of_one_account_at_once_are_one() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let portal = database.open("portal_admin", false).await;
    let staff = Member::add(&mut owner, "staff", &["administrator"]).await;
    let other = Member::add(&mut owner, "other", &["administrator"]).await;
    let (keep, twin) = (
        Member::add(&mut owner, "keep", &[]).await,
        Member::add(&mut owner, "twin", &[]).await,
    );
    let merge = async |who: Member, keep: Member, given_up: Member| -> Result<(), DataError> {
        let mut tx = portal.begin(&who.request()).await?;
        staff::hold(&mut tx).await?;
        merges::merge(&mut tx, keep.id.into(), given_up.id.into()).await?;
        tx.commit().await.map(drop)
    };
    let (first, second) = tokio::join!(merge(staff, keep, twin), merge(other, twin, keep));
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    let open: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM users WHERE id IN ($1, $2) AND deleted_at IS NULL AND is_active",
    )
    .bind(keep.id)
    .bind(twin.id)
    .fetch_one(&mut owner)
    .await
    .unwrap();
    assert_eq!(open, 1);
}

/// Waits until a connection's statement waits for a row.
async fn waits(owner: &mut PgConnection, role: &str) {
    let waiting = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND usename = $1 AND wait_event_type = 'Lock')";
    while !sqlx::query_scalar::<_, bool>(waiting)
        .bind(role)
        .fetch_one(&mut *owner)
        .await
        .unwrap()
    {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_bid_and_a_merge_of_the_projects_owner_wait_for_each_other_in_one_order() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let portal = database.open("portal_admin", false).await;
    let staff = Member::add(&mut owner, "staff", &["administrator"]).await;
    let (keep, poster) = (
        Member::add(&mut owner, "keep", &[]).await,
        Member::add(&mut owner, "poster", &[]).await,
    );
    sqlx::query("INSERT INTO projects (id, owner_id, title, category, status) VALUES ($1, $1, 'P', 'COMMERCIAL', 'BIDDING_OPEN')")
        .bind(poster.id)
        .execute(&mut owner)
        .await
        .unwrap();
    let mut bidder = database.connect("owner").await;
    // As a bid does it: the project's row first, then a mail to who runs it.
    sqlx::raw_sql(&format!(
        "BEGIN; SELECT FROM projects WHERE id = '{}' FOR UPDATE",
        poster.id
    ))
    .execute(&mut bidder)
    .await
    .unwrap();
    let merge = async {
        let mut tx = portal.begin(&staff.request()).await?;
        staff::hold(&mut tx).await?;
        merges::merge(&mut tx, keep.id.into(), poster.id.into()).await?;
        tx.commit().await.map(drop)
    };
    let bid = async {
        waits(&mut owner, "portal_admin").await;
        sqlx::raw_sql(&format!(
            "INSERT INTO outbox (id, user_id, kind, recipient) VALUES (gen_random_uuid(), '{}', 'APPLICATION_RECEIVED', 'x@example.org'); COMMIT",
            poster.id
        ))
        .execute(&mut bidder)
        .await
        .map(drop)
    };
    let (merged, bid): (Result<(), DataError>, _) = tokio::join!(merge, bid);
    merged.unwrap();
    bid.unwrap();
    let runs: uuid::Uuid = sqlx::query_scalar("SELECT owner_id FROM projects WHERE id = $1")
        .bind(poster.id)
        .fetch_one(&mut owner)
        .await
        .unwrap();
    assert_eq!(runs, keep.id);
}
