//! A database of its own, with staff in it.

use portal_data::{DataError, Database, Tx};
use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use portal_tests::people::{Person, Reply};
use portal_tests::primary::newest_write;
use reqwest::Method;
use serde_json::Value;
use sqlx::PgConnection;

pub(crate) struct House {
    pub(crate) database: TestDatabase,
    pub(crate) owner: PgConnection,
    pub(crate) staff: Member,
    pub(crate) admin: Database,
}

impl House {
    pub(crate) async fn create() -> Self {
        let database = TestDatabase::create().await;
        let mut owner = database.connect("owner").await;
        Self {
            staff: Member::add(&mut owner, "staff", &["administrator"]).await,
            admin: database.open("portal_admin", false).await,
            owner,
            database,
        }
    }

    pub(crate) async fn execute(&mut self, statements: &str) {
        sqlx::raw_sql(statements)
            .execute(&mut self.owner)
            .await
            .unwrap_or_else(|error| panic!("{error}: {statements}"));
    }

    /// What staff read, as JSON.
    pub(crate) async fn read<R: serde::Serialize>(
        &self,
        read: impl AsyncFnOnce(&mut Tx) -> Result<R, DataError>,
    ) -> Value {
        let mut tx = self.admin.begin(&self.staff.request()).await.unwrap();
        let found = read(&mut tx).await.unwrap();
        tx.rollback().await.unwrap();
        serde_json::to_value(found).unwrap()
    }
}

/// A list as a table, with all that has been written until now.
pub(crate) async fn table(person: &Person, path: &str) -> Reply {
    let newest = newest_write().await;
    let headers = [("accept", "text/csv"), ("portal-consistency", newest.as_str())];
    person.send(Method::GET, path, None, &headers).await
}
