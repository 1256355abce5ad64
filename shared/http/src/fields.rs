//! JSON objects in bodies, read field by field so that one answer names every fault.

use axum::extract::{FromRequest, Request};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::body::{in_words, json_bytes, pointer, read};
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

/// A JSON object as it was sent, and what is wrong with it so far.
#[derive(Debug, Default)]
pub struct FieldReader {
    values: Map<String, Value>,
    /// What a merge patch has cleared, as pointers.
    cleared: Vec<String>,
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

    /// A field that may be missing, and then has a default. `null` is no way to say so: what a merge patch clears would become whatever the
    /// default is, which may show more, or ask less, than what it was.
    pub fn defaulted<T: DeserializeOwned>(&mut self, name: &'static str) -> Option<T> {
        let place = format!("/{}", escape_pointer(name));
        let inside = format!("{place}/");
        let value = self.take(name);
        let cleared = self
            .cleared
            .iter()
            .filter(|pointer| **pointer == place || pointer.starts_with(&inside));
        let cleared: Vec<_> = cleared
            .map(|pointer| {
                Fault::body(
                    pointer,
                    "cannot be cleared: name what it is to be, or leave it out",
                )
            })
            .collect();
        if !cleared.is_empty() {
            self.faults.extend(cleared);
            return None;
        }
        match value? {
            Value::Null => {
                self.fault(name, "must not be null: leave it out for the default");
                None
            }
            value => self.typed(name, value),
        }
    }

    /// A field that may be missing, where `null` says something else: `None` when it is missing, `Some(None)` when it is null.
    pub fn nullable<T: DeserializeOwned>(&mut self, name: &'static str) -> Option<Option<T>> {
        match self.take(name)? {
            Value::Null => Some(None),
            value => self.typed(name, value).map(Some),
        }
    }

    /// Whether a fault has been noted for one of these fields, so that a second one about it would only repeat the first.
    #[must_use]
    pub fn has_fault(&self, names: &[&str]) -> bool {
        let pointers = names.iter().map(|name| format!("/body/{}", escape_pointer(name)));
        pointers.into_iter().any(|pointer| {
            self.faults
                .iter()
                .any(|fault| fault.pointer.starts_with(&pointer))
        })
    }

    /// Notes a fault that shows only when fields are seen together.
    pub fn fault(&mut self, name: &str, detail: impl Into<String>) {
        self.faults
            .push(Fault::body(&format!("/{}", escape_pointer(name)), detail));
    }

    /// Takes over the faults of what was read from inside a field; their pointers begin at its name.
    pub fn faults_inside(&mut self, faults: &[Fault]) {
        let faults = faults
            .iter()
            .map(|fault| Fault::body(&fault.pointer, fault.detail.clone()));
        self.faults.extend(faults);
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
                    .push(Fault::body(&place, in_words(&error.into_inner().to_string())));
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
    take(values, Vec::new())
}

/// Reads an object that stands inside a body, where a route judges each of several by itself. The faults' pointers begin at the
/// object.
///
/// # Errors
/// Every fault at once.
pub fn object<T: FromFields>(values: Map<String, Value>) -> Result<T, Vec<Fault>> {
    let inside = |fault: &Fault| Fault {
        pointer: fault
            .pointer
            .strip_prefix("/body")
            .unwrap_or(&fault.pointer)
            .to_owned(),
        detail: fault.detail.clone(),
    };
    take(values, Vec::new()).map_err(|problem: Problem| problem.faults().iter().map(inside).collect())
}

fn take<T: FromFields>(values: Map<String, Value>, cleared: Vec<String>) -> Result<T, Problem> {
    let mut reader = FieldReader {
        values,
        cleared,
        ..FieldReader::default()
    };
    let value = T::read(&mut reader);
    reader.finish()?;
    value.ok_or_else(|| Problem::invalid(Vec::new()))
}

/// A JSON Merge Patch (RFC 7396).
#[derive(Debug)]
pub struct MergePatch(Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for MergePatch {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match read(&json_bytes(request, state).await?)? {
            Value::Object(patch) => Ok(Self(patch)),
            _ => Err(Problem::invalid(vec![Fault::body("", "must be an object")])),
        }
    }
}

impl MergePatch {
    /// What the resource becomes: its fields with the patch over them, read as a whole, so that every rule holds for the result.
    ///
    /// # Errors
    /// A 422 problem that names every fault.
    pub fn over<T: FromFields>(self, resource: &impl Serialize) -> Result<T, Problem> {
        let mut merged = serde_json::to_value(resource)
            .map_err(|error| Problem::internal(&format!("a resource cannot be written as JSON: {error}")))?;
        let mut cleared = Vec::new();
        note_cleared(&self.0, "", &mut cleared);
        merge(&mut merged, Value::Object(self.0));
        match merged {
            Value::Object(values) => take(values, cleared),
            _ => Err(Problem::internal("a resource that is patched is no object")),
        }
    }
}

/// The algorithm of RFC 7396, section 2.
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    if let Value::Object(fields) = target {
        for (name, value) in patch {
            if value.is_null() {
                fields.remove(&name);
            } else {
                merge(fields.entry(name).or_insert(Value::Null), value);
            }
        }
    }
}

/// Notes where a patch says `null`.
fn note_cleared(patch: &Map<String, Value>, place: &str, cleared: &mut Vec<String>) {
    for (name, value) in patch {
        let pointer = format!("{place}/{}", escape_pointer(name));
        match value {
            Value::Null => cleared.push(pointer),
            Value::Object(inner) => note_cleared(inner, &pointer, cleared),
            _ => {}
        }
    }
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
mod tests;
