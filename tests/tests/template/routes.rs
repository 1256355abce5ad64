//! Routes: the API of the template, the local gateway, the table of routes and the OpenAPI document lead to the same functions.

use std::collections::BTreeMap;

use portal_http::routes;
use serde_json::{Value, json};

use crate::template::{Template, root, text};

/// API Gateway's name for what nothing else takes.
const DEFAULT: &str = "$default";

/// The template's routes and the functions that they lead to.
fn deployed() -> BTreeMap<String, String> {
    let template = Template::get();
    let paths = template.properties("Api")["Body"]["paths"].as_object().unwrap();
    let functions = template.functions();
    paths
        .iter()
        .map(|(path, methods)| {
            let methods = methods.as_object().unwrap();
            assert_eq!(methods.len(), 1, "{path}: methods are the functions' to know");
            let uri =
                text(&methods["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"]["uri"]);
            let mut functions = functions.iter();
            let function = functions.find(|function| uri.contains(&format!("${{{}.Arn}}", function.id)));
            let function = function.unwrap_or_else(|| panic!("{path} leads to {uri}"));
            (path.trim_start_matches("/$").to_owned(), function.name.clone())
        })
        .map(|(path, function)| match path.as_str() {
            "default" => (DEFAULT.to_owned(), function),
            _ => (path, function),
        })
        .collect()
}

/// The local gateway's routes, in the words of API Gateway.
fn local() -> BTreeMap<String, String> {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let section = manifest
        .split("[workspace.metadata.lambda.watch.router]")
        .nth(1)
        .unwrap();
    let section = section.split("\n[").next().unwrap();
    let lines = section.lines().filter(|line| line.starts_with('"'));
    let routes = lines.map(|line| {
        let (path, function) = line.split_once(" = ").unwrap();
        let path = path.trim_matches('"').replace("{*path}", "{proxy+}");
        let path = match path.as_str() {
            "/" | "/{proxy+}" => DEFAULT.to_owned(),
            _ => path,
        };
        (path, function.trim_matches('"').to_owned())
    });
    routes.collect()
}

/// The function that API Gateway hands a path to: the route of that very path, else the longest that it begins with.
fn receiver<'a>(routes: &'a BTreeMap<String, String>, path: &str) -> &'a str {
    if let Some(function) = routes.get(path) {
        return function;
    }
    let below = routes.iter().filter(|(route, _)| {
        let beginning = route.strip_suffix("{proxy+}");
        beginning.is_some_and(|beginning| path.len() > beginning.len() && path.starts_with(beginning))
    });
    let longest = below.max_by_key(|(route, _)| route.len());
    longest.map_or_else(|| routes[DEFAULT].as_str(), |(_, function)| function.as_str())
}

#[test]
fn the_longest_route_takes_a_path() {
    let routes = [
        ("/a", "one"),
        ("/a/{proxy+}", "two"),
        ("/a/b/{proxy+}", "three"),
        (DEFAULT, "four"),
    ];
    let routes = routes
        .map(|(route, function)| (route.to_owned(), function.to_owned()))
        .into();
    for (path, function) in [
        ("/a", "one"),
        ("/a/c", "two"),
        ("/a/b/c", "three"),
        ("/a/b", "two"),
        ("/ab", "four"),
    ] {
        assert_eq!(receiver(&routes, path), function, "{path}");
    }
}

#[test]
fn the_template_and_the_local_gateway_have_the_same_routes() {
    assert_eq!(deployed(), local());
}

#[test]
fn every_route_is_deployed() {
    let deployed = deployed();
    for route in routes::all() {
        assert_eq!(receiver(&deployed, route.path), route.function, "{}", route.path);
    }
}

/// A route of the template that no row of the table needs would be a hole in what is described. Those of the function that has the rest
/// anyway are there to be counted apart.
#[test]
fn every_deployed_route_is_needed() {
    let deployed = deployed();
    for (path, function) in deployed
        .iter()
        .filter(|(_, function)| **function != deployed[DEFAULT])
    {
        let mut without = deployed.clone();
        without.remove(path);
        let needed = routes::all().any(|route| receiver(&without, route.path) != route.function);
        assert!(needed, "{path} of {function} serves nothing");
    }
}

#[test]
fn every_path_of_the_document_is_deployed() {
    let document: Value = serde_json::from_str(docs::DOCUMENT).unwrap();
    let deployed = deployed();
    for path in document["paths"].as_object().unwrap().keys() {
        let route = routes::all().find(|route| route.path == path);
        let route = route.unwrap_or_else(|| panic!("{path} is described, and no route"));
        assert_eq!(receiver(&deployed, path), route.function, "{path}");
    }
}

/// The functions' own time runs out before the gateway's thirty seconds, so that they answer with a problem document.
#[test]
fn functions_behind_the_api_end_before_the_gateway_gives_up() {
    for function in Template::get().functions() {
        if function.answers_requests() {
            assert!(
                function.properties["Timeout"].as_u64().unwrap() < 30,
                "{}",
                function.name
            );
        }
    }
}

/// No authorizer, whose refusal would be no problem document, no CORS answers beside the functions' own, and no second address.
#[test]
fn the_gateway_only_passes_on() {
    let api = Template::get().properties("Api");
    let body = &api["Body"];
    assert!(
        body.get("securityDefinitions").is_none() && body.pointer("/components/securitySchemes").is_none()
    );
    assert!(body.get("x-amazon-apigateway-cors").is_none());
    let endpoint = body.pointer("/servers/0/x-amazon-apigateway-endpoint-configuration");
    assert_eq!(endpoint, Some(&json!({"disableExecuteApiEndpoint": true})));
    let stage = Template::get().properties("ApiApiGatewayDefaultStage");
    assert!(stage["DefaultRouteSettings"]["ThrottlingRateLimit"].is_object());
}
