//! Completes a function's part of the OpenAPI document from the table of routes.
//!
//! Handlers describe what is their own: parameters, bodies, good answers, and the statuses of problems that only they have. What holds for every route (who may call, the
//! problems, the request's id, revalidation) is added here, so that no route can forget it.

mod parts;
mod patches;

use utoipa::PartialSchema;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{ComponentsBuilder, OpenApi, PathItem, Ref, RefOr, Response};

use crate::problem::{Fault, ProblemDocument};
use crate::routes::{self, Authentication, DatabaseRole, Route, find};
use parts::{
    bearer_scheme, header_parameter, problem_name, problem_response, rate_limit_headers, request_id_header,
    statuses, text, text_header,
};

/// The name of the security scheme.
const BEARER: &str = "bearer";

/// A function's part of the document, completed.
#[must_use]
pub fn complete(mut document: OpenApi) -> OpenApi {
    for item in document.paths.paths.values_mut() {
        for (_, operation) in operations_of(item) {
            if let Some(route) = operation.operation_id.as_deref().and_then(find) {
                complete_operation(operation, route);
            }
        }
    }
    let mut components = ComponentsBuilder::from(document.components.take().unwrap_or_default())
        .schema("Fault", Fault::schema())
        .schema("Problem", ProblemDocument::schema())
        .security_scheme(BEARER, bearer_scheme());
    for status in statuses() {
        components = components.response(problem_name(status), problem_response(status));
    }
    let mut components = components.build();
    let operations = document.paths.paths.values_mut().flat_map(operations_of);
    patches::loosen(operations.map(|(_, operation)| operation), &mut components);
    document.components = Some(components);
    document
}

/// The names of an operation's query parameters, sorted.
#[must_use]
pub fn query_parameters(document: &OpenApi, operation: &str) -> Vec<String> {
    let mut names = Vec::new();
    for item in document.paths.paths.values() {
        let mut item = item.clone();
        let found =
            operations_of(&mut item).find(|(_, found)| found.operation_id.as_deref() == Some(operation));
        for parameter in found
            .and_then(|(_, found)| found.parameters.take())
            .into_iter()
            .flatten()
        {
            if let RefOr::T(Parameter {
                name,
                parameter_in: ParameterIn::Query,
                ..
            }) = parameter
            {
                names.push(name);
            }
        }
    }
    names.sort();
    names
}

/// The properties of an object among the document's schemas, sorted; for tests that compare them with what a route reads.
#[must_use]
pub fn properties(document: &OpenApi, schema: &str) -> Vec<String> {
    let schemas = document.components.as_ref().map(|components| &components.schemas);
    match schemas.and_then(|schemas| schemas.get(schema)) {
        Some(RefOr::T(Schema::Object(object))) => {
            let mut names: Vec<_> = object.properties.keys().cloned().collect();
            names.sort();
            names
        }
        _ => Vec::new(),
    }
}

/// The names of the properties that a schema of the document asks for, in alphabetical order; for tests.
#[must_use]
pub fn required(document: &OpenApi, schema: &str) -> Vec<String> {
    let schemas = document.components.as_ref().map(|components| &components.schemas);
    match schemas.and_then(|schemas| schemas.get(schema)) {
        Some(RefOr::T(Schema::Object(object))) => {
            let mut names = object.required.clone();
            names.sort();
            names
        }
        _ => Vec::new(),
    }
}

/// How a function's part of the document and the table of routes differ; for tests and for the tool that writes the document.
#[must_use]
pub fn differences(function: &str, document: &OpenApi) -> Vec<String> {
    let mut differences = Vec::new();
    let mut described = Vec::new();
    for (path, item) in &document.paths.paths {
        for (method, operation) in operations_of(&mut item.clone()) {
            let id = operation.operation_id.clone().unwrap_or_default();
            match find(&id) {
                Some(route) if route.function == function && route.path == path && route.method == method => {
                }
                Some(route) => differences.push(format!(
                    "{id} is described as {method} {path}, but the table has {} {} in {}",
                    route.method, route.path, route.function
                )),
                None => differences.push(format!(
                    "{method} {path} is described, but {id:?} is not in the table"
                )),
            }
            described.push(id);
        }
    }
    let missing = routes::all().filter(|route| route.function == function);
    let missing = missing.filter(|route| !described.iter().any(|id| id == route.operation));
    differences.extend(missing.map(|route| format!("{} is not described", route.operation)));
    differences
}

fn operations_of(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    [
        ("GET", item.get.as_mut()),
        ("PUT", item.put.as_mut()),
        ("POST", item.post.as_mut()),
        ("DELETE", item.delete.as_mut()),
        ("PATCH", item.patch.as_mut()),
    ]
    .into_iter()
    .filter_map(|(method, operation)| operation.map(|operation| (method, operation)))
}

