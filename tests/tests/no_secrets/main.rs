//! Nothing secret where it does not belong: sign-in and its mistakes are driven through the gateway with known passwords, tokens, codes
//! and numbers, and then no log, no statistics, no row, no error and no example holds one of them.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod flows;
mod places;

use flows::Session;

#[tokio::test]
async fn what_is_secret_is_nowhere_to_be_read() {
    let mut session = Session::begin().await;
    session.make_mistakes().await;
    session.sign_in().await;
    session.keep_numbers().await;
    // Names stand where secrets must not, so that it is known to be the right place.
    session.appears_in_logs().await;
    let mut found = places::logs(&session.secrets);
    found.extend(places::statements(&mut session.owner, &session.secrets).await);
    found.extend(places::rows(&mut session.owner, &session.secrets).await);
    found.extend(places::texts("error", &session.errors, &session.secrets));
    assert_eq!(found, Vec::<String>::new());
    assert!(
        session.secrets.len() >= 12,
        "too few secrets were looked for: {:?}",
        session.secrets.len()
    );
    assert!(
        session.errors.len() >= 8,
        "too few errors came: {:?}",
        session.errors
    );
}

#[test]
fn the_document_shows_no_secret() {
    let document = std::fs::read_to_string(portal_tests::openapi::path()).unwrap();
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    assert_eq!(places::examples_like_secrets(&document), Vec::<String>::new());
    let bad = serde_json::json!({ "a": { "example": { "token": "eyJhbGciOiJSUzI1NiJ9.e30.c2ln" } }, "password": { "example": "hunter2" } });
    assert_eq!(
        places::examples_like_secrets(&bad).len(),
        2,
        "the search itself finds them"
    );
}
