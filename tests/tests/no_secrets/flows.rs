//! Sign-in through the gateway, rightly and wrongly.

use std::time::{Duration, Instant};

use portal_data::sealing::Sealer;
use portal_tests::stack::Stack;
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use uuid::Uuid;

use crate::places;

/// A browser, and every secret that it has sent or been given.
pub struct Session {
    pub owner: PgConnection,
    /// By what each is.
    pub secrets: Vec<(&'static str, String)>,
    /// Bodies of refused requests.
    pub errors: Vec<String>,
    http: Client,
    /// An id of a request that the logs must speak of.
    request_id: String,
}

/// A secret that cannot be anything else.
fn marker(kind: &str) -> String {
    format!("{kind}-{}", Uuid::new_v4().simple())
}

impl Session {
    pub async fn begin() -> Self {
        let stack = Stack::get();
        let options: PgConnectOptions = stack.role("owner").primary.parse().unwrap();
        let owner = options.ssl_root_cert(&stack.ca_file).connect().await.unwrap();
        Self {
            owner,
            secrets: Vec::new(),
            errors: Vec::new(),
            http: Client::builder().no_proxy().build().unwrap(),
            request_id: String::new(),
        }
    }

    fn secret(&mut self, kind: &'static str) -> String {
        let secret = marker(kind);
        self.secrets.push((kind, secret.clone()));
        secret
    }

