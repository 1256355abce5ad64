//! People who call the API, and what it answers them.

use portal_tests::members::Member;
use portal_tests::stack::Stack;
use portal_tests::tokens::Signer;
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::stripe;
use crate::support::{id_of, marker, newest_write, owner};

/// How long to look again until a webhook is there, which Stripe sends about a second late.
const LOOK: std::time::Duration = std::time::Duration::from_millis(100);
const PATIENCE: u32 = 300;

/// What the API answers.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
    pub(crate) bytes: Vec<u8>,
}

impl Reply {
    /// The body of an answer that must have this status.
    pub(crate) fn expect(self, status: StatusCode) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// The detail of a problem that must have this status.
    pub(crate) fn detail(self, status: StatusCode) -> String {
        let problem = self.expect(status);
        assert_eq!(problem["status"], status.as_u16(), "{problem}");
        problem["detail"].as_str().expect("a problem document").to_owned()
    }

    /// The pointers of the faults of a 422, sorted.
    pub(crate) fn pointers(self) -> Vec<String> {
        let problem = self.expect(StatusCode::UNPROCESSABLE_ENTITY);
        let errors = problem["errors"].as_array().unwrap().iter();
        let mut pointers: Vec<_> = errors
            .map(|error| error["pointer"].as_str().unwrap().to_owned())
            .collect();
        pointers.sort();
        pointers
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }
}

/// Somebody who calls the API, signed in or not.
pub(crate) struct Person {
    member: Option<Member>,
    token: Option<String>,
    client: Client,
}

impl Person {
    /// A new approved member with these roles, who is signed in.
    pub(crate) async fn with(roles: &[&str]) -> Self {
        let name = format!("payments-{}", Uuid::now_v7().simple());
        let member = Member::add(&mut owner().await, &name, roles).await;
        Self::of(member, &Signer::newest().await)
    }

    /// A member without any role but that.
    pub(crate) async fn member() -> Self {
        Self::with(&["member"]).await
    }

    /// Somebody who looks after money.
    pub(crate) async fn finance() -> Self {
        Self::with(&["finance"]).await
    }

    /// Somebody in the name of a member that there is.
    pub(crate) fn of(member: Member, signer: &Signer) -> Self {
        Self {
            member: Some(member),
            token: Some(signer.token(&member)),
            client: client(),
        }
    }

    /// Nobody in particular.
    pub(crate) fn stranger() -> Self {
        Self {
            member: None,
            token: None,
            client: client(),
        }
    }

    pub(crate) fn id(&self) -> Uuid {
        self.member.expect("a member").id
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Reply {
        let mut request = self
            .client
            .request(method, format!("{}{path}", Stack::get().api_url));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.bytes().await.unwrap().to_vec();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Reply {
            status,
            headers,
            body,
            bytes,
        }
    }

    /// A read that sees all that has been written until now, whichever replica answers.
    pub(crate) async fn get(&self, path: &str) -> Reply {
        let newest = newest_write().await;
        self.send(Method::GET, path, None, &[("portal-consistency", &newest)])
            .await
    }

    pub(crate) async fn json(&self, path: &str) -> Value {
        self.get(path).await.expect(StatusCode::OK)
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::POST, path, Some(body), &[]).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, None, &[]).await
    }

    /// Asks for a payment, under a key of its own.
    pub(crate) async fn ask(&self, body: &Value) -> Reply {
        self.ask_as(&marker(), body).await
    }

    /// Asks for a payment under this key.
    pub(crate) async fn ask_as(&self, key: &str, body: &Value) -> Reply {
        let headers = [("idempotency-key", key)];
        self.send(Method::POST, "/v1/payments", Some(body), &headers)
            .await
    }

    /// Joins a tier, and pays; the payment then.
    pub(crate) async fn join(&self, tier: Uuid) -> Value {
        let asked = self.ask(&json!({"type": "MEMBERSHIP", "tierId": tier})).await;
        self.pay(&asked.expect(StatusCode::CREATED)).await
    }

    /// Pays what was asked for with a good card, and waits until the webhook has been taken; the payment then.
    pub(crate) async fn pay(&self, asked: &Value) -> Value {
        stripe::pay(asked, stripe::GOOD_CARD).await;
        self.when(&id_of(asked), |payment| payment["status"] == "COMPLETED")
            .await
    }

    /// The payment, as soon as it is as it should be.
    pub(crate) async fn when(&self, payment: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        let path = format!("/v1/payments/{payment}");
        for _ in 0..PATIENCE {
            let now = self.json(&path).await;
            if is_so(&now) {
                return now;
            }
            tokio::time::sleep(LOOK).await;
        }
        panic!("{} did not come to it", self.json(&path).await)
    }

    /// Gives money back.
    pub(crate) async fn refund(&self, payment: &str, body: &Value) -> Reply {
        let key = marker();
        let headers = [("idempotency-key", key.as_str())];
        let path = format!("/v1/payments/{payment}/refund");
        self.send(Method::POST, &path, Some(body), &headers).await
    }

    /// Every item of a list, by its cursor.
    pub(crate) async fn follow(&self, first: &str) -> Vec<Value> {
        let mut items = Vec::new();
        let mut next = Some(first.to_owned());
        while let Some(path) = next {
            let reply = self.get(&path).await;
            assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.body);
            items.extend(reply.body["items"].as_array().unwrap().clone());
            next = next_page(&reply);
        }
        items
    }
}

/// Where the next page is.
pub(crate) fn next_page(reply: &Reply) -> Option<String> {
    let link = reply.headers.get("link")?.to_str().unwrap();
    Some(link.trim_start_matches('<').split_once('>').unwrap().0.to_owned())
}

fn client() -> Client {
    Client::builder().no_proxy().build().unwrap()
}
