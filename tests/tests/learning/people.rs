//! People who call the API, and what it answers them.

use portal_tests::members::Member;
use portal_tests::stack::Stack;
use portal_tests::tokens::Signer;
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
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
        let name = format!("learning-{}", Uuid::now_v7().simple());
        let member = Member::add(&mut owner().await, &name, roles).await;
        Self::of(member, &Signer::newest().await)
    }

    /// A member without any role but that.
    pub(crate) async fn member() -> Self {
        Self::with(&["member"]).await
    }

    /// Somebody who runs the courses.
    pub(crate) async fn manager() -> Self {
        Self::with(&["course_manager"]).await
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

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::PATCH, path, Some(body), &[]).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, None, &[]).await
    }

    /// A course of these fields, not in the catalogue, and its id.
    pub(crate) async fn draft(&self, fields: Value) -> String {
        let created = self.post("/v1/courses", &with_defaults(fields)).await;
        id_of(&created.expect(StatusCode::CREATED))
    }

    /// A published course with so many required modules; its id and theirs.
    pub(crate) async fn publish(&self, mut fields: Value, modules: usize) -> (String, Vec<String>) {
        fields["isPublished"] = true.into();
        let course = self.draft(fields).await;
        let mut ids = Vec::new();
        for number in 0..modules {
            ids.push(
                self.add_module(&course, json!({"title": format!("Part {number}")}))
                    .await,
            );
        }
        (course, ids)
    }

    /// A module at the end of a course, and its id.
    pub(crate) async fn add_module(&self, course: &str, fields: Value) -> String {
        let added = self.post(&format!("/v1/courses/{course}/modules"), &fields).await;
        id_of(&added.expect(StatusCode::CREATED))
    }

    /// Asks to take a course up.
    pub(crate) async fn ask_to_enroll(&self, course: &str) -> Reply {
        let path = format!("/v1/courses/{course}/enrollment");
        self.send(Method::POST, &path, None, &[]).await
    }

    /// Takes a course up; the enrolment's id.
    pub(crate) async fn enroll(&self, course: &str) -> String {
        id_of(&self.ask_to_enroll(course).await.expect(StatusCode::CREATED))
    }

    /// Asks to note how far one has come.
    pub(crate) async fn ask_to_record(&self, enrollment: &str, module: &str, percent: i32) -> Reply {
        let path = format!("/v1/enrollments/{enrollment}/modules/{module}");
        let body = json!({"percent": percent});
        self.send(Method::PUT, &path, Some(&body), &[]).await
    }

    /// Notes how far one has come; the enrolment as it is then.
    pub(crate) async fn record(&self, enrollment: &str, module: &str, percent: i32) -> Value {
        let reply = self.ask_to_record(enrollment, module, percent).await;
        reply.expect(StatusCode::OK)
    }

    /// Takes a course up and does all of it; the enrolment then.
    pub(crate) async fn complete(&self, course: &str, modules: &[String]) -> Value {
        let enrollment = self.enroll(course).await;
        let mut now = Value::Null;
        for module in modules {
            now = self.record(&enrollment, module, 100).await;
        }
        assert_eq!(now["status"], "COMPLETED", "{now}");
        now
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
