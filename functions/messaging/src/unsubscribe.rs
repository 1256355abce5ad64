//! `POST /v1/notifications/unsubscribe`

use axum::extract::State;
use axum::response::Response;
use portal_data::notifications;
use portal_http::answer::Answer;
use portal_http::problem::Fault;
use portal_http::query::{FromQuery, Query, QueryReader};
use portal_http::{Call, Problem};
use utoipa::IntoParams;

use crate::state::Messaging;

/// The longest token, in characters.
const LONGEST: usize = 256;

/// Whose mails end, and which.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UnsubscribeParameters {
    /// The token out of a mail's `List-Unsubscribe` header.
    #[param(min_length = 1, max_length = 256)]
    token: String,
}

impl FromQuery for UnsubscribeParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        if !query.has("token") {
            query.fault("token", "is required");
        }
        Some(Self {
            token: query.text("token", LONGEST)?,
        })
    }
}

/// Ends mails of one topic, in one step and without a sign-in (RFC 8058): mail programs post to the address in `List-Unsubscribe`.
///
/// What they send in the body is not looked at. Doing it again changes nothing; signed in, a member turns a topic on again.
#[utoipa::path(
    post,
    path = "/v1/notifications/unsubscribe",
    operation_id = "unsubscribe",
    tag = "notifications",
    params(UnsubscribeParameters),
    responses((status = 204, description = "No more mails of that topic go out.")),
)]
pub(crate) async fn unsubscribe(
    State(messaging): State<Messaging>,
    call: Call,
    Query(parameters): Query<UnsubscribeParameters>,
) -> Result<Response, Problem> {
    let token = parameters.token.as_str();
    let keys = messaging.link_keys.suiting(|keys| keys.know(token)).await?;
    let link = keys.verify(token).ok_or_else(|| {
        let detail = "is no token out of a mail of ours, or is too old: sign in and change your preferences";
        Problem::invalid(vec![Fault::query("token", detail)])
    })?;
    let mut tx = messaging.portal.database().begin(&call.context).await?;
    // Of an account that is gone no mails go out any more, which is what was asked for.
    notifications::unsubscribe(&mut tx, link.member, link.topic).await?;
    Ok(Answer::nothing().respond(tx.commit().await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_documented() {
        let documented = portal_http::openapi::query_parameters(&crate::openapi(), "unsubscribe");
        assert_eq!(portal_http::query::names::<UnsubscribeParameters>(), documented);
    }
}
