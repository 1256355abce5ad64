//! People who call the API, and what it answers them.

use portal_tests::members::Member;
use portal_tests::stack::Stack;
use portal_tests::tokens::Signer;
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, StatusCode};
use serde_json::Value;
use uuid::Uuid;

use crate::support::{id_of, newest_write, owner, with_defaults};

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
        let name = format!("events-{}", Uuid::now_v7().simple());
        let member = Member::add(&mut owner().await, &name, roles).await;
        Self::of(member, &Signer::newest().await)
    }

    /// A member without any role but that.
    pub(crate) async fn member() -> Self {
        Self::with(&["member"]).await
    }

    /// Somebody who may post events and run those, and no others.
    pub(crate) async fn organizer() -> Self {
        sqlx::raw_sql(
            "INSERT INTO roles (id, name, description) VALUES (gen_random_uuid(), 'test_organizer', 'Posts events')
            ON CONFLICT DO NOTHING;
            INSERT INTO role_permissions (role_id, permission_id)
            SELECT r.id, p.id FROM roles AS r, permissions AS p WHERE r.name = 'test_organizer' AND p.name = 'events.create'
            ON CONFLICT DO NOTHING",
        )
        .execute(&mut owner().await)
        .await
        .unwrap();
        Self::with(&["test_organizer"]).await
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

    pub(crate) fn token(&self) -> &str {
        self.token.as_deref().expect("somebody signed in")
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

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::PATCH, path, Some(body), &[]).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, None, &[]).await
    }

    /// One of the requests that take no body.
    pub(crate) async fn act(&self, event: &str, action: &str) -> Reply {
        self.send(Method::POST, &format!("/v1/events/{event}/{action}"), None, &[])
            .await
    }

    /// A draft of these fields, and its id.
    pub(crate) async fn draft(&self, fields: Value) -> String {
        let created = self.post("/v1/events", &with_defaults(fields)).await;
        id_of(&created.expect(StatusCode::CREATED))
    }

    /// An event that is announced, and its id.
    pub(crate) async fn open(&self, fields: Value) -> String {
        let id = self.draft(fields).await;
        self.act(&id, "publish").await.expect(StatusCode::OK);
        id
    }

    /// A seat, or a place in line.
    pub(crate) async fn register(&self, event: &str) -> Value {
        self.act(event, "registration").await.expect(StatusCode::CREATED)
    }

    /// Gives it back.
    pub(crate) async fn give_back(&self, event: &str) {
        let reply = self.delete(&format!("/v1/events/{event}/registration")).await;
        reply.expect(StatusCode::NO_CONTENT);
    }

    /// The own registration for an event as it is now.
    pub(crate) async fn own(&self, event: &str) -> Value {
        let list = self.json(&format!("/v1/events/{event}/registrations")).await;
        list["items"][0].clone()
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
