//! JSON objects in bodies, read field by field so that one answer names every fault.

use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::body::{json_bytes, pointer, read};
use crate::problem::{Fault, Problem, escape_pointer};

/// The body of a request as its handler takes it.
///
/// What is read here is documented by `ToSchema`; a test of the function compares the two with [`names`].
pub trait FromFields: Sized {
    /// Reads every field, leaving faults with the reader; `None` where a required one is missing or faulty.
    ///
    /// All fields are to be read before the first `?`, or an answer would not name every fault.
    fn read(fields: &mut FieldReader) -> Option<Self>;
}

/// What a merge patch (RFC 7396) says about a field that may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// The field is not named.
    #[default]
    Keep,
    /// The field is named with `null`.
    Clear,
    /// The field gets this value.
    Set(T),
}

impl<T> Change<T> {
    /// The field's value afterwards, given the one before.
    pub fn over(self, before: Option<T>) -> Option<T> {
        match self {
            Self::Keep => before,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }
}

/// A JSON object as it was sent, and what is wrong with it so far.
#[derive(Debug, Default)]
pub struct FieldReader {
    values: Map<String, Value>,
    faults: Vec<Fault>,
    pub(crate) asked: Vec<&'static str>,
}

impl FieldReader {
    /// A field that must be there.
    pub fn required<T: DeserializeOwned>(&mut self, name: &'static str) -> Option<T> {
        match self.take(name) {
            Some(value) => self.typed(name, value),
            None => {
                self.fault(name, "is required");
                None
            }
        }
    }

    /// A field that may be missing or `null`.
    pub fn optional<T: DeserializeOwned>(&mut self, name: &'static str) -> Option<T> {
        match self.take(name) {
            None | Some(Value::Null) => None,
            Some(value) => self.typed(name, value),
        }
    }

    /// A field of a merge patch that may be empty.
    pub fn change<T: DeserializeOwned>(&mut self, name: &'static str) -> Change<T> {
        match self.take(name) {
            None => Change::Keep,
            Some(Value::Null) => Change::Clear,
            Some(value) => self.typed(name, value).map_or(Change::Keep, Change::Set),
        }
    }

    /// A field of a merge patch that always has a value: `None` keeps it, `null` is a fault.
    pub fn replacement<T: DeserializeOwned>(&mut self, name: &'static str) -> Option<T> {
        match self.take(name) {
            None => None,
            Some(Value::Null) => {
                self.fault(name, "cannot be cleared: leave it out to keep it");
                None
            }
            Some(value) => self.typed(name, value),
        }
    }

    /// Notes a fault that shows only when fields are seen together.
    pub fn fault(&mut self, name: &str, detail: impl Into<String>) {
        self.faults
            .push(Fault::body(&format!("/{}", escape_pointer(name)), detail));
    }

    fn take(&mut self, name: &'static str) -> Option<Value> {
        self.asked.push(name);
        self.values.remove(name)
    }

    fn typed<T: DeserializeOwned>(&mut self, name: &'static str, value: Value) -> Option<T> {
        match serde_path_to_error::deserialize(value) {
            Ok(value) => Some(value),
            Err(error) => {
                let inner = pointer(error.path());
                let place = format!("/{}{inner}", escape_pointer(name));
                self.faults
                    .push(Fault::body(&place, error.into_inner().to_string()));
                None
            }
        }
    }

    /// Every fault at once, those of fields that nobody asked for among them.
    fn finish(mut self) -> Result<(), Problem> {
        let unknown: Vec<String> = self.values.keys().cloned().collect();
        for name in unknown {
            let known = self.asked.join(", ");
            self.fault(&name, format!("is not a field here; there are: {known}"));
        }
        if self.faults.is_empty() {
            Ok(())
        } else {
            Err(Problem::invalid(self.faults))
        }
    }
}

/// A JSON object in the body, as a handler's type, with the digest of what was sent.
#[derive(Debug)]
pub struct Fields<T> {
    /// The object.
    pub value: T,
    /// SHA-256 of the path and the body's bytes, by which a repeated request is known.
    pub digest: [u8; 32],
}

impl<S: Send + Sync, T: FromFields> FromRequest<S> for Fields<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let mut digest = Sha256::new();
        digest.update(request.uri().path());
        digest.update([0]);
        let body = json_bytes(request, state).await?;
        digest.update(&body);
        Ok(Self {
            value: parse(&body)?,
            digest: digest.finalize().into(),
        })
    }
}

fn parse<T: FromFields>(body: &[u8]) -> Result<T, Problem> {
    let Value::Object(values) = read(body)? else {
        return Err(Problem::invalid(vec![Fault::body("", "must be an object")]));
    };
    let mut reader = FieldReader {
        values,
        ..FieldReader::default()
    };
    let value = T::read(&mut reader);
    reader.finish()?;
    value.ok_or_else(|| Problem::invalid(Vec::new()))
}

/// The fields that a body may have, sorted; for tests that compare them with the document.
#[must_use]
pub fn names<T: FromFields>() -> Vec<String> {
    let mut reader = FieldReader::default();
    let _ = T::read(&mut reader);
    let mut names: Vec<_> = reader.asked.iter().map(ToString::to_string).collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use portal_domain::text::Line;

    #[derive(Debug)]
    struct Post {
        title: Line<10>,
        city: Change<Line<10>>,
        count: Option<u8>,
    }

    impl FromFields for Post {
        fn read(fields: &mut FieldReader) -> Option<Self> {
            let title = fields.required("title");
            let city = fields.change("city");
            let count = fields.replacement("count");
            Some(Self {
                title: title?,
                city,
                count,
            })
        }
    }

    #[test]
    fn an_answer_names_every_fault() {
        let problem = parse::<Post>(br#"{"city": 7, "count": null, "colour": "red"}"#).unwrap_err();
        let pointers: Vec<_> = problem
            .faults()
            .iter()
            .map(|fault| fault.pointer.as_str())
            .collect();
        assert_eq!(
            pointers,
            ["/body/title", "/body/city", "/body/count", "/body/colour"]
        );
    }

    #[test]
    fn a_merge_patch_tells_null_from_nothing() {
        let post = parse::<Post>(br#"{"title": " a ", "city": null, "count": 3}"#).unwrap();
        assert_eq!(&*post.title, "a");
        assert_eq!(post.city.over(Some("x".to_owned().try_into().unwrap())), None);
        assert_eq!(post.count, Some(3));
        assert_eq!(
            parse::<Post>(br#"{"title": "a"}"#).unwrap().city,
            Change::Keep
        );
    }

    #[test]
    fn a_body_is_an_object() {
        for body in ["[]", "1", "null", "\"x\""] {
            assert_eq!(parse::<Post>(body.as_bytes()).unwrap_err().faults().len(), 1, "{body}");
        }
    }

    #[test]
    fn the_fields_are_known_by_name() {
        assert_eq!(names::<Post>(), ["city", "count", "title"]);
    }
}
