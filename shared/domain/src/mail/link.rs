//! Links to the web client.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but what RFC 3986 leaves unreserved.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A page below the client's base.
pub(super) fn page(base: &str, path: &str) -> String {
    format!("{}/{path}", base.trim_end_matches('/'))
}

/// A page that reads a token. It stands behind `#`, which browsers send to no server: it is in no access log and no `Referer`, and
/// a scanner that opens links in mails does not use it up.
pub(super) fn with_token(base: &str, path: &str, token: &str) -> String {
    format!(
        "{}#token={}",
        page(base, path),
        utf8_percent_encode(token, ESCAPED)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_cannot_break_out_of_its_place() {
        assert_eq!(
            with_token("https://portal.example/", "verify-email", "a-b_c\"> x&y"),
            "https://portal.example/verify-email#token=a-b_c%22%3E%20x%26y"
        );
    }
}
