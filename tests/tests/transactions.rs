//! The transaction type through a real pooler: no error, no wrong row, no context of another caller.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use portal_data::{ConsistencyToken, DataError, Database, RequestContext, read};
use portal_domain::Caller;
use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use portal_tests::stack::Stack;
use sqlx::error::DatabaseError;
use sqlx::{Connection as _, Executor as _, PgConnection};
use std::time::Duration;
use uuid::Uuid;

const CLIENTS: usize = 8;
const ROUNDS: usize = 50;

#[tokio::test]
async fn eight_clients_share_two_back_ends_without_meeting() {
    let database = TestDatabase::create_narrow().await;
    let mut owner = database.connect("owner").await;
    let mut members = Vec::new();
    for n in 0..CLIENTS {
        members.push(Member::add(&mut owner, &format!("client{n}"), &[]).await);
    }

    let mut clients = Vec::new();
    for member in members {
        // A client of its own, with its own connections, as an execution environment has them.
        let portal = database.open("portal_api", false).await;
        clients.push(async move {
            for round in 0..ROUNDS {
                work(&portal, member, round).await;
            }
        });
    }
    futures_util::future::join_all(clients).await;

    let backends: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = 'portal_narrow' AND usename = 'portal_api'",
    )
    .fetch_one(&mut owner)
    .await
    .unwrap();
    assert!(backends <= 2, "{backends} back ends: the test did not share");
    let saved: i64 = sqlx::query_scalar("SELECT count(*) FROM saved_searches")
        .fetch_one(&mut owner)
        .await
        .unwrap();
    assert_eq!(saved, i64::try_from(CLIENTS * ROUNDS).unwrap());
}

/// A write, then a read of one's own rows alone, by statements of several shapes.
async fn work(portal: &Database, member: Member, round: usize) {
    let context = member.request();
    let mut tx = portal.begin(&context).await.unwrap();
    sqlx::query("INSERT INTO saved_searches (id, user_id, name, query) VALUES ($1, $2, $3, '{}')")
        .bind(Uuid::now_v7())
        .bind(member.id)
        .bind(format!("search {round}"))
        .execute(&mut tx)
        .await
        .unwrap();
    assert!(tx.commit().await.unwrap().is_some());

    let context = member.request();
    let (user, request, mine, strangers) = read!(portal, &context, |tx| {
        let (user, request): (Uuid, Uuid) = sqlx::query_as("SELECT app.user_id(), app.request_id()")
            .fetch_one(&mut *tx)
            .await?;
        let mine: i64 = sqlx::query_scalar("SELECT count(*) FROM saved_searches WHERE user_id = $1")
            .bind(member.id)
            .fetch_one(&mut *tx)
            .await?;
        let strangers: i64 = sqlx::query_scalar("SELECT count(*) FROM saved_searches WHERE user_id <> $1")
            .bind(member.id)
            .fetch_one(&mut *tx)
            .await?;
        Ok((user, request, mine, strangers))
    })
    .unwrap();
    assert_eq!((user, request), (member.id, context.request_id));
    assert_eq!((mine, strangers), (i64::try_from(round).unwrap() + 1, 0));
}

#[tokio::test]
async fn nothing_of_a_caller_outlives_the_transaction() {
    let database = TestDatabase::create().await;
    let member = Member::add(&mut database.connect("owner").await, "one", &["administrator"]).await;
    let mut config = database.config("portal_api", false);
    config.connections = 1;
    let portal = Database::new(config, &Stack::get().secrets().await);
    portal
        .begin(&member.request())
        .await
        .unwrap()
        .commit()
        .await
        .unwrap();

    let anonymous = RequestContext::new(Uuid::now_v7(), Caller::Anonymous);
    let (user, may): (Option<Uuid>, bool) = read!(portal, &anonymous, |tx| {
        Ok(sqlx::query_as("SELECT app.user_id(), app.has('users.manage')")
            .fetch_one(&mut *tx)
            .await?)
    })
    .unwrap();
    assert_eq!((user, may), (None, false));
}

