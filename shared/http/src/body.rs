//! JSON bodies: read into a type, with every way in which that can fail told apart.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;

use crate::problem::{Fault, Problem, ProblemKind};

/// The largest body that any route takes, in bytes; files go straight to storage.
pub const LARGEST_BODY: usize = 1024 * 1024;

/// A JSON body of the given type.
#[derive(Debug)]
pub struct JsonBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        read(&json_bytes(request, state).await?).map(Self)
    }
}

/// The bytes of a body that says it is JSON.
///
/// # Errors
/// A 415 problem for another media type, a 400 problem when the body breaks off.
pub(crate) async fn json_bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    let content_type = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    if !content_type.is_some_and(is_json) {
        return Err(Problem::new(
            ProblemKind::UnsupportedMediaType,
            "Send the body as JSON, with Content-Type: application/json.",
        ));
    }
    // The edge has refused what is too large, so that only a broken stream fails here.
    Bytes::from_request(request, state).await.map_err(|_| {
        Problem::new(
            ProblemKind::MalformedRequest,
            "The body of the request ended before it was complete.",
        )
    })
}

/// Whether a content type is JSON: `application/json`, or a structured type such as `application/merge-patch+json`.
fn is_json(content_type: &str) -> bool {
    let media = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    media == "application/json" || (media.starts_with("application/") && media.ends_with("+json"))
}

pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let pointer = pointer(error.path());
        describe(&error.into_inner(), &pointer)
    })?;
    deserializer.end().map_err(|error| describe(&error, ""))?;
    Ok(value)
}

/// A problem from what serde says: bad syntax cannot be read (400), a wrong shape cannot be taken (422).
fn describe(error: &serde_json::Error, pointer: &str) -> Problem {
    if error.is_data() {
        return Problem::invalid(vec![Fault::body(pointer, in_words(&error.to_string()))]);
    }
    Problem::new(
        ProblemKind::MalformedJson,
        format!("The body is not JSON: {error}."),
    )
}

/// What serde says, in the words that query parameters have for it.
pub(crate) fn in_words(said: &str) -> String {
    let parts = said
        .strip_prefix("unknown ")
        .and_then(|rest| rest.split_once("`, expected "));
    let Some((what, expected)) = parts else {
        return said.to_owned();
    };
    // Between the quotes stand the names that there are.
    let known: Vec<_> = expected.split('`').skip(1).step_by(2).collect();
    let known = known.join(", ");
    match what.split_once(" `") {
        Some(("variant", _)) => format!("must be one of {known}"),
        Some(("field", name)) => format!("{name} is not a field here; there are: {known}"),
        _ => said.to_owned(),
    }
}

/// The JSON pointer of a path into the body.
pub(crate) fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let segments = path.iter().map(|segment| match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => format!("/{}", crate::problem::escape_pointer(key)),
        Segment::Enum { variant } => format!("/{}", crate::problem::escape_pointer(variant)),
        Segment::Unknown => "/?".to_owned(),
    });
    segments.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    struct Order {
        #[allow(dead_code)]
        lines: Vec<Line>,
    }

    #[derive(Debug, Deserialize)]
    struct Line {
        #[allow(dead_code)]
        count: u8,
    }

    #[test]
    fn a_wrong_shape_is_named_by_its_place() {
        let problem = read::<Order>(br#"{"lines":[{"count":1},{"count":300}]}"#).unwrap_err();
        assert_eq!(problem.kind(), ProblemKind::InvalidValues);
        assert_eq!(problem.faults()[0].pointer, "/body/lines/1/count");
    }

    #[test]
    fn what_serde_says_is_said_in_our_words() {
        for (said, told) in [
            ("unknown variant `X`, expected `A` or `B`", "must be one of A, B"),
            (
                "unknown variant `a`b`, expected one of `A`, `B`, `C`",
                "must be one of A, B, C",
            ),
            (
                "unknown field `foo`, expected `from` or `until`",
                "foo is not a field here; there are: from, until",
            ),
            ("must be from 1 to 100", "must be from 1 to 100"),
        ] {
            assert_eq!(in_words(said), told);
        }
    }

    #[test]
    fn what_is_not_json_cannot_be_read() {
        for body in ["", "{", "{\"lines\":[]} x", "nul", "\u{0}"] {
            let problem = read::<Order>(body.as_bytes()).unwrap_err();
            assert_eq!(problem.kind(), ProblemKind::MalformedJson, "{body}");
        }
        assert!(read::<Order>(b"{\"lines\":[]}").is_ok());
    }

    #[test]
    fn json_media_types() {
        for media in [
            "application/json",
            "Application/JSON; charset=utf-8",
            "application/merge-patch+json",
        ] {
            assert!(is_json(media));
        }
        for media in ["", "text/plain", "application/jsonp", "text/x+json"] {
            assert!(!is_json(media));
        }
    }
}
