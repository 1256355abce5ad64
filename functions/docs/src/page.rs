//! Small pages without scripts, and the answer as a page or as JSON.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use portal_http::Problem;
use portal_http::negotiate::{MediaType, negotiate};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Pages only change with a deployment.
const CACHE: &str = "public, max-age=300";

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem;color:#222}\
h1{font-size:1.5rem}code{background:#f2f2f2;padding:0 .2em}dt{font-weight:600;margin-top:1rem}dd{margin:0}";

/// Nothing is loaded and only our own style applies, named by its hash.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )
});

/// The same contents as a page or as JSON, whichever the client wants; a page when it does not mind.
pub(crate) fn answer<T: Serialize>(
    headers: &HeaderMap,
    contents: &T,
    page: String,
) -> Result<Response, Problem> {
    let media = negotiate(headers, &[MediaType::Html, MediaType::Json])?;
    let mut response = match media {
        MediaType::Html => ([(CONTENT_SECURITY_POLICY, POLICY.as_str())], page).into_response(),
        _ => axum::Json(contents).into_response(),
    };
    let fixed = [
        (CONTENT_TYPE, media.content_type()),
        (CACHE_CONTROL, CACHE),
        (VARY, "accept"),
    ];
    for (name, value) in fixed {
        response
            .headers_mut()
            .insert(name, axum::http::HeaderValue::from_static(value));
    }
    Ok(response)
}

/// A whole page around its contents, which are markup already.
pub(crate) fn layout(title: &str, contents: &str) -> String {
    let title = text(title);
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style></head>\
         <body><h1>{title}</h1>{contents}</body></html>\n"
    )
}

/// Text as markup; what stands between backticks is code.
pub(crate) fn text(plain: &str) -> String {
    let mut markup = String::with_capacity(plain.len() + 16);
    for (index, part) in plain.split('`').enumerate() {
        let escaped = part
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;");
        let _ = if index % 2 == 1 {
            write!(markup, "<code>{escaped}</code>")
        } else {
            write!(markup, "{escaped}")
        };
    }
    markup
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(text("a <b> & `c<d`"), "a &lt;b&gt; &amp; <code>c&lt;d</code>");
    }
}
