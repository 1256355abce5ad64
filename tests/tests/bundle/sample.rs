//! The sample events, and the shape of what API Gateway takes for an answer.

use std::collections::BTreeSet;
use std::path::PathBuf;

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
        assert_eq!(answer["isBase64Encoded"], false, "{event}: {answer}");
        let header = |name: &str| answer["headers"][name].as_str().map(str::to_owned);
        assert!(header("x-request-id").is_some(), "{event}: {answer}");
        Self {
            status: answer["statusCode"]
                .as_u64()
                .unwrap_or_else(|| panic!("{event}: {answer}")),
            content_type: header("content-type").unwrap_or_else(|| panic!("{event}: {answer}")),
            body: answer["body"]
                .as_str()
                .unwrap_or_else(|| panic!("{event}: {answer}"))
                .to_owned(),
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
