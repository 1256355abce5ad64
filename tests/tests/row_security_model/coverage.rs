//! Nothing with row-level security is left out of the model.

use portal_tests::database::TestDatabase;
use portal_tests::rows::{World, tables};
use uuid::Uuid;

use crate::rules::allows;
use crate::who::{Op, Question, Role, Who};

#[tokio::test]
async fn every_table_has_rows_and_rules() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let protected: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relrowsecurity AND NOT relispartition ORDER BY 1",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    let mut drawn: Vec<_> = tables().map(|table| table.name.to_owned()).collect();
    drawn.sort();
    assert_eq!(
        protected, drawn,
        "tests/src/rows says how a row of each table is made"
    );
    let world = World {
        members: vec![Uuid::now_v7(), Uuid::now_v7()],
        rows: Vec::new(),
    };
    for table in tables() {
        let row = table.draw(&world, 1);
        for role in Role::ALL {
            let question = Question {
                world: &world,
                role,
                who: &Who::default(),
                op: Op::Read,
                row: &row,
            };
            assert!(
                allows(&question).is_some(),
                "rules.rs has no rule for {} under {role:?}",
                table.name
            );
        }
    }
}

/// A partition has its own grants and policies: what its table keeps back, it must not give away.
#[tokio::test]
async fn no_partition_is_a_way_around_its_table() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    let partitions: Vec<String> =
        sqlx::query_scalar("SELECT oid::regclass::text FROM pg_class WHERE relispartition AND relkind = 'r'")
            .fetch_all(&mut owner)
            .await
            .unwrap();
    assert!(partitions.len() > 10, "{partitions:?}");
    for role in Role::ALL {
        let mut connection = database.connect(role.name()).await;
        for partition in &partitions {
            let refused = sqlx::raw_sql(&format!("SELECT FROM {partition}"))
                .execute(&mut connection)
                .await;
            let refused = refused.expect_err(partition);
            assert_eq!(
                refused.as_database_error().unwrap().code().unwrap(),
                "42501",
                "{} {partition}",
                role.name()
            );
        }
    }
}
