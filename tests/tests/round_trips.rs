//! How often a request waits for the database: counted on the wire between a function's process and the pooler.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use portal_tests::function::Function;
use portal_tests::gateway::Request;
use portal_tests::members::Member;
use portal_tests::stack::Stack;
use portal_tests::tokens::Signer;
use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

/// BEGIN with the context, the query's two (parse and describe, bind and execute), COMMIT.
const ONE_QUERY: usize = 4;

/// Two such transactions around the hash: account, attempts | session. The commit of the first and the hash run at once.
const SIGN_IN: usize = 1 + 2 + 2 + 1 + 1 + 2 + 1;

/// A wire that hands on what passes, and counts how often the client begins to speak after the server has.
struct Wire {
    address: String,
    trips: Arc<AtomicUsize>,
}

impl Wire {
    /// Before the pooler of the primary: with no replica to fall back from, every request takes the same way.
    async fn lay() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let trips = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&trips);
        tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let pooler = &Stack::get().environment["PORTAL_DATABASE_WRITER"];
                let server = TcpStream::connect(pooler).await.unwrap();
                connect(client, server, &counted);
            }
        });
        Self { address, trips }
    }

    /// How many round trips a request takes on connections that are open, and what is answered.
    async fn count(&self, function: &Function, request: &Request<'_>) -> (usize, Value) {
        let event = request.event();
        let mut counts = Vec::new();
        let mut body = Value::Null;
        for _ in 0..3 {
            let before = self.trips.load(Ordering::SeqCst);
            let answer = function.invoke(&event).await.unwrap();
            assert_eq!(answer["statusCode"], 200, "{answer}");
            counts.push(self.trips.load(Ordering::SeqCst) - before);
            body = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        }
        // The first may have had to connect.
        assert_eq!(counts[1], counts[2], "{}: {counts:?}", request.path);
        (counts[1], body)
    }
}

fn connect(client: TcpStream, server: TcpStream, trips: &Arc<AtomicUsize>) {
    let client_speaks = Arc::new(AtomicBool::new(false));
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let (trips, speaks) = (Arc::clone(trips), Arc::clone(&client_speaks));
    tokio::spawn(pass(from_client, to_server, move || {
        if !speaks.swap(true, Ordering::SeqCst) {
            trips.fetch_add(1, Ordering::SeqCst);
        }
    }));
    tokio::spawn(pass(from_server, to_client, move || {
        client_speaks.store(false, Ordering::SeqCst);
    }));
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, seen: impl Fn()) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        seen();
        if to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}

/// A function whose only way to the database is this wire.
async fn function(name: &str, role: &str, wire: &Wire) -> Function {
    let secret = format!("portal/database/{role}");
    let settings = [
        ("PORTAL_DATABASE_WRITER", wire.address.as_str()),
        ("PORTAL_DATABASE_READERS", ""),
        ("PORTAL_DATABASE_SECRET", &secret),
        ("PORTAL_DATA_KEYS_SECRET", "portal/data-keys"),
        ("PORTAL_TOKEN_SECRET", "portal/tokens"),
    ];
    Function::start(name, &settings).await
}

fn get<'a>(path: &'a str, token: Option<&'a str>) -> Request<'a> {
    Request {
        method: "GET",
        path,
        body: None,
        token,
        address: "192.0.2.1",
        headers: &[],
    }
}

async fn token() -> String {
    let mut owner = PgConnection::connect(&Stack::get().role("owner").primary)
        .await
        .unwrap();
    let name = format!("trips-{}", Uuid::now_v7().simple());
    let member = Member::add(&mut owner, &name, &["member"]).await;
    Signer::newest().await.token(&member)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_costs_a_member_no_more_than_anybody() {
    let (wire, token) = (Wire::lay().await, token().await);
    for (name, list) in [
        ("directory", "/v1/contractors?limit=1"),
        ("projects-geo", "/v1/projects?limit=1"),
    ] {
        let function = function(name, "portal_api", &wire).await;
        let (trips, body) = wire.count(&function, &get(list, None)).await;
        assert_eq!(trips, ONE_QUERY, "{list}");
        let item = &body["items"][0];
        let one = item["licenseNumber"].as_str().or(item["id"].as_str()).unwrap();
        let one = format!("{}/{one}", list.split('?').next().unwrap());
        for path in [list, &one] {
            let (anonymous, _) = wire.count(&function, &get(path, None)).await;
            let (signed_in, _) = wire.count(&function, &get(path, Some(&token))).await;
            println!("{path}: {anonymous} round trips for anybody, {signed_in} for a member");
            assert_eq!(anonymous, signed_in, "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_waits_for_the_database_nine_times() {
    let wire = Wire::lay().await;
    let function = function("auth", "portal_auth", &wire).await;
    let account = Stack::get().account("member");
    let mut body = json!({"email": account.email, "password": account.password});
    let log_in = |body: &Value| {
        let request = Request {
            method: "POST",
            path: "/v1/auth/login",
            body: Some(body),
            ..get("", None)
        };
        request.event()
    };
    let first = function.invoke(&log_in(&body)).await.unwrap();
    let first: Value = serde_json::from_str(first["body"].as_str().unwrap()).unwrap();
    body["deviceToken"] = first["deviceToken"].clone();
    let request = Request {
        method: "POST",
        path: "/v1/auth/login",
        body: Some(&body),
        ..get("", None)
    };
    let (trips, _) = wire.count(&function, &request).await;
    assert_eq!(trips, SIGN_IN);
}
