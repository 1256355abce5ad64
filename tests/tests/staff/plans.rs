//! The lists of staff reach their indexes under the role that production uses: the server's own count of sequential scans.

use portal_data::staff::accounts::{self, AccountFilters};
use portal_data::staff::desk::{self, DeskFilters};
use portal_data::staff::{actions, roles};
use portal_data::{DataError, Tx, read};
use portal_domain::feedback::FeedbackStatus;
use portal_domain::staff::{AccountOrder, AccountStatus};
use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

/// Large enough that a sequential scan is never the cheapest way to twenty rows.
const ROWS: &str = "
    INSERT INTO users (id, email, first_name, last_name, company, is_verified, is_active, approved_at, created_at)
    SELECT gen_random_uuid(), 'user' || n || '@example.org', 'First' || n % 500, 'Last' || n % 3000, 'Firm ' || md5(n::text), true,
        n % 300 <> 0, CASE WHEN n % 400 <> 0 THEN now() END, now() - n * interval '1 minute'
    FROM generate_series(1, 20000) AS n;
    INSERT INTO user_roles (user_id, role_id) SELECT u.id, r.id FROM users AS u, roles AS r WHERE r.name = 'member' ON CONFLICT DO NOTHING;
    INSERT INTO user_roles (user_id, role_id)
    SELECT u.id, r.id FROM (SELECT id FROM users ORDER BY id LIMIT 30) AS u, roles AS r WHERE r.name = 'support' ON CONFLICT DO NOTHING;
    INSERT INTO member_feedback (id, user_id, category, subject, content, status, created_at)
    SELECT gen_random_uuid(), (SELECT id FROM users LIMIT 1), 'BUG', 's', 'c', CASE WHEN n % 100 = 0 THEN 'OPEN' ELSE 'CLOSED' END, now() - n * interval '1 minute'
    FROM generate_series(1, 10000) AS n;
    INSERT INTO admin_actions (id, action, user_id, created_at)
    SELECT gen_random_uuid(), 'users.' || (ARRAY['approve', 'suspend'])[1 + n % 2], (SELECT id FROM users LIMIT 1), now() - n * interval '1 second'
    FROM generate_series(1, 20000) AS n;
    ANALYZE";

async fn sequential_scans(owner: &mut PgConnection) -> i64 {
    sqlx::query_scalar(
        "SELECT sum(seq_scan)::bigint FROM pg_stat_user_tables
        WHERE relname IN ('users', 'user_roles', 'member_feedback') OR relname ~ '^admin_actions_2'",
    )
    .fetch_one(owner)
    .await
    .unwrap()
}

async fn run(tx: &mut Tx, query: &str) -> Result<usize, DataError> {
    let all = AccountFilters::default();
    let words = |words: &[&str]| AccountFilters {
        words: words.iter().map(|word| (*word).to_owned()).collect(),
        ..AccountFilters::default()
    };
    let of = |status| AccountFilters {
        statuses: vec![status],
        ..AccountFilters::default()
    };
    let (name, newest) = (AccountOrder::Name, AccountOrder::Newest);
    Ok(match query {
        "accounts by name" => accounts::list(tx, &all, name, None, 21).await?.len(),
        "newest accounts" => accounts::list(tx, &all, newest, None, 21).await?.len(),
        "accounts by a word" => accounts::list(tx, &words(&["user1234"]), name, None, 21)
            .await?
            .len(),
        "accounts by words" => accounts::list(tx, &words(&["last12", "first"]), newest, None, 21)
            .await?
            .len(),
        "accounts that wait" => accounts::list(tx, &of(AccountStatus::Pending), newest, None, 21)
            .await?
            .len(),
        "suspended accounts" => accounts::list(tx, &of(AccountStatus::Suspended), name, None, 21)
            .await?
            .len(),
        "accounts of a role" => {
            let roles = roles::find_ids(tx, &["support".parse().unwrap()]).await?;
            let filters = AccountFilters {
                roles: Some(roles),
                ..all
            };
            accounts::list(tx, &filters, name, None, 21).await?.len()
        }
        "open tickets" => {
            let filters = DeskFilters {
                statuses: vec![FeedbackStatus::Open],
                ..DeskFilters::default()
            };
            desk::list(tx, &filters, None, 21).await?.len()
        }
        "tickets" => desk::list(tx, &DeskFilters::default(), None, 21).await?.len(),
        "actions" => actions::list(tx, &actions::ActionFilters::default(), None, 21)
            .await?
            .len(),
        "actions of a kind" => {
            let filters = actions::ActionFilters {
                actions: vec!["users.suspend".into()],
                ..Default::default()
            };
            actions::list(tx, &filters, None, 21).await?.len()
        }
        other => panic!("no query {other}"),
    })
}

#[tokio::test]
async fn no_list_scans_a_large_table() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let staff = Member::add(&mut owner, &Uuid::now_v7().to_string(), &["administrator"]).await;
    sqlx::raw_sql(ROWS).execute(&mut owner).await.unwrap();
    let portal = database.open("portal_admin", false).await;
    for query in [
        "accounts by name",
        "newest accounts",
        "accounts by a word",
        "accounts by words",
        "accounts that wait",
        "suspended accounts",
        "accounts of a role",
        "open tickets",
        "tickets",
        "actions",
        "actions of a kind",
    ] {
        let before = sequential_scans(&mut owner).await;
        let context = staff.request();
        let found = read!(portal, &context, |tx| {
            let found = run(&mut *tx, query).await?;
            // The back end reports what it scanned when this transaction ends.
            sqlx::query("SELECT pg_stat_force_next_flush()")
                .execute(&mut *tx)
                .await?;
            Ok(found)
        });
        assert!(found.unwrap() > 0, "{query} found nothing");
        assert_eq!(
            sequential_scans(&mut owner).await,
            before,
            "{query} scanned a large table"
        );
    }
}
