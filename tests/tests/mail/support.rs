//! A database of its own, a stand-in for SES, and the function between them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_sdk_secretsmanager::Client as SecretsManager;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use notify::{Mailer, Notifier, Report, Settings};
use portal_data::notifications::LinkKeys;
use portal_data::sealing::Sealer;
use portal_data::{CachedSecret, Database, RequestContext};
use portal_domain::Caller;
use portal_domain::mail::{Mail, MailKind};
use portal_jobs::Deadline;
use portal_tests::database::TestDatabase;
use portal_tests::stack::Stack;
use serde_json::{Value, json};
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::ses::Ses;

/// The margin that a run keeps from its deadline.
pub const MARGIN: Duration = Duration::from_secs(15);

pub struct World {
    pub database: TestDatabase,
    /// Past all policies.
    pub owner: PgConnection,
    /// As functions have it that put mails in.
    pub portal: Database,
    pub ses: Ses,
    pub ses_url: String,
    pub sealer: Sealer,
    /// Where the data keys are.
    pub keys: String,
}

impl World {
    pub async fn create() -> Self {
        let database = TestDatabase::create().await;
        let (ses, ses_url) = Ses::start().await;
        let keys = make_keys().await;
        Self {
            owner: database.connect("owner").await,
            portal: database.open("portal_auth", false).await,
            sealer: Sealer::new(Stack::get().secrets().await, keys.clone()),
            database,
            ses,
            ses_url,
            keys,
        }
    }

    /// The function, with connections of its own, as another execution environment has them.
    pub async fn notifier(&self) -> Notifier {
        self.notifier_with(settings()).await
    }

    pub async fn notifier_with(&self, settings: Settings) -> Notifier {
        let config = Stack::get().aws().await;
        let config = config.into_builder().endpoint_url(&self.ses_url).build();
        Notifier::new(
            self.database.open("portal_jobs", false).await,
            self.sealer.clone(),
            link_keys().await,
            Mailer::with_config(&aws_sdk_sesv2::config::Builder::from(&config)),
            settings,
            || 0.5,
        )
    }

    /// Sends what is due.
    pub async fn run(&self) -> Report {
        self.notifier()
            .await
            .serve(schedule(), Deadline::never())
            .await
            .unwrap()
    }

    pub async fn add(&self, mail: &Mail) {
        let context = RequestContext::new(Uuid::now_v7(), Caller::Anonymous);
        let mut tx = self.portal.begin(&context).await.unwrap();
        portal_data::outbox::add(&mut tx, &self.sealer, mail)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// Adds mails with a secret to so many addresses, and gives the addresses.
    pub async fn add_many(&self, count: usize) -> Vec<String> {
        let addresses: Vec<_> = (0..count).map(|n| format!("member{n}@example.org")).collect();
        let context = RequestContext::new(Uuid::now_v7(), Caller::Anonymous);
        let mut tx = self.portal.begin(&context).await.unwrap();
        for address in &addresses {
            let mail = reset(address, &format!("token-for-{address}"));
            portal_data::outbox::add(&mut tx, &self.sealer, &mail)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        addresses
    }

    pub async fn scalar(&mut self, query: &str) -> Value {
        sqlx::query_scalar(query)
            .fetch_one(&mut self.owner)
            .await
            .unwrap()
    }

    pub async fn execute(&mut self, statement: &str) {
        sqlx::raw_sql(statement).execute(&mut self.owner).await.unwrap();
    }

    /// Makes everything due that waits for another try, as time does.
    pub async fn let_pauses_pass(&mut self) {
        self.execute("UPDATE outbox SET not_before = now() WHERE state = 'PENDING'")
            .await;
    }

    /// How many rows there are in each state.
    pub async fn states(&mut self) -> Value {
        self.scalar(
            "SELECT COALESCE(jsonb_object_agg(state, n), '{}')
            FROM (SELECT state, count(*) AS n FROM outbox GROUP BY state) AS counted",
        )
        .await
    }

    /// The row of an address.
    pub async fn row(&mut self, address: &str) -> Value {
        sqlx::query_scalar("SELECT to_jsonb(o) FROM outbox AS o WHERE recipient = $1")
            .bind(address)
            .fetch_one(&mut self.owner)
            .await
            .unwrap()
    }
}

/// As the function's environment gives them, but for a rate that tests need not wait for.
pub fn settings() -> Settings {
    Settings {
        from: Stack::get().environment["PORTAL_MAIL_FROM"].clone(),
        web_url: "https://portal.example".to_owned(),
        api_url: "https://api.example".to_owned(),
        rate: 500,
        max_attempts: 3,
        deadline_margin: MARGIN,
        lease: Duration::from_secs(60),
        seats: portal_data::registrations::terms(portal_data::Environment::of(&[])).unwrap(),
    }
}

/// The keys by which links out of mails are signed.
pub async fn link_keys() -> CachedSecret<LinkKeys> {
    CachedSecret::new(
        Stack::get().secrets().await,
        Stack::get().environment["PORTAL_SIGNING_SECRET"].clone(),
        Duration::from_secs(600),
    )
}

/// A mail that carries a token.
pub fn reset(address: &str, token: &str) -> Mail {
    let mut mail = Mail::new(MailKind::ResetPassword, address);
    mail.secret = Some(token.to_owned());
    mail.payload = json!({ "validMinutes": 60 });
    mail
}

/// What EventBridge sends every minute.
pub fn schedule() -> Value {
    serde_json::from_str(include_str!("../../../events/notify.json")).unwrap()
}

/// A deadline that comes so soon.
pub fn deadline_in(time: Duration) -> Deadline {
    let end = SystemTime::now().duration_since(UNIX_EPOCH).unwrap() + MARGIN + time;
    Deadline::of_invocation(u64::try_from(end.as_millis()).unwrap(), MARGIN)
}

/// Data keys that no other test knows.
async fn make_keys() -> String {
    let id = format!("tests/data-keys/{}", Uuid::now_v7());
    let key = STANDARD.encode([Uuid::new_v4().into_bytes(), Uuid::new_v4().into_bytes()].concat());
    SecretsManager::new(&Stack::get().aws().await)
        .create_secret()
        .name(&id)
        .secret_string(json!({ "keys": [{ "id": "k1", "key": key }] }).to_string())
        .send()
        .await
        .unwrap();
    id
}
