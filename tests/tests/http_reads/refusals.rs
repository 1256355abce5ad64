//! What is refused, and how.

use reqwest::StatusCode;
use serde_json::Value;

use crate::support::{get, page};

#[tokio::test]
async fn what_cannot_be_taken_is_a_problem_that_names_it() {
    for (path, status) in [
        ("/v1/contractors?limit=-1", 422),
        ("/v1/contractors?limit=101", 422),
        ("/v1/contractors?near=abc", 422),
        ("/v1/contractors?near=91,0", 422),
        ("/v1/contractors?radiusMiles=5", 422),
        ("/v1/contractors?near=1,2&radiusMiles=501", 422),
        ("/v1/contractors?class=C-10A", 422),
        ("/v1/contractors?q=%00", 422),
        ("/v1/contractors?q=%zz", 400),
        ("/v1/contractors?q=%ff", 400),
        ("/v1/contractors?nonsense=1", 422),
        ("/v1/contractors?cursor=forged", 400),
        ("/v1/contractors?cursor=k1.eyJ9.AAAA", 400),
        ("/v1/contractors?notMember=true", 401),
        ("/v1/contractors/abc", 404),
        ("/v1/contractors/999999999999", 404),
        ("/v1/projects?status=OPEN", 422),
        ("/v1/projects?sort=title", 422),
        ("/v1/projects?deadlineBefore=tomorrow", 422),
        ("/v1/projects/near", 422),
        ("/v1/projects/not-an-id", 404),
        ("/v1/projects/00000000-0000-7000-8000-000000000000", 404),
        ("/v1/problems/no-such", 404),
    ] {
        let response = get(path, &[]).await;
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(
            response.headers()["content-type"],
            "application/problem+json",
            "{path}"
        );
        let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
        let problem: Value = response.json().await.unwrap();
        assert_eq!(problem["requestId"], id);
        assert_eq!(problem["instance"], path.split('?').next().unwrap());
        let page = get(problem["type"].as_str().unwrap(), &[("accept", "text/html")]).await;
        assert_eq!(page.status(), StatusCode::OK, "{} is described", problem["type"]);
    }
}

#[tokio::test]
async fn a_cursor_of_other_filters_is_refused() {
    let first = page("/v1/contractors?limit=1").await;
    let cursor = first["nextCursor"]
        .as_str()
        .expect("the stack holds more than one contractor");
    assert_eq!(
        get(&format!("/v1/contractors?cursor={cursor}"), &[])
            .await
            .status(),
        StatusCode::OK
    );
    let foreign = get(&format!("/v1/contractors?city=oakland&cursor={cursor}"), &[]).await;
    assert_eq!(foreign.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_token_that_nobody_issued_is_refused() {
    let response = get("/v1/contractors?limit=1", &[("authorization", "Bearer x.y.z")]).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(response.headers()["www-authenticate"], "Bearer");
}
