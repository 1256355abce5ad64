//! Asking the function `auth`.

use portal_tests::gateway::Request;
use portal_tests::stack::Stack;
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

use crate::mails;

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Value,
    pub(crate) text: String,
}

impl Answer {
    /// What the function says to the gateway.
    pub(crate) fn of(answer: &Value) -> Self {
        let status = answer["statusCode"].as_u64();
        Self {
            status: u16::try_from(status.unwrap_or_else(|| panic!("{answer}"))).unwrap(),
            headers: answer["headers"].clone(),
            text: answer["body"].as_str().unwrap_or_default().to_owned(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{self:?}"))
    }

    /// A member of the body that is a text.
    pub(crate) fn get(&self, name: &str) -> String {
        self.json()[name]
            .as_str()
            .unwrap_or_else(|| panic!("{name} in {self:?}"))
            .to_owned()
    }

    /// The body without what every request has of its own.
    pub(crate) fn without_id(&self) -> String {
        match serde_json::from_str::<Value>(&self.text) {
            Ok(Value::Object(mut members)) => {
                members.remove("requestId");
                Value::Object(members).to_string()
            }
            _ => self.text.clone(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name]
            .as_str()
            .unwrap_or_else(|| panic!("{name} in {self:?}"))
    }

    /// Asserts the status, and hands the answer on.
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }
}

/// Where a request comes from.
#[derive(Clone, Debug)]
pub(crate) enum From {
    /// The gateway's own client.
    Gateway,
    /// An address that the gateway says it has seen.
    Address(String),
}

/// An IPv6 customer that nobody else is: 64 random bits.
pub(crate) fn somewhere() -> From {
    let random = Uuid::new_v4().simple().to_string();
    From::Address(format!("2001:db8:{}:{}::1", &random[..4], &random[4..8]))
}

pub(crate) fn fresh_email() -> String {
    format!("member-{}@example.org", Uuid::new_v4().simple())
}

/// A password that nobody tries first.
pub(crate) fn fresh_password() -> String {
    format!("wet plaster hums {}", Uuid::new_v4().simple())
}

pub(crate) async fn post(path: &str, body: &Value, from: &From) -> Answer {
    send(&Method::POST, path, Some(body), None, from).await
}

pub(crate) async fn send(
    method: &Method,
    path: &str,
    body: Option<&Value>,
    token: Option<&str>,
    from: &From,
) -> Answer {
    match from {
        From::Gateway => through_gateway(method, path, body, token).await,
        From::Address(address) => as_event(method, path, body, token, address).await,
    }
}

fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

async fn through_gateway(method: &Method, path: &str, body: Option<&Value>, token: Option<&str>) -> Answer {
    let mut request = http().request(method.clone(), format!("{}{path}", Stack::get().api_url));
    if let Some(body) = body {
        request = request.json(body);
    }
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let response = request.send().await.unwrap();
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().into()));
    Answer {
        status: response.status().as_u16(),
        headers: Value::Object(headers.collect()),
        text: response.text().await.unwrap(),
    }
}

async fn as_event(
    method: &Method,
    path: &str,
    body: Option<&Value>,
    token: Option<&str>,
    address: &str,
) -> Answer {
    let request = Request {
        method: method.as_str(),
        path,
        body,
        token,
        address,
        headers: &[],
    };
    deliver(&request).await
}

/// Has the function answer a request, as the gateway would hand it over.
pub(crate) async fn deliver(request: &Request<'_>) -> Answer {
    let url = format!("{}/auth/invocations", Stack::get().invocations_url);
    let answer: Value = http()
        .post(url)
        .json(&request.event())
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    Answer::of(&answer)
}

pub(crate) async fn owner() -> PgConnection {
    let url = &Stack::get().databases["owner"].primary;
    PgConnection::connect(url).await.expect("the owner can connect")
}

pub(crate) async fn execute(sql: &str, email: &str) {
    let done = sqlx::query(sql)
        .bind(email)
        .execute(&mut owner().await)
        .await
        .unwrap();
    assert!(done.rows_affected() > 0, "{sql}");
}

/// A member whose address is confirmed.
pub(crate) struct Member {
    pub(crate) email: String,
    pub(crate) password: String,
}

impl Member {
    pub(crate) async fn register() -> Self {
        let member = Self {
            email: fresh_email(),
            password: fresh_password(),
        };
        post(
            "/v1/auth/register",
            &registration(&member.email, &member.password),
            &somewhere(),
        )
        .await
        .expect(202);
        let token = mails::secret(&member.email, "VERIFY_EMAIL").await;
        post("/v1/auth/verify-email", &json!({"token": token}), &somewhere())
            .await
            .expect(204);
        member
    }

    pub(crate) fn credentials(&self) -> Value {
        json!({"email": self.email, "password": self.password})
    }

    /// The same from a device.
    pub(crate) fn credentials_from(&self, device_token: &str) -> Value {
        json!({"email": self.email, "password": self.password, "deviceToken": device_token})
    }

    pub(crate) async fn sign_in(&self) -> Answer {
        post("/v1/auth/login", &self.credentials(), &somewhere())
            .await
            .expect(200)
    }
}

pub(crate) fn registration(email: &str, password: &str) -> Value {
    json!({"email": email, "password": password, "firstName": "María", "lastName": "Muñoz", "company": "Muñoz Drywall"})
}

/// Asks for the caller's own account.
pub(crate) async fn me(token: &str) -> Answer {
    send(&Method::GET, "/v1/auth/me", None, Some(token), &somewhere()).await
}

pub(crate) async fn refresh(token: &str) -> Answer {
    post("/v1/auth/refresh", &json!({"refreshToken": token}), &somewhere()).await
}