#[tokio::test]
async fn an_ended_session_or_account_ends_at_the_next_transaction() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let portal = database.open("portal_api", false).await;
    for (sql, active) in [
        ("UPDATE sessions SET revoked_at = now() WHERE user_id = $1", true),
        ("UPDATE sessions SET expires_at = now() WHERE user_id = $1", true),
        ("DELETE FROM sessions WHERE user_id = $1", true),
        ("UPDATE users SET is_active = false WHERE id = $1", false),
    ] {
        let member = Member::add(&mut owner, &Uuid::now_v7().simple().to_string(), &[]).await;
        portal
            .begin(&member.request())
            .await
            .unwrap()
            .commit()
            .await
            .unwrap();
        sqlx::query(sql)
            .bind(member.id)
            .execute(&mut owner)
            .await
            .unwrap();
        let refused = portal.begin(&member.request()).await.unwrap_err();
        let expected = if active {
            matches!(refused, DataError::SessionEnded)
        } else {
            matches!(refused, DataError::AccountInactive)
        };
        assert!(expected, "{sql}: {refused}");
        // The refusal left no broken transaction behind.
        let anonymous = RequestContext::new(Uuid::now_v7(), Caller::Anonymous);
        portal.begin(&anonymous).await.unwrap().commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_dead_idle_connection_is_replaced_unseen() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    // Straight to the server: a pooler would replace its back end itself.
    let mut config = database.config("portal_api", false);
    config.writer = config.direct.clone().unwrap();
    let portal = Database::new(config, &Stack::get().secrets().await);
    let context = RequestContext::new(Uuid::now_v7(), Caller::Anonymous);
    portal.begin(&context).await.unwrap().commit().await.unwrap();
    let killed: Vec<bool> = sqlx::query_scalar(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE datname = current_database() AND usename = 'portal_api'",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert_eq!(killed, [true]);
    portal.begin(&context).await.unwrap().commit().await.unwrap();
}

#[tokio::test]
async fn a_failed_statement_cannot_be_committed() {
    let database = TestDatabase::create().await;
    let portal = database.open("portal_api", false).await;
    let context = RequestContext::new(Uuid::now_v7(), Caller::Anonymous);
    let mut tx = portal.begin(&context).await.unwrap();
    sqlx::query("SELECT 1 / 0").execute(&mut tx).await.unwrap_err();
    assert!(tx.commit().await.is_err());
}

#[tokio::test]
async fn a_read_cannot_write() {
    let database = TestDatabase::create().await;
    let member = Member::add(&mut database.connect("owner").await, "one", &[]).await;
    let portal = database.open("portal_api", false).await;
    let context = member.request();
    let refused = read!(portal, &context, |tx| {
        sqlx::query("DELETE FROM saved_searches")
            .execute(&mut *tx)
            .await?;
        Ok(())
    });
    assert!(refused.is_err());
}

#[tokio::test]
async fn a_read_sees_the_write_that_its_token_names() {
    let database = TestDatabase::create().await;
    let member = Member::add(&mut database.connect("owner").await, "one", &[]).await;
    let portal = database.open("portal_api", true).await;
    for round in 1..=20_i64 {
        let mut tx = portal.begin(&member.request()).await.unwrap();
        sqlx::query("INSERT INTO saved_searches (id, user_id, name, query) VALUES ($1, $2, 'x', '{}')")
            .bind(Uuid::now_v7())
            .bind(member.id)
            .execute(&mut tx)
            .await
            .unwrap();
        let token: ConsistencyToken = tx.commit().await.unwrap().unwrap();
        let mut context = member.request();
        context.consistency = Some(token);
        let seen: i64 = read!(portal, &context, |tx| {
            Ok(sqlx::query_scalar("SELECT count(*) FROM saved_searches")
                .fetch_one(&mut *tx)
                .await?)
        })
        .unwrap();
        assert_eq!(seen, round);
    }
}

/// Whether the replica says that it has the write with this token.
async fn has(replica: &mut PgConnection, token: i64) -> bool {
    let asked = sqlx::query("SELECT app.check_replica($1, 2147483647)").bind(token);
    match asked.execute(replica).await {
        Ok(_) => true,
        Err(error) => {
            let code = error.as_database_error().and_then(DatabaseError::code);
            assert_eq!(code.as_deref(), Some("PR001"), "{error}");
            false
        }
    }
}

/// Until the replica has it.
async fn arrival(replica: &mut PgConnection, token: i64) {
    let asking = async { while !has(replica, token).await {} };
    tokio::time::timeout(Duration::from_secs(30), asking)
        .await
        .expect("the replica follows");
}

#[tokio::test]
async fn a_replica_does_not_take_the_commit_of_a_younger_write_for_that_of_an_older() {
    let urls = Stack::get().role("owner");
    let mut older = PgConnection::connect(&urls.primary).await.unwrap();
    let mut younger = PgConnection::connect(&urls.primary).await.unwrap();
    let mut replica = PgConnection::connect(&urls.replica).await.unwrap();
    // A message in the WAL: it comes with its commit as a row would, and stays nowhere.
    let write = "SELECT pg_current_xact_id()::text::bigint FROM pg_logical_emit_message(true, 'test', '')";
    older.execute("BEGIN").await.unwrap();
    let first: i64 = sqlx::query_scalar(write).fetch_one(&mut older).await.unwrap();
    let second: i64 = sqlx::query_scalar(write).fetch_one(&mut younger).await.unwrap();
    assert!(first < second);
    arrival(&mut replica, second).await;
    assert!(!has(&mut replica, first).await);
    older.execute("COMMIT").await.unwrap();
    arrival(&mut replica, first).await;
    // Nobody has that many.
    assert!(!has(&mut replica, i64::from(u32::MAX)).await);
}

#[tokio::test]
async fn a_read_survives_the_loss_of_every_replica() {
    let database = TestDatabase::create().await;
    let mut config = database.config("portal_api", false);
    // Nothing listens on port 1.
    config.readers = vec!["127.0.0.1:1".parse().unwrap(), "127.0.0.1:1".parse().unwrap()];
    let portal = Database::new(config, &Stack::get().secrets().await);
    for _ in 0..4 {
        let context = RequestContext::new(Uuid::now_v7(), Caller::Anonymous);
        let one: i32 = read!(portal, &context, |tx| {
            Ok(sqlx::query_scalar("SELECT 1").fetch_one(&mut *tx).await?)
        })
        .unwrap();
        assert_eq!(one, 1);
    }
}