fn complete_operation(operation: &mut Operation, route: &Route) {
    let revalidates =
        route.reads() && good_responses(operation).any(|response| response.headers.contains_key("ETag"));
    let guarded = operation.responses.responses.contains_key("412");
    for response in good_responses(operation) {
        response
            .headers
            .insert("X-Request-Id".to_owned(), request_id_header().into());
        if !route.reads() && !matches!(route.role, DatabaseRole::None | DatabaseRole::Jobs) {
            let token = text_header("Names this write: a read that sends it back sees what was written.");
            response
                .headers
                .insert("Portal-Consistency".to_owned(), token.into());
        }
        if route.throttled {
            let headers = rate_limit_headers();
            response
                .headers
                .extend(headers.map(|(name, header)| (name, header.into())));
        }
    }
    if revalidates {
        let unchanged = ResponseBuilder::new()
            .description("The client has this representation already.")
            .header("ETag", text_header("The entity tag of the representation."))
            .header("X-Request-Id", request_id_header());
        operation
            .responses
            .responses
            .insert("304".to_owned(), RefOr::T(unchanged.build()));
    }
    for status in problems_of(operation, route) {
        let responses = &mut operation.responses.responses;
        responses
            .entry(status.to_string())
            .or_insert_with(|| problem_reference(status, String::new()));
    }
    for (status, response) in &mut operation.responses.responses {
        complete_problem(status, response);
    }
    operation.security = security(route.authentication);
    operation.parameters.get_or_insert_default().extend(
        common_parameters(route, revalidates, guarded)
            .into_iter()
            .map(RefOr::T),
    );
}

/// Gives a problem that a handler describes in words its document and headers; the words stay.
fn complete_problem(status: &str, response: &mut RefOr<Response>) {
    if let RefOr::T(described) = response
        && described.content.is_empty()
        && let Ok(status) = status.parse()
        && statuses().contains(&status)
    {
        *response = problem_reference(status, std::mem::take(&mut described.description));
    }
}

fn problem_reference(status: u16, description: String) -> RefOr<Response> {
    let mut reference = Ref::new(format!("#/components/responses/{}", problem_name(status)));
    reference.description = description;
    RefOr::Ref(reference)
}

fn good_responses(operation: &mut Operation) -> impl Iterator<Item = &mut Response> {
    operation
        .responses
        .responses
        .iter_mut()
        .filter_map(|(status, response)| match response {
            RefOr::T(response) if status.starts_with('2') => Some(response),
            _ => None,
        })
}

/// The statuses of the problems that an operation may answer with.
fn problems_of(operation: &mut Operation, route: &Route) -> Vec<u16> {
    let negotiated = good_responses(operation).any(|response| response.content.len() > 1);
    let candidates = [
        (400, true),
        (401, route.authentication != Authentication::None),
        (403, route.authentication == Authentication::Required),
        (404, route.path.contains('{')),
        (406, negotiated),
        (413, operation.request_body.is_some()),
        (415, operation.request_body.is_some()),
        (422, true),
        (429, route.throttled),
        (500, true),
        (503, route.role != DatabaseRole::None),
    ];
    candidates
        .into_iter()
        .filter_map(|(status, applies)| applies.then_some(status))
        .collect()
}

fn security(authentication: Authentication) -> Option<Vec<SecurityRequirement>> {
    let token = SecurityRequirement::new(BEARER, Vec::<String>::new());
    match authentication {
        Authentication::None => Some(Vec::new()),
        Authentication::Optional => Some(vec![SecurityRequirement::default(), token]),
        Authentication::Required => Some(vec![token]),
    }
}

/// Headers that a client may send to a route.
fn common_parameters(route: &Route, revalidates: bool, guarded: bool) -> Vec<Parameter> {
    let mut parameters = vec![header_parameter(
        "X-Request-Id",
        "The client's own id for the request; one that is not a UUID is replaced.",
        text(),
    )];
    if revalidates {
        parameters.push(header_parameter(
            "If-None-Match",
            "Entity tags of representations that the client has already.",
            text(),
        ));
    }
    if guarded {
        parameters.push(header_parameter(
            "If-Match",
            "The entity tag that was read: with another version in the meantime nothing is written, and the answer is 412.",
            text(),
        ));
    }
    if route.role != DatabaseRole::None && route.reads() {
        let token = ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^[1-9a-f][0-9a-f]{0,14}$"));
        parameters.push(header_parameter(
            "Portal-Consistency",
            "The token that an earlier write of the caller answered with: the read sees that write.",
            token.build().into(),
        ));
    }
    parameters
}
