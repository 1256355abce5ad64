//! What happens around every handler: the request gets its id and its caller, the answer its headers, the log its line.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use lambda_http::request::RequestContext as GatewayContext;
use portal_data::{RequestContext, Timings};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::body::LARGEST_BODY;
use crate::call::{Call, context};
use crate::caller::identify;
use crate::config::EdgeConfig;
use crate::headers;
use crate::html::Page;
use crate::observe::Observation;
use crate::problem::{Problem, ProblemKind};
use crate::routes::{DatabaseRole, Route, matching};
use crate::token::TokenVerifier;

/// Puts the edge around a function's routes; `tokens` verifies the callers of those that know callers.
pub fn around(
    router: Router,
    function: &'static str,
    config: EdgeConfig,
    tokens: Option<TokenVerifier>,
) -> Router {
    let cors = config.cors();
    let edge = Arc::new(Edge {
        function,
        config,
        tokens,
    });
    router.layer(cors).layer(from_fn_with_state(edge, handle))
}

struct Edge {
    function: &'static str,
    config: EdgeConfig,
    tokens: Option<TokenVerifier>,
}

/// What the edge remembers of a request until it is answered.
struct Pending {
    method: Method,
    path: String,
    request_id: Uuid,
    route: Option<&'static Route>,
    started: Instant,
}

async fn handle(State(edge): State<Arc<Edge>>, mut request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>();
    let pending = Pending {
        method: request.method().clone(),
        path: request.uri().path().to_owned(),
        request_id: request_id(request.headers()),
        route: matched.and_then(|path| matching(request.method(), path.as_str())),
        started: Instant::now(),
    };
    let admitted = match refuse_large(&request) {
        Ok(()) => admit(&edge, request.headers(), address(&request), &pending).await,
        Err(problem) => Err(problem),
    };
    let timings = match &admitted {
        Ok(Some(call)) => Some(Arc::clone(&call.context.timings)),
        _ => None,
    };
    let anonymous = matches!(&admitted, Ok(Some(call)) if call.is_anonymous());
    let response = match admitted {
        Ok(call) => {
            if let Some(call) = call {
                request.extensions_mut().insert(call.route);
                request.extensions_mut().insert(call);
            }
            next.run(request).await
        }
        Err(problem) => axum::response::IntoResponse::into_response(problem),
    };
    finish(&edge, &pending, response, anonymous, timings.as_deref())
}

/// Refuses a body that no route would take, before it is read.
fn refuse_large(request: &Request) -> Result<(), Problem> {
    let reads = *request.method() == Method::GET || *request.method() == Method::HEAD;
    if reads || !is_too_large(request) {
        return Ok(());
    }
    Err(Problem::new(
        ProblemKind::PayloadTooLarge,
        format!("The body may have at most {LARGEST_BODY} bytes."),
    ))
}

/// Decides whether the request may reach its handler, and as whose. Requests that match no route go on to the 404, the 405 or
/// the answer to a preflight.
async fn admit(
    edge: &Edge,
    headers: &HeaderMap,
    address: Option<IpAddr>,
    pending: &Pending,
) -> Result<Option<Call>, Problem> {
    let Some(route) = pending.route else {
        return Ok(None);
    };
    let now = OffsetDateTime::now_utc();
    let caller = identify(headers, route, edge.tokens.as_ref(), now).await?;
    let mut context = match route.role {
        DatabaseRole::None => RequestContext::new(pending.request_id, caller),
        _ => context(headers, pending.request_id, caller)?,
    };
    context.standing = route.standing();
    Ok(Some(Call {
        route,
        context,
        address,
    }))
}

/// Where the gateway has seen the request come from.
fn address(request: &Request) -> Option<IpAddr> {
    match request.extensions().get()? {
        GatewayContext::ApiGatewayV2(context) => context.http.source_ip.as_deref()?.parse().ok(),
        _ => None,
    }
}

fn is_too_large(request: &Request) -> bool {
    let declared = request.headers().get(header::CONTENT_LENGTH);
    let declared = declared
        .and_then(|length| length.to_str().ok()?.parse::<u64>().ok())
        .unwrap_or(0);
    let limit = u64::try_from(LARGEST_BODY).unwrap_or(u64::MAX);
    declared > limit || request.body().size_hint().lower() > limit
}

/// The client's own id for the request when it is a UUID, else a new one.
fn request_id(headers: &HeaderMap) -> Uuid {
    let sent = headers
        .get(headers::REQUEST_ID)
        .and_then(|value| Uuid::try_parse_ascii(value.as_bytes()).ok());
    sent.filter(|id| !id.is_nil()).unwrap_or_else(Uuid::now_v7)
}

/// Completes the answer: the body of a problem, the headers, the log line.
fn finish(
    edge: &Edge,
    pending: &Pending,
    mut response: Response,
    anonymous: bool,
    timings: Option<&Timings>,
) -> Response {
    let problem = problem_of(&mut response);
    if let Some(problem) = &problem {
        response = with_document(problem, pending, response.headers());
    }
    headers::complete(response.headers_mut(), &edge.config, pending.request_id);
    if problem.is_none() {
        headers::cache(&mut response, pending.route, &pending.method, anonymous);
    }
    headers::join_repeated(response.headers_mut());
    if pending.method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    observe(edge, pending, &response, problem.as_ref(), timings);
    response
}

/// The problem that a response stands for. An error without one comes from a part that knows no problems.
fn problem_of(response: &mut Response) -> Option<Problem> {
    let status = response.status();
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        return Some(problem);
    }
    let is_page = response.extensions().get::<Page>().is_some();
    if is_page || (!status.is_client_error() && !status.is_server_error()) {
        return None;
    }
    let kind = ProblemKind::ALL.iter().find(|kind| kind.status() == status);
    Some(match kind {
        Some(kind) if status != StatusCode::INTERNAL_SERVER_ERROR => Problem::new(*kind, kind.title()),
        _ => Problem::internal(&format!("a response of status {status} without a problem")),
    })
}

/// The problem's document in place of the body, beside the headers that are there already (`Allow`, CORS).
fn with_document(problem: &Problem, pending: &Pending, present: &HeaderMap) -> Response {
    let mut rendered = problem.render(pending.request_id, &pending.path);
    for (name, value) in present {
        if *name != header::CONTENT_TYPE && *name != header::CONTENT_LENGTH {
            rendered.headers_mut().append(name, value.clone());
        }
    }
    rendered
}

fn observe(
    edge: &Edge,
    pending: &Pending,
    response: &Response,
    problem: Option<&Problem>,
    timings: Option<&Timings>,
) {
    let measured = timings.map(measurements).unwrap_or_default();
    let observation = Observation {
        function: edge.function,
        operation: pending.route.map_or("-", |route| route.operation),
        method: pending.method.as_str(),
        status: response.status(),
        request_id: pending.request_id,
        duration: pending.started.elapsed(),
        problem: problem.map(|problem| problem.kind().slug()),
        measured: &measured,
    };
    observation.write();
}

/// What the database cost, where it was asked at all.
fn measurements(timings: &Timings) -> Vec<(&'static str, Duration)> {
    if timings.acquire().is_zero() {
        return Vec::new();
    }
    vec![("acquireMs", timings.acquire()), ("queryMs", timings.query())]
}

#[cfg(test)]
mod tests;
