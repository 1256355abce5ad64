//! A request, as the gateway takes it and as a function gets it; and its answer.

use super::member::Member;
use super::samples::Outcome;
use bytes::Bytes;
use http_body_util::Full;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A request of a member, or of anybody.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    method: &'static str,
    /// Path and query.
    path: String,
    member: Option<Arc<Member>>,
    headers: Vec<(&'static str, String)>,
    body: Option<Value>,
}

impl Request {
    /// A request without a body.
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self::new("GET", path, None)
    }

    /// A request with one.
    pub(crate) fn new(method: &'static str, path: impl Into<String>, body: Option<Value>) -> Self {
        Self {
            method,
            path: path.into(),
            member: None,
            headers: Vec::new(),
            body,
        }
    }

    /// The same as this member.
    pub(crate) fn of(mut self, member: &Arc<Member>) -> Self {
        self.member = Some(member.clone());
        self
    }

    /// The same with one more header; its name in lower case.
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Path and query.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    fn all_headers(&self) -> impl Iterator<Item = (&'static str, String)> {
        let member = self
            .member
            .iter()
            .map(|member| ("authorization", member.authorization()));
        let body = self.body.iter().map(|_| {
            let kind = if self.method == "PATCH" {
                "application/merge-patch+json"
            } else {
                "application/json"
            };
            ("content-type", kind.to_owned())
        });
        member.chain(body).chain(self.headers.iter().cloned())
    }

    /// The request for the gateway.
    pub(crate) fn http(&self, host: &str) -> Result<hyper::Request<Full<Bytes>>, hyper::http::Error> {
        let mut request = hyper::Request::builder()
            .method(self.method)
            .uri(&self.path)
            .header("host", host);
        for (name, value) in self.all_headers() {
            request = request.header(name, value);
        }
        let body = self.body.as_ref().map(ToString::to_string).unwrap_or_default();
        request.body(Full::new(body.into()))
    }

    /// The event that API Gateway makes of it (payload format 2.0).
    pub(crate) fn event(&self) -> Bytes {
        let (path, query) = self.path.split_once('?').unwrap_or((&self.path, ""));
        let mut headers: BTreeMap<&str, String> = self.all_headers().collect();
        headers.insert("host", "api.example.org".to_owned());
        headers.insert("user-agent", "bench".to_owned());
        let event = json!({
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": path,
            "rawQueryString": query,
            "headers": headers,
            "requestContext": {
                "accountId": "123456789012",
                "apiId": "a1b2c3d4e5",
                "domainName": "api.example.org",
                "domainPrefix": "api",
                "http": {
                    "method": self.method,
                    "path": path,
                    "protocol": "HTTP/1.1",
                    "sourceIp": "127.0.0.1",
                    "userAgent": "bench",
                },
                "requestId": "JKJaXmPLvHcESHA=",
                "routeKey": "$default",
                "stage": "$default",
                "time": "24/Aug/2026:17:00:00 +0000",
                "timeEpoch": 1_787_590_800_000_u64,
            },
            "body": self.body.as_ref().map(ToString::to_string),
            "isBase64Encoded": false,
        });
        event.to_string().into()
    }
}

/// An answer, by whichever way it came.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Bytes,
}

/// What a function answers to the gateway.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reply {
    status_code: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: Option<String>,
}

impl Answer {
    /// The answer in a function's reply.
    pub(crate) fn of_function(reply: &[u8]) -> serde_json::Result<Self> {
        let reply: Reply = serde_json::from_slice(reply)?;
        let headers = reply.headers.into_iter();
        Ok(Self {
            status: reply.status_code,
            headers: headers
                .map(|(name, value)| (name.to_ascii_lowercase(), value))
                .collect(),
            body: reply.body.unwrap_or_default().into(),
        })
    }

    /// One of its headers.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// Its body, or null where that is no JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// What has come of the request.
    pub(crate) fn outcome(&self) -> Outcome {
        match self.status {
            200..=299 => Outcome::Good,
            code => Outcome::Status {
                code,
                retry_after: self.header("retry-after").is_some(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_event_holds_what_the_request_does() {
        let member = Member::holding("abc");
        let request = Request::new("PATCH", "/v1/members/me?x=1", Some(json!({"bio": "b"}))).of(&member);
        let event: Value = serde_json::from_slice(&request.event()).unwrap();
        assert_eq!(event["rawPath"], "/v1/members/me");
        assert_eq!(event["rawQueryString"], "x=1");
        assert_eq!(event["headers"]["authorization"], "Bearer abc");
        assert_eq!(event["headers"]["content-type"], "application/merge-patch+json");
        assert_eq!(event["body"], r#"{"bio":"b"}"#);
    }

    #[test]
    fn a_refusal_says_whether_to_come_again() {
        let reply =
            br#"{"statusCode":503,"headers":{"Retry-After":"1"},"body":"{}","isBase64Encoded":false}"#;
        let outcome = Answer::of_function(reply).unwrap().outcome();
        assert_eq!(
            outcome,
            Outcome::Status {
                code: 503,
                retry_after: true
            }
        );
        let reply = br#"{"statusCode":200}"#;
        assert_eq!(Answer::of_function(reply).unwrap().outcome(), Outcome::Good);
    }
}