    async fn send(&mut self, method: Method, path: &str, token: Option<&str>, body: String) -> (u16, Value) {
        let mut request = self
            .http
            .request(method, format!("{}{path}", Stack::get().api_url));
        request = request.header("content-type", "application/json").body(body);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let answer: Response = request.send().await.unwrap();
        let status = answer.status().as_u16();
        if let Some(id) = answer.headers().get("x-request-id") {
            self.request_id = id.to_str().unwrap().to_owned();
        }
        let text = answer.text().await.unwrap();
        if status >= 400 {
            self.errors.push(text.clone());
        }
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    async fn post(&mut self, path: &str, token: Option<&str>, body: Value) -> (u16, Value) {
        self.send(Method::POST, path, token, body.to_string()).await
    }

    /// Everything that can be got wrong with a secret in it.
    pub async fn make_mistakes(&mut self) {
        let email = &Stack::get().account("member").email;
        let password = self.secret("wrong-password");
        self.post(
            "/v1/auth/login",
            None,
            json!({ "email": email, "password": password }),
        )
        .await;
        self.post(
            "/v1/auth/login",
            None,
            json!({ "email": "no address", "password": password, "extra": password }),
        )
        .await;
        self.send(
            Method::POST,
            "/v1/auth/login",
            None,
            format!("{{\"password\": \"{password}\", "),
        )
        .await;
        self.send(Method::POST, "/v1/auth/login", None, format!("\"{password}\""))
            .await;
        let short = self.secret("p");
        let short = &short[..14];
        self.secrets.push(("short password", short.to_owned()));
        self.post(
            "/v1/auth/register",
            None,
            json!({ "email": "n@example.org", "password": short, "firstName": "N", "lastName": "N" }),
        )
        .await;
        let reset = self.secret("reset-token");
        let new = self.secret("new-password");
        self.post(
            "/v1/auth/password/reset",
            None,
            json!({ "token": reset, "newPassword": new }),
        )
        .await;
        let verification = self.secret("verification-token");
        self.post("/v1/auth/verify-email", None, json!({ "token": verification }))
            .await;
        let refresh = self.secret("refresh-token");
        self.post("/v1/auth/refresh", None, json!({ "refreshToken": refresh }))
            .await;
        self.post("/v1/auth/refresh", None, json!({ "refreshToken": [refresh] }))
            .await;
        let (challenge, code) = (self.secret("challenge"), self.secret("recovery-code"));
        self.post(
            "/v1/auth/mfa/challenge",
            None,
            json!({ "challenge": challenge, "recoveryCode": code }),
        )
        .await;
        let token = self.secret("access-token");
        self.send(Method::GET, "/v1/auth/me", Some(&token), String::new())
            .await;
    }

    /// A new account, a known one, its tokens and its second factor.
    pub async fn sign_in(&mut self) {
        let password = self.secret("first-password");
        let email = format!("{}@example.org", Uuid::new_v4().simple());
        let registration =
            json!({ "email": email, "password": password, "firstName": "Nora", "lastName": "New" });
        assert_eq!(
            self.post("/v1/auth/register", None, registration.clone()).await.0,
            202
        );
        self.post("/v1/auth/register", None, registration).await;
        sqlx::query("UPDATE users SET is_verified = true, approved_at = now() WHERE email = $1")
            .bind(&email)
            .execute(&mut self.owner)
            .await
            .unwrap();
        let (status, signed_in) = self
            .post(
                "/v1/auth/login",
                None,
                json!({ "email": email, "password": password }),
            )
            .await;
        assert_eq!(status, 200, "{signed_in}");
        let access = self.keep("access token", &signed_in["accessToken"]);
        let refresh = self.keep("refresh token", &signed_in["refreshToken"]);
        let (status, renewed) = self
            .post("/v1/auth/refresh", None, json!({ "refreshToken": refresh }))
            .await;
        assert_eq!(status, 200, "{renewed}");
        self.keep("second refresh token", &renewed["refreshToken"]);
        let (status, factor) = self
            .post(
                "/v1/auth/mfa/totp",
                Some(&access),
                json!({ "password": password }),
            )
            .await;
        assert!(status < 300, "{factor}");
        self.keep("TOTP secret", &factor["secret"]);
        self.post(
            "/v1/auth/mfa/totp/confirm",
            Some(&access),
            json!({ "code": "000000" }),
        )
        .await;
        self.post("/v1/auth/password/forgot", None, json!({ "email": email }))
            .await;
        let next = self.secret("next-password");
        self.post(
            "/v1/auth/password/change",
            Some(&access),
            json!({ "currentPassword": password, "newPassword": next }),
        )
        .await;
        let account = Stack::get().account("administrator");
        self.secrets.push(("demo password", account.password.clone()));
        let (_, answer) = self
            .post(
                "/v1/auth/login",
                None,
                json!({ "email": account.email, "password": account.password }),
            )
            .await;
        for (kind, name) in [
            ("access token", "accessToken"),
            ("refresh token", "refreshToken"),
            ("challenge", "challenge"),
        ] {
            if answer[name].is_string() {
                self.keep(kind, &answer[name]);
            }
        }
    }

    fn keep(&mut self, kind: &'static str, value: &Value) -> String {
        let secret = value
            .as_str()
            .unwrap_or_else(|| panic!("no {kind}: {value}"))
            .to_owned();
        self.secrets.push((kind, secret.clone()));
        secret
    }

    /// A tax number in the database, as the application keeps it.
    pub async fn keep_numbers(&mut self) {
        let stack = Stack::get();
        let number = "536904399-SSN";
        self.secrets.push(("tax number", number.to_owned()));
        let sealer = Sealer::new(stack.secrets().await, "portal/data-keys".to_owned());
        let member: Uuid = sqlx::query_scalar("SELECT id FROM users WHERE email = $1")
            .bind(&stack.account("member").email)
            .fetch_one(&mut self.owner)
            .await
            .unwrap();
        let sealed = sealer
            .seal(&format!("secure_data.SSN/{member}"), number.as_bytes())
            .await
            .unwrap();
        sqlx::query(
            "INSERT INTO secure_data (user_id, kind, key_id, ciphertext) VALUES ($1, 'SSN', 'k0', $2)
            ON CONFLICT (user_id, kind) DO UPDATE SET ciphertext = EXCLUDED.ciphertext",
        )
        .bind(member)
        .bind(&sealed)
        .execute(&mut self.owner)
        .await
        .unwrap();
    }

    /// Waits until the logs speak of the last request.
    pub async fn appears_in_logs(&self) {
        let started = Instant::now();
        let known = [("request", self.request_id.clone())];
        while places::logs(&known).is_empty() {
            assert!(
                started.elapsed() < Duration::from_secs(20),
                "no log speaks of request {}",
                self.request_id
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}
