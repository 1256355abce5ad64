//! Every shape of answer, through the whole edge.

use axum::body::{Body, to_bytes};
use axum::http::{Request, Response};
use axum::routing::{get, post};
use portal_data::Environment;
use serde_json::Value;
use tower::ServiceExt as _;

use super::*;
use crate::body::JsonBody;
use crate::operations::Operations;
use crate::query::{NoParameters, Query};
use crate::routes;

async fn fine(_: Query<NoParameters>) -> &'static str {
    "fine"
}

async fn away() -> Problem {
    portal_data::DataError::Unavailable {
        message: "x".into(),
        outcome_unknown: false,
    }
    .into()
}

async fn take(JsonBody(value): JsonBody<Vec<u8>>) -> String {
    value.len().to_string()
}

/// The routes of `docs` with other handlers, and routes beside the table.
fn service() -> Router {
    let routes = routes::all().filter(|route| route.function == "docs");
    let operations = routes.fold(Operations::<()>::of("docs"), |operations, route| {
        match route.operation {
            "list_problem_types" => operations.bind(route.operation, away),
            _ => operations.bind(route.operation, fine),
        }
    });
    let router = operations.into_router().unwrap();
    let router = router
        .route("/body", post(take))
        .route("/bare", get(|| async { StatusCode::INTERNAL_SERVER_ERROR }))
        .route("/open", get(fine));
    around(
        router,
        "docs",
        EdgeConfig::read(Environment::of(&[
            ("PORTAL_CORS_ORIGINS", "https://a.example"),
            ("PORTAL_PUBLIC_URL", "https://api.example"),
        ]))
        .unwrap(),
        None,
    )
}

async fn send(request: Request<Body>) -> (Response<Body>, Value) {
    let (parts, body) = service().oneshot(request).await.unwrap().into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    (Response::from_parts(parts, Body::from(bytes)), json)
}

fn request(method: &str, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path)
}

async fn get_path(path: &str) -> (Response<Body>, Value) {
    send(request("GET", path).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn errors_are_problem_documents() {
    for (method, path, status, kind) in [
        ("GET", "/nowhere", 404, "not-found"),
        ("POST", "/v1/openapi.json", 405, "method-not-allowed"),
        ("TRACE", "/v1/openapi.json", 405, "method-not-allowed"),
        ("GET", "/v1/openapi.json?x=1", 422, "invalid-values"),
        ("GET", "/v1/openapi.json?x=%zz", 400, "malformed-request"),
        ("GET", "/v1/problems", 503, "unavailable"),
        ("GET", "/bare", 500, "internal"),
    ] {
        let (response, problem) = send(request(method, path).body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), status, "{method} {path}");
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_eq!(problem["type"], format!("/v1/problems/{kind}"));
        assert_eq!(problem["status"], status);
        assert_eq!(problem["instance"], path.split('?').next().unwrap());
        assert_eq!(
            problem["requestId"],
            response.headers()["x-request-id"].to_str().unwrap()
        );
        assert_eq!(response.headers().contains_key("retry-after"), status == 503);
        assert_eq!(response.headers().contains_key("allow"), status == 405);
        assert_eq!(problem["errors"].is_array(), status == 422 || status == 400);
    }
}

#[tokio::test]
async fn bodies_are_refused_for_what_is_wrong_with_them() {
    let long = "1".repeat(LARGEST_BODY + 1);
    for (content_type, body, status) in [
        ("application/json", "[1,2]", 200),
        ("text/plain", "[1,2]", 415),
        ("application/json", "[1,", 400),
        ("application/json", "[1,300]", 422),
        ("application/json", &long, 413),
    ] {
        let sent = request("POST", "/body").header("content-type", content_type);
        let (response, _) = send(sent.body(Body::from(body.to_owned())).unwrap()).await;
        assert_eq!(response.status(), status);
    }
}

#[tokio::test]
async fn a_request_keeps_its_id_when_it_is_a_uuid() {
    let id = "0198a7c0-0000-7000-8000-000000000001";
    let sent = request("GET", "/open").header("x-request-id", id);
    let (response, _) = send(sent.body(Body::empty()).unwrap()).await;
    assert_eq!(response.headers()["x-request-id"], id);
    let sent = request("GET", "/open").header("x-request-id", "mine");
    let (response, _) = send(sent.body(Body::empty()).unwrap()).await;
    let given: Uuid = response.headers()["x-request-id"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(given.get_version_num(), 7);
}

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    for path in ["/v1/openapi.json", "/nowhere"] {
        let (response, _) = get_path(path).await;
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        assert_eq!(response.headers()["referrer-policy"], "no-referrer");
        assert!(
            response.headers()["content-security-policy"]
                .to_str()
                .unwrap()
                .contains("frame-ancestors 'none'")
        );
        assert!(response.headers().contains_key("strict-transport-security"));
    }
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    for (path, status) in [("/v1/openapi.json", 200), ("/nowhere", 404)] {
        let (response, _) = send(request("HEAD", path).body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), status);
        assert!(to_bytes(response.into_body(), 1).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn listed_origins_may_call_and_read() {
    for (origin, allowed) in [("https://a.example", true), ("https://b.example", false)] {
        let preflight = request("OPTIONS", "/v1/openapi.json")
            .header("origin", origin)
            .header("access-control-request-method", "GET");
        let (response, _) = send(preflight.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), 200);
        assert_eq!(
            response.headers().contains_key("access-control-allow-origin"),
            allowed
        );
        let (response, _) = send(
            request("GET", "/nowhere")
                .header("origin", origin)
                .body(Body::empty())
                .unwrap(),
        )
        .await;
        assert_eq!(
            response.headers().contains_key("access-control-allow-origin"),
            allowed
        );
        assert_eq!(response.headers().get_all("vary").iter().count(), 1);
    }
}
