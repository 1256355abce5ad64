//! Requests made from the OpenAPI document: for each operation one that has all it asks for.

use reqwest::Method;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// Who may send a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody; a token is not looked at.
    Open,
    /// Anybody, or a member with a good token.
    Optional,
    /// A member with a good token.
    Protected,
}

/// One operation of the document, and a request of it.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The operation's id.
    pub operation: String,
    /// The method.
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// The JSON body, where it takes one.
    pub body: Option<Value>,
    /// Who may send it.
    pub access: Access,
}

/// A request for each operation.
#[must_use]
pub fn requests(document: &Value) -> Vec<Sample> {
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (path, method, operation))
    });
    operations
        .map(|(path, method, operation)| Sample {
            operation: operation["operationId"].as_str().unwrap().to_owned(),
            method: method.to_uppercase().parse().unwrap(),
            path: fill(document, path, operation),
            body: body(document, operation),
            access: access(operation),
        })
        .collect()
}

fn access(operation: &Value) -> Access {
    let ways = operation["security"].as_array().unwrap();
    let without = ways.iter().any(|way| way == &json!({}));
    match (ways.is_empty(), without) {
        (true, _) => Access::Open,
        (false, true) => Access::Optional,
        (false, false) => Access::Protected,
    }
}

/// The path with its parameters, and the query parameters that must be there.
fn fill(document: &Value, path: &str, operation: &Value) -> String {
    let mut path = path.to_owned();
    let mut query = Vec::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap();
        let example = parameter.get("example").cloned();
        let value = example.unwrap_or_else(|| sample(document, name, &parameter["schema"]));
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match parameter["in"].as_str() {
            Some("path") => path = path.replace(&format!("{{{name}}}"), &text),
            Some("query") if parameter["required"] == true => query.push(format!("{name}={text}")),
            _ => {}
        }
    }
    if query.is_empty() {
        path
    } else {
        format!("{path}?{}", query.join("&"))
    }
}

fn body(document: &Value, operation: &Value) -> Option<Value> {
    let content = operation.pointer("/requestBody/content")?.as_object()?;
    let (_, media) = content.iter().next()?;
    let example = media.get("example").cloned();
    Some(example.unwrap_or_else(|| sample(document, "body", &media["schema"])))
}

/// The schema itself, where it is a reference.
fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => document
            .pointer(reference.trim_start_matches('#'))
            .unwrap_or_else(|| panic!("{reference} leads nowhere")),
        None => schema,
    }
}

/// A value that a schema takes, with no more in it than must be.
fn sample(document: &Value, name: &str, schema: &Value) -> Value {
    let schema = resolve(document, schema);
    let given = [
        schema.get("example"),
        schema.get("const"),
        schema.pointer("/examples/0"),
        schema.pointer("/enum/0"),
    ];
    if let Some(value) = given.into_iter().flatten().next() {
        return value.clone();
    }
    // What says what a reference's value is for stands beside it in an allOf, as a schema of its own without properties.
    for choice in ["oneOf", "anyOf", "allOf"] {
        let mut choices = schema[choice].as_array().into_iter().flatten();
        let says_something = |schema: &&Value| {
            schema["type"] != "null" && (schema["type"] != "object" || schema.get("properties").is_some())
        };
        if let Some(first) = choices.find(says_something)
            && (choice != "allOf" || resolve(document, first)["type"] != "object")
        {
            return sample(document, name, first);
        }
    }
    let types = schema["type"].as_array().cloned();
    let types = types.unwrap_or_else(|| vec![schema["type"].clone()]);
    let kind = types
        .iter()
        .filter_map(Value::as_str)
        .find(|kind| *kind != "null");
    match kind {
        Some("object") | None => object(document, schema),
        Some("array") => {
            let count = schema["minItems"].as_u64().unwrap_or(0);
            (0..count)
                .map(|_| sample(document, name, &schema["items"]))
                .collect()
        }
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        Some("boolean") => json!(false),
        Some(_) => json!(text(name, schema)),
    }
}

fn object(document: &Value, schema: &Value) -> Value {
    let parts = schema["allOf"]
        .as_array()
        .cloned()
        .unwrap_or_else(|| vec![schema.clone()]);
    let mut object = Map::new();
    for part in parts {
        if part.get("$ref").is_some() {
            object.extend(sample(document, "", &part).as_object().unwrap().clone());
        }
        for name in part["required"].as_array().into_iter().flatten() {
            let name = name.as_str().unwrap();
            object.insert(name.to_owned(), sample(document, name, &part["properties"][name]));
        }
    }
    Value::Object(object)
}

fn text(name: &str, schema: &Value) -> String {
    match schema["format"].as_str() {
        Some("uuid") => Uuid::now_v7().to_string(),
        Some("email") => format!("{}@example.org", Uuid::now_v7().simple()),
        Some("date-time") => "2030-01-01T00:00:00Z".to_owned(),
        Some("date") => "2030-01-01".to_owned(),
        Some("uri") => "https://example.org/".to_owned(),
        // The old and the new one of a change must differ.
        Some("password") => format!("maple-harbor-{name}-lantern"),
        _ => {
            let shortest = schema["minLength"].as_u64().unwrap_or(1);
            "a".repeat(usize::try_from(shortest).unwrap().max(1))
        }
    }
}
