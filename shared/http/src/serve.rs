//! Runs a function's routes behind the Lambda runtime.

use axum::Router;
use lambda_http::lambda_runtime::LambdaEvent;
use lambda_http::lambda_runtime::tower::ServiceBuilder;
use lambda_http::{Adapter, Error};

use crate::config::EdgeConfig;
use crate::edge;
use crate::event::GatewayEvent;
use crate::operations::{BindingError, Operations};
use crate::routes::{self, Authentication, Route};
use crate::token::TokenVerifier;

/// The routes of a function with the edge around them; `tokens` verifies the callers of those that know callers.
///
/// # Errors
/// When handlers and table of routes differ, also in that a route knows callers and nothing verifies their tokens.
pub fn router<S>(
    operations: Operations<S>,
    state: S,
    config: EdgeConfig,
    tokens: Option<TokenVerifier>,
) -> Result<Router, BindingError>
where
    S: Clone + Send + Sync + 'static,
{
    let function = operations.function();
    let knows_callers =
        |route: &&Route| route.function == function && route.authentication != Authentication::None;
    if tokens.is_none()
        && let Some(route) = routes::all().find(knows_callers)
    {
        let difference = format!("{} takes sign-ins, and nothing verifies them", route.operation);
        return Err(BindingError {
            function,
            differences: vec![difference],
        });
    }
    Ok(edge::around(
        operations.into_router()?.with_state(state),
        function,
        config,
        tokens,
    ))
}

/// Answers gateway events until the execution environment ends.
///
/// # Errors
/// When the environment's settings cannot be used, or handlers and table of routes differ: the function does not start then.
pub async fn serve<S>(operations: Operations<S>, state: S, tokens: Option<TokenVerifier>) -> Result<(), Error>
where
    S: Clone + Send + Sync + 'static,
{
    let router = router(operations, state, EdgeConfig::from_env()?, tokens)?;
    let service = ServiceBuilder::new()
        .map_request(|event: LambdaEvent<GatewayEvent>| LambdaEvent::new(event.payload.0, event.context))
        .service(Adapter::from(router));
    lambda_http::lambda_runtime::run(service).await
}

/// Starts the log: JSON lines where `AWS_LAMBDA_LOG_FORMAT` says so, from the level in `AWS_LAMBDA_LOG_LEVEL` on.
pub fn start_log() {
    lambda_http::tracing::init_default_subscriber();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_that_knows_callers_does_not_start_without_the_keys() {
        let start = |function| router(Operations::<()>::of(function), (), EdgeConfig::default(), None);
        let error = start("auth").unwrap_err();
        assert!(error.to_string().contains("nothing verifies them"), "{error}");
        let error = start("docs").unwrap_err();
        assert!(!error.to_string().contains("nothing verifies them"), "{error}");
    }
}
