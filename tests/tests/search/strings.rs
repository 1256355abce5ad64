//! Whatever is typed, the answer is results or a problem that the client can mend.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use reqwest::StatusCode;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::support::{Asker, encoded};

async fn check(asker: &Asker, path: &str, query: &str) {
    let answer = asker.get(&format!("{path}?{query}")).await;
    let status = answer.status();
    assert!(
        status == StatusCode::OK || status.is_client_error(),
        "{path}?{query}: {status}"
    );
    let body: Value = answer
        .json()
        .await
        .unwrap_or_else(|error| panic!("{path}?{query}: {error}"));
    if status == StatusCode::OK {
        assert!(
            body["items"].is_array() || body["suggestions"].is_array(),
            "{path}?{query}: {body}"
        );
    } else {
        assert_eq!(body["status"], status.as_u16(), "{path}?{query}: {body}");
    }
}

#[tokio::test]
async fn what_breaks_searches_breaks_none() {
    let asker = Asker::anybody();
    for text in [
        "a & b | !c <-> (d)",
        "&",
        "|",
        "!",
        "()",
        "<->",
        "<2>",
        ":*",
        "a:*",
        "a:ABCD",
        "'",
        "''",
        "'a",
        "a'b",
        "\\",
        "\\'",
        "a\\",
        "\"",
        "\"\"",
        "\"a",
        "a\"",
        "-",
        "--",
        "-a",
        "a -",
        "- a",
        "or",
        "or or",
        "a or",
        "OR b",
        "%",
        "_",
        "$1",
        "; DROP TABLE users; --",
        "<script>",
        "\u{0}",
        "a\u{0}b",
        "\u{1}\u{2}",
        "\u{7f}",
        "\u{fffd}",
        "\u{200b}",
        "\u{202e}abc",
        "🏗️👷🏽‍♀️",
        "𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
        "ﬁﬂ",
        "İSTANBUL",
        "ß",
        "日本語 工事",
        "مقاول",
        "םינלבק",
        "ผู้รับเหมา",
        "e\u{301}\u{301}\u{301}",
        "\t\n\r",
        "NULL",
        "true",
        "1e309",
        "-0",
        "C-",
        "C10C10",
        "c 10 c 10",
        "http://example.org/?a=b&c=d",
        "a@b.c",
        "::::",
        "{}",
        "[]",
        "*",
        "the of and",
        "\u{e000}\u{e001}",
    ] {
        for path in ["/v1/search", "/v1/search/suggest"] {
            check(&asker, path, &format!("q={}", encoded(text))).await;
        }
    }
    for text in [
        "x".repeat(10_000),
        "x ".repeat(5_000),
        "\"".repeat(10_000),
        "é".repeat(1_500),
        "a.".repeat(100),
        "(".repeat(200),
        "-".repeat(200),
    ] {
        for path in ["/v1/search", "/v1/search/suggest"] {
            check(&asker, path, &format!("q={}", encoded(&text))).await;
        }
    }
    for raw in [
        "q=%",
        "q=%zz",
        "q=%ff%fe",
        "q=%ED%A0%80",
        "q",
        "",
        "q=a&q=b",
        "q=+",
        "q=a&limit=0",
        "q=a&cursor=x",
        "q=a&near=x",
    ] {
        for path in ["/v1/search", "/v1/search/suggest"] {
            check(&asker, path, raw).await;
        }
    }
}

#[test]
fn any_string_is_answered() {
    let runtime = Runtime::new().unwrap();
    let asker = runtime.block_on(async { Asker::with(&["member"]).await.1 });
    let text = prop_oneof![
        "\\PC{0,40}",
        "(construction|roof|o'brien|c ?-?10|san jose|[\"'&|!():*<>\\\\/.,;%_$@#-]| or | -|\\PC){0,30}",
        proptest::collection::vec(any::<char>(), 0..40).prop_map(String::from_iter),
    ];
    let mut runner = TestRunner::new(Config {
        cases: 150,
        failure_persistence: None,
        ..Config::default()
    });
    runner
        .run(&text, |text| {
            for path in ["/v1/search", "/v1/search/suggest"] {
                runtime.block_on(check(&asker, path, &format!("q={}", encoded(&text))));
            }
            Ok(())
        })
        .unwrap();
}
