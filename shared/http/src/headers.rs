//! The headers of every answer: the request's id, what browsers are told about security, how long it may be kept.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, Entry, REFERRER_POLICY, SET_COOKIE, STRICT_TRANSPORT_SECURITY,
    VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::response::Response;
use uuid::Uuid;

use crate::config::EdgeConfig;
use crate::routes::{Authentication, Route};

/// The header with the request's id, in requests and answers.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Answers load nothing and are framed by nobody; pages loosen it for their own style.
const NOTHING_LOADS: &str = "default-src 'none'; frame-ancestors 'none'";

/// Two years, as browsers ask of sites that want to be known for TLS beforehand.
const INSIST_ON_TLS: &str = "max-age=63072000; includeSubDomains";

/// How long anybody may keep what everybody sees: short, since lists change, but long enough to spare repeats.
const PUBLIC: &str = "public, max-age=30";

/// Adds what every answer carries, where the handler has not said otherwise.
pub(crate) fn complete(headers: &mut HeaderMap, config: &EdgeConfig, request_id: Uuid) {
    let mut otherwise = |name: HeaderName, value: &'static str| {
        if let Entry::Vacant(entry) = headers.entry(name) {
            entry.insert(HeaderValue::from_static(value));
        }
    };
    otherwise(X_CONTENT_TYPE_OPTIONS, "nosniff");
    otherwise(REFERRER_POLICY, "no-referrer");
    otherwise(CONTENT_SECURITY_POLICY, NOTHING_LOADS);
    if config.is_secure() {
        otherwise(STRICT_TRANSPORT_SECURITY, INSIST_ON_TLS);
    }
    if let Ok(value) = HeaderValue::from_str(&request_id.to_string()) {
        headers.insert(REQUEST_ID, value);
    }
}

/// Says how long an answer may be kept: what anonymous callers read for a short while by anybody, everything else by nobody.
pub(crate) fn cache(response: &mut Response, route: Option<&Route>, method: &Method, anonymous: bool) {
    let readable = *method == Method::GET || *method == Method::HEAD;
    let open = route.is_some_and(|route| route.authentication != Authentication::Required);
    let headers = response.headers_mut();
    if open && readable && route.is_some_and(|route| route.authentication == Authentication::Optional) {
        headers.append(
            VARY,
            HeaderValue::from_static("authorization, portal-consistency"),
        );
    }
    if !headers.contains_key(CACHE_CONTROL) {
        let policy = if open && readable && anonymous {
            PUBLIC
        } else {
            "no-store"
        };
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(policy));
    }
}

/// Writes a header that stands more than once as one list, since an answer of a function keeps one value for each name.
pub(crate) fn join_repeated(headers: &mut HeaderMap) {
    let names: Vec<_> = headers
        .keys()
        .filter(|name| **name != SET_COOKIE)
        .cloned()
        .collect();
    for name in names {
        let values: Vec<_> = headers
            .get_all(&name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        if values.len() < 2 {
            continue;
        }
        if let Ok(joined) = HeaderValue::from_str(&values.join(", ")) {
            headers.insert(name, joined);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse;
    use portal_data::Environment;

    fn policy(operation: &str, method: &Method, anonymous: bool) -> String {
        let mut response = ().into_response();
        cache(&mut response, crate::routes::find(operation), method, anonymous);
        response.headers()[CACHE_CONTROL].to_str().unwrap().to_owned()
    }

    #[test]
    fn only_what_everybody_sees_may_be_kept() {
        assert_eq!(policy("list_contractors", &Method::GET, true), PUBLIC);
        assert_eq!(policy("list_contractors", &Method::GET, false), "no-store");
        assert_eq!(policy("list_contractors", &Method::OPTIONS, true), "no-store");
        assert_eq!(policy("no_such_operation", &Method::GET, true), "no-store");
    }

    #[test]
    fn tls_is_insisted_on_where_clients_use_it() {
        for (url, insists) in [("https://api.example", true), ("http://127.0.0.1:9000", false)] {
            let mut headers = HeaderMap::new();
            let environment = [("PORTAL_PUBLIC_URL", url)];
            let config = EdgeConfig::read(Environment::of(&environment)).unwrap();
            complete(&mut headers, &config, Uuid::nil());
            assert_eq!(headers.contains_key(STRICT_TRANSPORT_SECURITY), insists);
            assert_eq!(headers[X_CONTENT_TYPE_OPTIONS], "nosniff");
        }
    }

    #[test]
    fn repeated_headers_become_one() {
        let mut headers = HeaderMap::new();
        headers.append(VARY, HeaderValue::from_static("origin"));
        headers.append(VARY, HeaderValue::from_static("accept"));
        join_repeated(&mut headers);
        assert_eq!(
            headers.get_all(VARY).iter().collect::<Vec<_>>(),
            ["origin, accept"]
        );
    }
}
