//! Which representation a client wants: the `Accept` header (RFC 9110, section 12.5.1).

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;

use crate::problem::{Problem, ProblemKind};

/// A representation that some route offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaType {
    /// `application/json`
    Json,
    /// `application/geo+json` (RFC 7946)
    GeoJson,
    /// `text/html`
    Html,
    /// `text/csv` (RFC 4180)
    Csv,
    /// `text/calendar` (RFC 5545)
    Calendar,
    /// `image/png`
    Png,
    /// `application/pdf` (RFC 8118)
    Pdf,
}

impl MediaType {
    /// The `Content-Type` of the representation.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::GeoJson => "application/geo+json",
            Self::Html => "text/html; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Calendar => "text/calendar; charset=utf-8",
            Self::Png => "image/png",
            Self::Pdf => "application/pdf",
        }
    }

    /// Type and subtype.
    const fn parts(self) -> (&'static str, &'static str) {
        match self {
            Self::Json => ("application", "json"),
            Self::GeoJson => ("application", "geo+json"),
            Self::Html => ("text", "html"),
            Self::Csv => ("text", "csv"),
            Self::Calendar => ("text", "calendar"),
            Self::Png => ("image", "png"),
            Self::Pdf => ("application", "pdf"),
        }
    }
}

/// Chooses among the representations that a route offers, the route's favourite first.
///
/// # Errors
/// A 406 problem that names what is offered, when the header allows none of it.
pub fn negotiate(headers: &HeaderMap, offered: &[MediaType]) -> Result<MediaType, Problem> {
    let accept: Vec<_> = headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    let ranges: Vec<_> = accept
        .iter()
        .flat_map(|value| value.split(','))
        .filter_map(Range::parse)
        .collect();
    let mut best = None;
    for media in offered {
        let quality = if ranges.is_empty() {
            1000
        } else {
            quality(&ranges, *media)
        };
        if quality > best.map_or(0, |(_, most)| most) {
            best = Some((*media, quality));
        }
    }
    best.map(|(media, _)| media).ok_or_else(|| {
        let types: Vec<_> = offered.iter().map(|media| media.content_type()).collect();
        Problem::new(
            ProblemKind::NotAcceptable,
            format!("This resource comes as {}.", types.join(" or ")),
        )
    })
}

/// One media range of the header, with its weight in thousandths.
struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    quality: u16,
}

impl<'a> Range<'a> {
    /// Reads one element of the list; what is not a media range is passed over, as section 5.6.1 allows.
    fn parse(element: &'a str) -> Option<Self> {
        let mut parts = element.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        let quality = match weight {
            None => 1000,
            Some(text) => thousandths(text)?,
        };
        Some(Self {
            kind,
            subtype,
            quality,
        })
    }

    /// How closely the range names a media type: 3 exactly, 2 by its type, 1 as anything.
    fn precision(&self, media: MediaType) -> Option<u8> {
        let (kind, subtype) = media.parts();
        match (self.kind, self.subtype) {
            ("*", "*") => Some(1),
            (given, "*") if given.eq_ignore_ascii_case(kind) => Some(2),
            (given, sub) if given.eq_ignore_ascii_case(kind) && sub.eq_ignore_ascii_case(subtype) => Some(3),
            _ => None,
        }
    }
}

/// The weight of the range that names the media type most closely; 0 when none does.
fn quality(ranges: &[Range<'_>], media: MediaType) -> u16 {
    ranges
        .iter()
        .filter_map(|range| Some((range.precision(media)?, range.quality)))
        .max()
        .map_or(0, |(_, quality)| quality)
}

/// A weight from 0 to 1 in thousandths.
fn thousandths(text: &str) -> Option<u16> {
    let weight: f64 = text.parse().ok().filter(|weight| (0.0..=1.0).contains(weight))?;
    // In range by the filter above.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    Some((weight * 1000.0).round() as u16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    const BOTH: &[MediaType] = &[MediaType::Json, MediaType::GeoJson];

    fn choose(accept: &str) -> Option<MediaType> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_str(accept).unwrap());
        negotiate(&headers, BOTH).ok()
    }

    #[test]
    fn the_weights_decide_and_the_favourite_breaks_ties() {
        assert_eq!(negotiate(&HeaderMap::new(), BOTH), Ok(MediaType::Json));
        for accept in [
            "",
            "*/*",
            "application/*",
            "application/json",
            "garbage",
            "application/geo+json, */*",
            "*/*;q=1.5",
        ] {
            assert_eq!(choose(accept), Some(MediaType::Json), "{accept}");
        }
        for accept in [
            "application/geo+json",
            "Application/Geo+JSON",
            "application/json;q=0.5, application/geo+json;q=0.9",
            "*/*;q=0.1, application/geo+json",
            "application/json;q=0, */*",
        ] {
            assert_eq!(choose(accept), Some(MediaType::GeoJson), "{accept}");
        }
        for accept in [
            "text/html",
            "application/json;q=0",
            "*/*;q=0",
            "text/*, image/png",
        ] {
            assert_eq!(choose(accept), None, "{accept}");
        }
    }
}
