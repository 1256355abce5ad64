//! A database of its own, with data keys of its own.

use std::time::Duration;

use aws_sdk_secretsmanager::Client as SecretsManager;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maintenance::reencrypt::{Reencryption, Report};
use portal_data::sealing::{KEYS_STAY, Sealer};
use portal_data::{DataError, Database, RequestContext, Tx, outbox, secure_data};
use portal_domain::Caller;
use portal_domain::ids::UserId;
use portal_domain::mail::{Mail, MailKind};
use portal_domain::secure_data::{SecureKind, SecureValue};
use portal_jobs::Deadline;
use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use portal_tests::stack::Stack;
use serde_json::json;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

/// A secret with data keys that no other test knows.
#[derive(Clone)]
pub struct Keys {
    manager: SecretsManager,
    id: String,
    seed: u8,
}

impl Keys {
    pub async fn create(ids: &[&str]) -> Self {
        let keys = Self {
            manager: SecretsManager::new(&Stack::get().aws().await),
            id: format!("tests/data-keys/{}", Uuid::now_v7()),
            seed: Uuid::new_v4().into_bytes()[0],
        };
        let created = keys.manager.create_secret().name(&keys.id);
        created.secret_string(keys.text(ids)).send().await.unwrap();
        keys
    }

    /// Stores these keys, the first of which seals from now on.
    pub async fn put(&self, ids: &[&str]) {
        let changed = self.manager.put_secret_value().secret_id(&self.id);
        changed.secret_string(self.text(ids)).send().await.unwrap();
    }

    /// A key by its id, the same whenever it is asked for.
    fn text(&self, ids: &[&str]) -> String {
        let key = |id: &str| [[self.seed; 16], [id.as_bytes()[id.len() - 1]; 16]].concat();
        let keys: Vec<_> = ids
            .iter()
            .map(|id| json!({ "id": id, "key": STANDARD.encode(key(id)) }))
            .collect();
        json!({ "keys": keys }).to_string()
    }

    /// A sealer of another execution environment: it has yet to fetch the keys, and holds them for so long.
    pub async fn sealer(&self, keys_stay: Duration) -> Sealer {
        Sealer::with_keys_for(Stack::get().secrets().await, self.id.clone(), keys_stay)
    }
}

pub struct World {
    pub database: TestDatabase,
    /// Past all policies.
    pub owner: PgConnection,
    /// As `directory` has it.
    pub portal: Database,
    pub keys: Keys,
    pub sealer: Sealer,
}

impl World {
    pub async fn create() -> Self {
        let database = TestDatabase::create().await;
        let keys = Keys::create(&["k1"]).await;
        Self {
            owner: database.connect("owner").await,
            portal: database.open("portal_api", false).await,
            sealer: keys.sealer(KEYS_STAY).await,
            keys,
            database,
        }
    }

    pub async fn member(&mut self) -> Member {
        Member::add(&mut self.owner, &format!("m{}", Uuid::now_v7()), &[]).await
    }

    pub async fn members(&mut self, count: usize) -> Vec<Member> {
        let mut members = Vec::with_capacity(count);
        for _ in 0..count {
            members.push(self.member().await);
        }
        members
    }

    pub async fn put(&self, member: Member, kind: SecureKind, number: &str) -> Result<(), DataError> {
        put(&self.portal, &self.sealer, member, kind, number).await
    }

    /// What the member is shown, as `KIND digits`.
    pub async fn shown(&self, member: Member) -> Result<Vec<String>, DataError> {
        let mut tx = self.portal.begin(&member.request()).await?;
        let excerpts = secure_data::list(&mut tx, &self.sealer, UserId::from(member.id)).await?;
        let shown = excerpts.into_iter();
        Ok(shown
            .map(|excerpt| format!("{} {}", excerpt.kind, excerpt.last_digits))
            .collect())
    }

    pub async fn run(&mut self, statement: &str) -> u64 {
        sqlx::raw_sql(statement)
            .execute(&mut self.owner)
            .await
            .unwrap()
            .rows_affected()
    }

    pub async fn look<T>(&mut self, query: &str) -> T
    where
        T: Send + Unpin + for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
    {
        sqlx::query_scalar(query)
            .fetch_one(&mut self.owner)
            .await
            .unwrap()
    }

    /// A transaction of the function `auth`.
    pub async fn auth(&self) -> Tx {
        begin(&self.database.open("portal_auth", false).await).await
    }

    /// Gives each member a secret of an authenticator, and adds a mail with a token for each.
    pub async fn fill_other_places(&self, members: &[Member]) {
        let mut tx = self.auth().await;
        for member in members {
            let user = UserId::from(member.id);
            portal_data::mfa::begin(&mut tx, &self.sealer, user, member.id.as_bytes())
                .await
                .unwrap();
            let mut mail = Mail::new(MailKind::ResetPassword, "ana@example.org");
            mail.secret = Some(format!("token of {}", member.id));
            mail.user_id = Some(user);
            outbox::add(&mut tx, &self.sealer, &mail).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// The step as the function runs it, with keys that it fetches itself.
    pub async fn reencrypt(&self, settling: Duration, deadline: Deadline) -> Report {
        let database = self.database.open("portal_maintenance", false).await;
        let sealer = self.keys.sealer(KEYS_STAY).await;
        let run = Reencryption {
            database: &database,
            sealer: &sealer,
            run_id: Uuid::now_v7(),
            deadline,
            settling,
        };
        run.run().await.unwrap()
    }
}

pub async fn put(
    portal: &Database,
    sealer: &Sealer,
    member: Member,
    kind: SecureKind,
    number: &str,
) -> Result<(), DataError> {
    let value = SecureValue::parse(kind, number).unwrap();
    let mut tx = portal.begin(&member.request()).await?;
    secure_data::put(&mut tx, sealer, UserId::from(member.id), &value).await?;
    tx.commit().await?;
    Ok(())
}

pub async fn begin(database: &Database) -> Tx {
    let context = RequestContext::new(Uuid::now_v7(), Caller::Anonymous);
    database.begin(&context).await.unwrap()
}
