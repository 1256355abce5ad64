//! The sample events, and the shape of what API Gateway takes for an answer.

use std::collections::BTreeSet;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use serde_json::Value;

use crate::bundle::Bundle;

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../events"))
}

/// The names of all sample events.
pub fn names() -> BTreeSet<String> {
    let files = std::fs::read_dir(folder()).unwrap();
    files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect()
}

/// A sample event.
pub fn read(name: &str) -> Value {
    let text = std::fs::read_to_string(folder().join(name)).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("events/{name}: {error}"))
}

/// The body that API Gateway would send on, as the client reads it; none where it is no text.
fn text(answer: &Value) -> Option<String> {
    let body = answer["body"].as_str()?;
    if answer["isBase64Encoded"] != true {
        return Some(body.to_owned());
    }
    assert_eq!(answer["headers"]["content-encoding"], "gzip", "{answer}");
    let packed = STANDARD.decode(body).ok()?;
    std::io::read_to_string(GzDecoder::new(packed.as_slice())).ok()
}

/// A function's answer to an event of API Gateway.
pub struct Answer {
    pub status: u64,
    pub content_type: String,
    pub body: String,
}

impl Answer {
    /// Invokes the function with a sample event, as API Gateway does.
    pub async fn to(bundle: &Bundle, function: &str, event: &str) -> Self {
        let answer = bundle.invoke(function, &read(event)).await;
        let header = |name: &str| answer["headers"][name].as_str().map(str::to_owned);
        assert!(header("x-request-id").is_some(), "{event}: {answer}");
        Self {
            status: answer["statusCode"]
                .as_u64()
                .unwrap_or_else(|| panic!("{event}: {answer}")),
            content_type: header("content-type").unwrap_or_else(|| panic!("{event}: {answer}")),
            body: text(&answer).unwrap_or_else(|| panic!("{event}: {answer}")),
        }
    }

    /// The body of an answer that must be this kind of JSON and no problem.
    pub fn json(&self, content_type: &str) -> Value {
        assert_eq!(
            (self.status, self.content_type.as_str()),
            (200, content_type),
            "{}",
            self.body
        );
        serde_json::from_str(&self.body).unwrap()
    }
}
