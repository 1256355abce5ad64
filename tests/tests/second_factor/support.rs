//! Members with a password and an authenticator, in the database that the functions use.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher as _, SaltString};
use portal_tests::stack::Stack;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};
use totp_rs::{Algorithm, Secret, TOTP};
use uuid::Uuid;

pub const PASSWORD: &str = "correct horse battery staple";

/// What the gateway answered.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub body: Value,
    pub retry_after: Option<u64>,
}

impl Answer {
    /// The last segment of the problem's type.
    pub fn problem(&self) -> (u16, &str) {
        let kind = self.body["type"].as_str().unwrap_or_default();
        (self.status.as_u16(), kind.rsplit('/').next().unwrap_or_default())
    }

    pub fn text(&self, member: &str) -> String {
        let text = self.body[member].as_str();
        text.unwrap_or_else(|| panic!("no {member} in {self:?}"))
            .to_owned()
    }
}

pub async fn call(method: Method, path: &str, token: Option<&str>, body: &Value) -> Answer {
    let mut request = reqwest::Client::new()
        .request(method, format!("{}{path}", Stack::get().api_url))
        .json(body);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let response = request.send().await.expect("the gateway answers");
    let retry_after = response.headers().get("retry-after");
    let retry_after = retry_after.map(|value| value.to_str().unwrap().parse().unwrap());
    let status = response.status();
    let text = response.text().await.unwrap();
    let body = match text.as_str() {
        "" => Value::Null,
        text => serde_json::from_str(text).unwrap_or_else(|error| panic!("{path}: {error}: {text}")),
    };
    Answer {
        status,
        body,
        retry_after,
    }
}

pub async fn post(path: &str, token: Option<&str>, body: Value) -> Answer {
    call(Method::POST, path, token, &body).await
}

/// A member, as the tests know one.
pub struct Person {
    pub id: Uuid,
    pub email: String,
    pub owner: PgConnection,
}

impl Person {
    /// An account whose address is confirmed.
    pub async fn create() -> Self {
        let mut owner = PgConnection::connect(&Stack::get().databases["owner"].primary)
            .await
            .expect("the owner can connect");
        let id = Uuid::now_v7();
        let email = format!("{id}@example.org");
        let salt = SaltString::encode_b64(id.as_bytes()).unwrap();
        let hash = Argon2::default()
            .hash_password(PASSWORD.as_bytes(), &salt)
            .unwrap();
        sqlx::query(
            "INSERT INTO users (id, email, password_hash, first_name, last_name, is_verified, approved_at)
            VALUES ($1, $2, $3, 'Ana', 'Test', true, now())",
        )
        .bind(id)
        .bind(&email)
        .bind(hash.to_string())
        .execute(&mut owner)
        .await
        .unwrap();
        Self { id, email, owner }
    }

    /// The same with a confirmed authenticator.
    pub async fn enrolled() -> (Self, Authenticator) {
        let mut person = Self::create().await;
        let token = person.token().await;
        let authenticator = person.enrol(&token).await;
        (person, authenticator)
    }

    pub async fn log_in(&self) -> Answer {
        post(
            "/v1/auth/login",
            None,
            json!({ "email": self.email, "password": PASSWORD }),
        )
        .await
    }

    /// An access token, without a second factor.
    pub async fn token(&self) -> String {
        self.log_in().await.text("accessToken")
    }

    /// The challenge of a new sign-in.
    pub async fn challenge(&self) -> String {
        let answer = self.log_in().await;
        assert_eq!(answer.body["mfaRequired"], true, "{answer:?}");
        answer.text("challenge")
    }

    /// Sets an authenticator up; the present step's code is still good afterwards.
    pub async fn enrol(&mut self, token: &str) -> Authenticator {
        let begun = post("/v1/auth/mfa/totp", Some(token), json!({})).await;
        assert_eq!(begun.status, StatusCode::OK, "{begun:?}");
        let mut authenticator = Authenticator::of(&begun.text("secret"));
        let confirmed = confirm(token, &authenticator.code(0)).await;
        assert_eq!(confirmed.status, StatusCode::OK, "{confirmed:?}");
        self.let_steps_pass().await;
        let codes = confirmed.body["recoveryCodes"].as_array().unwrap();
        authenticator.recovery = codes
            .iter()
            .map(|code| code.as_str().unwrap().to_owned())
            .collect();
        authenticator
    }

    /// Makes the codes that were used good again, as if minutes had passed and these were new ones.
    pub async fn let_steps_pass(&mut self) {
        self.execute("DELETE FROM totp_steps WHERE user_id = $1").await;
    }

    /// Runs a statement whose only parameter is the account.
    pub async fn execute(&mut self, statement: &str) -> u64 {
        sqlx::query(statement)
            .bind(self.id)
            .execute(&mut self.owner)
            .await
            .unwrap()
            .rows_affected()
    }

    /// What a query about the account finds.
    pub async fn look<T>(&mut self, query: &str) -> T
    where
        T: Send + Unpin + for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
    {
        sqlx::query_scalar(query)
            .bind(self.id)
            .fetch_one(&mut self.owner)
            .await
            .unwrap()
    }

    /// The kinds of mail that were put in for the account, but for those about devices.
    pub async fn mails(&mut self) -> Vec<String> {
        self.look(
            "SELECT COALESCE(array_agg(kind ORDER BY created_at), '{}') FROM outbox
            WHERE user_id = $1 AND kind <> 'NEW_SIGN_IN'",
        )
        .await
    }
}

/// An app on a phone, by another hand than the function's.
pub struct Authenticator {
    totp: TOTP,
    pub recovery: Vec<String>,
}

impl Authenticator {
    pub fn of(secret: &str) -> Self {
        let secret = Secret::Encoded(secret.to_owned()).to_bytes().unwrap();
        Self {
            totp: TOTP::new(Algorithm::SHA1, 6, 1, 30, secret).unwrap(),
            recovery: Vec::new(),
        }
    }

    /// The code of the present step, or of one so many steps from it.
    pub fn code(&self, steps: i64) -> String {
        let now = time::OffsetDateTime::now_utc().unix_timestamp() + 30 * steps;
        self.totp.generate(u64::try_from(now).unwrap())
    }

    /// Six digits that are none of the codes near the present step.
    pub fn wrong_code(&self) -> String {
        let near: Vec<_> = (-3..=3).map(|steps| self.code(steps)).collect();
        let mut candidates = (0..10).map(|digit| digit.to_string().repeat(6));
        candidates.find(|code| !near.contains(code)).unwrap()
    }
}

pub async fn confirm(token: &str, code: &str) -> Answer {
    post("/v1/auth/mfa/totp/confirm", Some(token), json!({ "code": code })).await
}

pub async fn answer(challenge: &str, code: &str) -> Answer {
    post(
        "/v1/auth/mfa/challenge",
        None,
        json!({ "challenge": challenge, "code": code }),
    )
    .await
}

pub async fn recover(challenge: &str, code: &str) -> Answer {
    post(
        "/v1/auth/mfa/challenge",
        None,
        json!({ "challenge": challenge, "recoveryCode": code }),
    )
    .await
}
