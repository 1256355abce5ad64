//! Gateway events, tidied before `lambda_http` turns them into requests.
//!
//! `lambda_http` takes it for granted that every header value, host and query string of an event fits the types of the `http`
//! crate, and fails the whole invocation (or panics) when one does not. A client can send such things, and must get an answer.

use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use lambda_http::request::LambdaRequest;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// What a query string may not hold as it is: RFC 3986, section 3.4, and what the `http` crate refuses beyond it.
const NOT_IN_QUERY: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'{')
    .add(b'}');

/// What would end the path early. The gateway decodes paths, so that such a character may stand in one.
const NOT_IN_PATH: &AsciiSet = &CONTROLS.add(b' ').add(b'#').add(b'?');

/// An HTTP API event (payload format 2.0) that will make a request whatever the client has sent.
pub(crate) struct GatewayEvent(pub(crate) LambdaRequest);

impl<'de> Deserialize<'de> for GatewayEvent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut event = Map::<String, Value>::deserialize(deserializer)?;
        tidy(&mut event);
        let request: ApiGatewayV2httpRequest = serde_json::from_value(Value::Object(event))
            .map_err(|error| D::Error::custom(format!("not an HTTP API event of format 2.0: {error}")))?;
        Ok(Self(LambdaRequest::ApiGatewayV2(request)))
    }
}

fn tidy(event: &mut Map<String, Value>) {
    if let Some(Value::String(query)) = event.get_mut("rawQueryString") {
        *query = utf8_percent_encode(query, NOT_IN_QUERY).to_string();
    }
    if let Some(Value::String(path)) = event.get_mut("rawPath") {
        let encoded = utf8_percent_encode(path.trim_start_matches('/'), NOT_IN_PATH).to_string();
        *path = format!("/{encoded}");
    }
    if let Some(Value::Object(headers)) = event.get_mut("headers") {
        tidy_headers(headers);
    }
    if let Some(Value::Object(context)) = event.get_mut("requestContext") {
        // Only used to make an absolute address, which no route looks at.
        context.remove("domainName");
    }
}

/// Keeps the headers that can be represented, each as far as it can be: a value with other characters than visible ASCII stays
/// a header, so that a garbled credential is refused and not overlooked.
fn tidy_headers(headers: &mut Map<String, Value>) {
    headers.retain(|name, value| {
        let named = axum::http::HeaderName::try_from(name.as_str())
            .is_ok_and(|name| name != axum::http::header::HOST);
        named && value.is_string()
    });
    for value in headers.values_mut() {
        if let Value::String(text) = value
            && !text.bytes().all(is_visible)
        {
            *text = text
                .chars()
                .map(|char| {
                    if char.is_ascii() && is_visible(char as u8) {
                        char
                    } else {
                        '?'
                    }
                })
                .collect();
        }
    }
}

const fn is_visible(byte: u8) -> bool {
    matches!(byte, b'\t' | b' '..=b'~')
}

#[cfg(test)]
mod tests {
    use super::*;
    use lambda_http::http;
    use serde_json::json;

    fn request(path: &str, query: &str, headers: &Value) -> http::Request<lambda_http::Body> {
        let event = json!({
            "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": query, "headers": headers,
            "requestContext": {
                "domainName": "a b", "http": {"method": "GET", "path": path, "sourceIp": "192.0.2.1"},
                "stage": "$default", "timeEpoch": 0, "requestId": "x",
            },
            "isBase64Encoded": false,
        });
        serde_json::from_value::<GatewayEvent>(event).unwrap().0.into()
    }

    #[test]
    fn an_ordinary_event_passes_unchanged() {
        let request = request(
            "/v1/contractors",
            "near=1,2&q=a%20b&q=%C3%B1",
            &json!({"accept": "*/*"}),
        );
        assert_eq!(request.uri().path(), "/v1/contractors");
        assert_eq!(request.uri().query(), Some("near=1,2&q=a%20b&q=%C3%B1"));
        assert_eq!(request.headers()["accept"], "*/*");
    }

    #[test]
    fn whatever_a_client_sends_becomes_a_request() {
        for query in [
            "q=<b>\"x\"</b>",
            "q=a#b",
            "q=ñ",
            "q=%",
            "q={}|\\^`",
            "\u{7f}",
            "?",
            "&&=&",
        ] {
            let request = request("/v1/contractors", query, &json!({}));
            assert!(!request.uri().query().unwrap().contains('#'), "{query}");
        }
        for path in [
            "",
            "x",
            "//evil",
            "/v1/a b",
            "/v1/ñ",
            "/v1/a?b#c",
            "/v1/%",
            "@x",
            ":99999999",
            "/\u{0}",
            "/v1/\\..\\x",
        ] {
            assert!(
                request(path, "", &json!({})).uri().path().starts_with('/'),
                "{path}"
            );
        }
    }

    #[test]
    fn headers_that_cannot_be_are_dropped_or_blotted() {
        let headers = json!({"host": "a b:c", "authorization": "Bearer ñ", "x y": "1", "": "2", "accept": 7, "x-z": "a\nb"});
        let request = request("/", "", &headers);
        assert_eq!(request.headers()["authorization"], "Bearer ?");
        assert_eq!(request.headers()["x-z"], "a?b");
        assert_eq!(request.headers().len(), 2);
    }

    #[test]
    fn what_is_no_gateway_event_is_refused() {
        assert!(serde_json::from_value::<GatewayEvent>(json!({"Records": []})).is_err());
        assert!(serde_json::from_value::<GatewayEvent>(json!([])).is_err());
    }
}
