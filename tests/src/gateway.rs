//! Requests as API Gateway hands them to a function (payload format 2.0), from whatever address the gateway is to have seen.

use serde_json::{Value, json};

/// A request.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The method.
    pub method: &'a str,
    /// Path and query.
    pub path: &'a str,
    /// The JSON body, if any.
    pub body: Option<&'a Value>,
    /// An access token, if any.
    pub token: Option<&'a str>,
    /// Where the gateway has seen it come from.
    pub address: &'a str,
    /// Further headers, in lower case.
    pub headers: &'a [(&'a str, &'a str)],
}

impl Request<'_> {
    /// The event.
    pub fn event(&self) -> Value {
        let mut headers =
            json!({"content-type": "application/json", "host": "api.example.org", "user-agent": "tests"});
        if let Some(token) = self.token {
            headers["authorization"] = format!("Bearer {token}").into();
        }
        for (name, value) in self.headers {
            headers[*name] = (*value).into();
        }
        let (path, query) = self.path.split_once('?').unwrap_or((self.path, ""));
        json!({
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": path,
            "rawQueryString": query,
            "headers": headers,
            "requestContext": {
                "accountId": "123456789012", "apiId": "a1b2c3d4e5", "domainName": "api.example.org", "domainPrefix": "api",
                "http": {
                    "method": self.method, "path": path, "protocol": "HTTP/1.1", "sourceIp": self.address, "userAgent": "tests",
                },
                "requestId": "JKJaXmPLvHcESHA=", "routeKey": "$default", "stage": "$default",
                "time": "24/Aug/2026:17:00:00 +0000", "timeEpoch": 1_787_590_800_000_u64,
            },
            "body": self.body.map(ToString::to_string),
            "isBase64Encoded": false,
        })
    }
}
