//! Large texts, compressed once: API Gateway compresses nothing by itself.

use std::io::Write as _;

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_ENCODING;
use flate2::Compression;
use flate2::write::GzEncoder;

/// The text in gzip's format.
///
/// # Errors
/// None where memory is written to; the type has them.
pub(crate) fn compress(text: &str) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes())?;
    encoder.finish()
}

/// Whether a client takes gzip: it is named, and not with a weight of nought.
pub(crate) fn is_taken(headers: &HeaderMap) -> bool {
    let lists = headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        let is_gzip = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        let refused = |part: &str| {
            let weight = part.strip_prefix("q=").or_else(|| part.strip_prefix("Q="));
            weight.and_then(|weight| weight.parse::<f64>().ok()) == Some(0.0)
        };
        is_gzip && !parts.any(refused)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn what_is_compressed_reads_back() {
        let text = "as it was ".repeat(1000);
        let bytes = compress(&text).unwrap();
        assert!(bytes.len() < text.len() / 10);
        let mut back = String::new();
        flate2::read::GzDecoder::new(bytes.as_slice())
            .read_to_string(&mut back)
            .unwrap();
        assert_eq!(back, text);
    }

    #[test]
    fn gzip_is_sent_to_those_who_take_it() {
        let taken = |value: &str| {
            let header = (ACCEPT_ENCODING, value.parse().unwrap());
            is_taken(&HeaderMap::from_iter([header]))
        };
        for value in ["gzip", "br, GZIP;q=0.5", "deflate,gzip ; q=1"] {
            assert!(taken(value), "{value}");
        }
        for value in ["", "br", "gzip;q=0", "gzip; q=0.000", "x-gzip-like"] {
            assert!(!taken(value), "{value}");
        }
        assert!(!is_taken(&HeaderMap::new()));
    }
}
