//! People who call the API, and what it answers them.

use reqwest::header::HeaderMap;
use reqwest::{Client, Method, StatusCode};
use serde_json::Value;
use uuid::Uuid;

use crate::members::Member;
use crate::primary::{newest_write, owner};
use crate::stack::Stack;
use crate::tokens::Signer;

/// What the API answers.
#[derive(Debug)]
pub struct Reply {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, where that is JSON.
    pub body: Value,
    /// Its body.
    pub bytes: Vec<u8>,
}

impl Reply {
    /// The body of an answer that must have this status.
    pub fn expect(self, status: StatusCode) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// The detail of a problem that must have this status.
    pub fn detail(self, status: StatusCode) -> String {
        let problem = self.expect(status);
        assert_eq!(problem["status"], status.as_u16(), "{problem}");
        problem["detail"].as_str().expect("a problem document").to_owned()
    }

    /// The pointers of the faults of a 422, sorted.
    pub fn pointers(self) -> Vec<String> {
        let problem = self.expect(StatusCode::UNPROCESSABLE_ENTITY);
        let errors = problem["errors"].as_array().unwrap().iter();
        let mut pointers: Vec<_> = errors
            .map(|error| error["pointer"].as_str().unwrap().to_owned())
            .collect();
        pointers.sort();
        pointers
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }
}

/// Somebody who calls the API, signed in or not.
pub struct Person {
    member: Option<Member>,
    token: Option<String>,
    client: Client,
}

impl Person {
    /// A new approved member with these roles, who is signed in.
    pub async fn with(roles: &[&str]) -> Self {
        let name = format!("person-{}", Uuid::now_v7().simple());
        let member = Member::add(&mut owner().await, &name, roles).await;
        Self::of(member, &Signer::newest().await)
    }

    /// A member without any role but that.
    pub async fn member() -> Self {
        Self::with(&["member"]).await
    }

    /// Somebody in the name of a member that there is.
    pub fn of(member: Member, signer: &Signer) -> Self {
        Self {
            member: Some(member),
            token: Some(signer.token(&member)),
            client: client(),
        }
    }

    /// Nobody in particular.
    pub fn stranger() -> Self {
        Self {
            member: None,
            token: None,
            client: client(),
        }
    }

    /// The same person, in another tab.
    pub fn again(&self) -> Self {
        Self {
            member: self.member,
            token: self.token.clone(),
            client: client(),
        }
    }

    /// The access token.
    pub fn token(&self) -> &str {
        self.token.as_deref().expect("somebody signed in")
    }

    /// The id of the account.
    pub fn id(&self) -> Uuid {
        self.member.expect("a member").id
    }

    /// Sends a request, and reads the answer whole.
    pub async fn send(
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
    pub async fn get(&self, path: &str) -> Reply {
        let newest = newest_write().await;
        self.send(Method::GET, path, None, &[("portal-consistency", &newest)])
            .await
    }

    /// The body of a read that succeeds.
    pub async fn json(&self, path: &str) -> Value {
        self.get(path).await.expect(StatusCode::OK)
    }

    /// Sends a body by `POST`.
    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::POST, path, Some(body), &[]).await
    }

    /// Sends a merge patch.
    pub async fn patch(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::PATCH, path, Some(body), &[]).await
    }

    /// Sends a `DELETE`.
    pub async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, None, &[]).await
    }

    /// Every item of a list, by its cursor.
    pub async fn follow(&self, first: &str) -> Vec<Value> {
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
pub fn next_page(reply: &Reply) -> Option<String> {
    let link = reply.headers.get("link")?.to_str().unwrap();
    Some(link.trim_start_matches('<').split_once('>').unwrap().0.to_owned())
}

fn client() -> Client {
    Client::builder().no_proxy().build().unwrap()
}
