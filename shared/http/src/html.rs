//! Small pages without scripts.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::Extension;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::negotiate::MediaType;

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem;color:#222}\
h1{font-size:1.5rem}code{background:#f2f2f2;padding:0 .2em}dt{font-weight:600;margin-top:1rem}dd{margin:0}";

/// Nothing is loaded and only our own style applies, named by its hash.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )
});

/// A page of [`layout`], of a route that has other representations too.
#[must_use]
pub fn respond(page: String) -> Response {
    let headers = [
        (CONTENT_TYPE, MediaType::Html.content_type()),
        (CONTENT_SECURITY_POLICY, POLICY.as_str()),
        (VARY, "accept"),
    ];
    (headers, Extension(Page), page).into_response()
}

/// Marks a page of ours, which an error may be told on too: no problem document takes its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page;

/// A whole page around its contents, which are markup already.
#[must_use]
pub fn layout(title: &str, contents: &str) -> String {
    let title = text(title);
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style></head>\
         <body><h1>{title}</h1>{contents}</body></html>\n"
    )
}

/// Text of ours as markup; what stands between backticks is code.
#[must_use]
pub fn text(plain: &str) -> String {
    let mut markup = String::with_capacity(plain.len() + 16);
    for (index, part) in plain.split('`').enumerate() {
        let escaped = escape(part);
        let _ = if index % 2 == 1 {
            write!(markup, "<code>{escaped}</code>")
        } else {
            write!(markup, "{escaped}")
        };
    }
    markup
}

/// Any text, as it is, in markup.
#[must_use]
pub fn escape(plain: &str) -> String {
    plain
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(text("a <b> & `c<d`"), "a &lt;b&gt; &amp; <code>c&lt;d</code>");
        assert_eq!(escape("`a` \"b\""), "`a` &quot;b&quot;");
    }
}
