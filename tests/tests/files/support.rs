//! Members who call the API, and the store behind it.

use std::str::FromStr;
use std::time::{Duration, Instant};

use aws_sdk_s3::primitives::ByteStream;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portal_tests::members::Member;
use portal_tests::stack::Stack;
use portal_tests::tokens::Signer;
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::ConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use uuid::Uuid;

/// How long the replica may take to follow.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(20);

/// What the API answers.
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Reply {
    /// The body of an answer that must have this status.
    pub fn expect(self, status: StatusCode) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// The pointers of the faults of an answer, sorted.
    pub fn pointers(self) -> Vec<String> {
        let body = self.expect(StatusCode::UNPROCESSABLE_ENTITY);
        let errors = body["errors"].as_array().unwrap().iter();
        let mut pointers: Vec<_> = errors
            .map(|error| error["pointer"].as_str().unwrap().to_owned())
            .collect();
        pointers.sort();
        pointers
    }
}

/// A member who has signed in.
pub struct Client {
    pub member: Member,
    token: String,
}

impl Client {
    pub async fn new(owner: &mut PgConnection, name: &str, roles: &[&str]) -> Self {
        let name = format!("{name}-{}", Uuid::new_v4().simple());
        let member = Member::add(owner, &name, roles).await;
        let token = Signer::newest().await.token(&member);
        Self { member, token }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None, &[]).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::POST, path, Some(body), &[]).await
    }

    pub async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Reply {
        let bearer = format!("Bearer {}", self.token);
        let headers = [headers, &[("authorization", bearer.as_str())]].concat();
        send(method, path, body, &headers).await
    }
}

/// A request to the API.
pub async fn send(method: Method, path: &str, body: Option<&Value>, headers: &[(&str, &str)]) -> Reply {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut request = client.request(method, format!("{}{path}", Stack::get().api_url));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if let Some(body) = body {
        request = request.json(body);
    }
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::Null);
    Reply {
        status,
        headers,
        body,
    }
}

/// Past all policies.
pub async fn owner() -> PgConnection {
    let url = &Stack::get().role("owner").primary;
    PgConnectOptions::from_str(url).unwrap().connect().await.unwrap()
}

/// Waits until the replica has everything that the primary has now: the functions read there.
pub async fn await_replica(owner: &mut PgConnection) {
    let position: String = sqlx::query_scalar("SELECT pg_current_wal_lsn()::text")
        .fetch_one(&mut *owner)
        .await
        .unwrap();
    let url = &Stack::get().role("owner").replica;
    let mut replica = PgConnectOptions::from_str(url).unwrap().connect().await.unwrap();
    let began = Instant::now();
    while !sqlx::query_scalar::<_, bool>("SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn")
        .bind(&position)
        .fetch_one(&mut replica)
        .await
        .unwrap()
    {
        assert!(began.elapsed() < PATIENCE, "the replica does not follow");
        tokio::time::sleep(LOOK).await;
    }
}

/// A member's project.
pub async fn project(owner: &mut PgConnection, member: &Member, visibility: &str, status: &str) -> Uuid {
    let id = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO projects (id, owner_id, title, category, visibility, status, published_at)
        VALUES ($1, $2, 'Library', 'COMMERCIAL', $3, $4, now())",
    )
    .bind(id)
    .bind(member.id)
    .bind(visibility)
    .bind(status)
    .execute(owner)
    .await
    .unwrap();
    id
}

/// What a client announces of a content.
pub fn announced(name: &str, media_type: &str, content: &[u8]) -> Value {
    json!({
        "name": name, "mediaType": media_type, "sizeBytes": content.len(), "checksumSha256": sha256(content),
    })
}

/// SHA-256 in base64.
pub fn sha256(content: &[u8]) -> String {
    STANDARD.encode(ring::digest::digest(&ring::digest::SHA256, content))
}

/// Sends a content as an upload's ticket says.
pub async fn upload(ticket: &Value, content: &[u8]) -> StatusCode {
    let headers = ticket["headers"].as_object().unwrap().iter();
    let headers: Vec<_> = headers
        .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
        .collect();
    upload_with(ticket, content, &headers).await
}

/// Sends a content with other headers than the ticket says.
pub async fn upload_with(ticket: &Value, content: &[u8], headers: &[(&str, &str)]) -> StatusCode {
    assert_eq!(ticket["method"], "PUT");
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut request = client.put(ticket["url"].as_str().unwrap()).body(content.to_vec());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap().status()
}

/// The key of the object of a file.
pub async fn object_key(owner: &mut PgConnection, file: &Value) -> String {
    let id: Uuid = file["id"].as_str().unwrap().parse().unwrap();
    sqlx::query_scalar("SELECT object_key FROM uploads WHERE id = $1")
        .bind(id)
        .fetch_one(owner)
        .await
        .unwrap()
}

/// The bucket of the stack's files.
pub fn bucket() -> &'static str {
    &Stack::get().environment["PORTAL_FILES_BUCKET"]
}

/// Puts an object past all addresses, as nobody can in AWS.
pub async fn put_object(key: &str, media_type: &str, content: &[u8]) {
    let s3 = Stack::get().s3().await;
    let request = s3.put_object().bucket(bucket()).key(key).content_type(media_type);
    request
        .body(ByteStream::from(content.to_vec()))
        .send()
        .await
        .unwrap();
}

/// Whether there is an object.
pub async fn has_object(key: &str) -> bool {
    let s3 = Stack::get().s3().await;
    match s3.head_object().bucket(bucket()).key(key).send().await {
        Ok(_) => true,
        Err(error) => {
            assert!(error.into_service_error().is_not_found());
            false
        }
    }
}

/// The event that S3 sends of the newest version of an object.
pub async fn event(key: &str) -> Value {
    let s3 = Stack::get().s3().await;
    let head = s3.head_object().bucket(bucket()).key(key).send().await.unwrap();
    let mut event: Value = serde_json::from_str(include_str!("../../../events/files.json")).unwrap();
    let written = &mut event["Records"][0]["s3"];
    written["bucket"]["name"] = bucket().into();
    written["object"] =
        json!({ "key": key, "versionId": head.version_id, "sequencer": "0066C9B3F45A1B2C3D" });
    event
}

/// Invokes the function `files`, and gives its answer.
pub async fn invoke(event: &Value) -> Value {
    let url = format!("{}/files/invocations", Stack::get().invocations_url);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let response = client.post(url).json(event).send().await.unwrap();
    let status = response.status();
    let text = response.text().await.unwrap();
    assert_eq!(status, StatusCode::OK, "{text}");
    serde_json::from_str(&text).unwrap()
}

/// Delivers the event of an object, and gives what became of it.
pub async fn deliver(key: &str) -> String {
    let answer = invoke(&event(key).await).await;
    assert_eq!(answer["objects"][0][0], key, "{answer}");
    answer["objects"][0][1].as_str().unwrap().to_owned()
}
