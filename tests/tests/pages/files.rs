//! How the pages and their files are sent.

use std::io::Read as _;

use portal_tests::people::{Person, Reply};
use reqwest::{Method, StatusCode};

async fn get(path: &str, headers: &[(&str, &str)]) -> Reply {
    Person::stranger().send(Method::GET, path, None, headers).await
}

const PAGES: [(&str, &str); 2] = [("/v1/docs", "/v1/docs/page/"), ("/v1/admin/", "/v1/admin/page/")];

#[tokio::test]
async fn pages_are_closed_to_others_and_sent_once() {
    for (path, _) in PAGES {
        let page = get(path, &[]).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let policy = page.header("content-security-policy");
        for rule in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(rule), "{path} lacks {rule}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains('*') && !policy.contains("http"));
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        let known = get(path, &[("if-none-match", page.header("etag"))]).await;
        assert_eq!(known.status, StatusCode::NOT_MODIFIED, "{path}");
        let json = get(path, &[("accept", "application/json")]).await;
        assert_eq!(json.status, StatusCode::NOT_ACCEPTABLE, "{path}");
    }
}

#[tokio::test]
async fn files_are_kept_for_ever_under_a_folder_of_their_contents() {
    for (path, folder) in PAGES {
        let page = String::from_utf8(get(path, &[]).await.bytes).unwrap();
        let named: Vec<&str> = page
            .split(folder)
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap())
            .collect();
        assert!(named.len() >= 4, "{path} names {named:?}");
        for name in &named {
            let file = get(&format!("{folder}{name}"), &[]).await;
            assert_eq!(file.status, StatusCode::OK, "{name}");
            assert!(file.header("cache-control").contains("immutable"), "{name}");
            assert!(!file.bytes.is_empty(), "{name}");
        }
        let (_, file) = named[0].split_once('/').unwrap();
        let other_version = get(&format!("{folder}AAAAAAAAAAAAAAAA/{file}"), &[]).await;
        assert_eq!(other_version.status, StatusCode::NOT_FOUND, "{path}");
        let query = get(&format!("{path}?x=1"), &[]).await;
        assert_eq!(query.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
    }
}

#[tokio::test]
async fn the_document_is_sent_compressed_to_those_who_take_that() {
    let plain = get("/v1/openapi.json", &[]).await;
    let packed = get("/v1/openapi.json", &[("accept-encoding", "gzip")]).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.bytes.len() * 8 < plain.bytes.len());
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(packed.bytes.as_slice())
        .read_to_end(&mut unpacked)
        .unwrap();
    assert!(unpacked == plain.bytes, "both are the same document");
    assert_ne!(packed.header("etag"), plain.header("etag"));
    let headers = [
        ("accept-encoding", "gzip"),
        ("if-none-match", packed.header("etag")),
    ];
    let known = get("/v1/openapi.json", &headers).await;
    assert_eq!(known.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn the_short_address_leads_to_the_operations_page() {
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let url = format!("{}/v1/admin", portal_tests::stack::Stack::get().api_url);
    let answer = client.get(url).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::PERMANENT_REDIRECT);
    assert_eq!(answer.headers()["location"], "/v1/admin/");
}
