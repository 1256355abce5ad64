//! `POST /v1/membership/people`

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use portal_data::memberships;
use portal_domain::turn::Turn;
use portal_http::answer::Answer;
use portal_http::fields::Fields;
use portal_http::idempotency::IdempotencyKey;
use portal_http::{Call, Portal, Problem, turns};

use crate::list_membership_people::People;
use crate::person_body::{PersonBody, PersonRequest};

/// Has the caller's membership cover a member, or invites whoever has an address; both are told by mail.
///
/// Whether an invited address has an account is not told: who has it accepts the invitation once they are signed in and the address is
/// verified.
#[utoipa::path(
    post,
    path = "/v1/membership/people",
    operation_id = "add_membership_person",
    tag = "membership",
    params(IdempotencyKey),
    request_body(content = PersonRequest, example = json!({"email": "maria@example.org"})),
    responses(
        (status = 200, description = "All whom the membership covers now, and who is invited.", body = People),
        (status = 404, description = "There is no such member."),
        (status = 409, description = "The membership covers nobody else, all its seats are taken, or the person is there already."),
    ),
)]
pub(crate) async fn add_membership_person(
    State(portal): State<Portal>,
    call: Call,
    key: IdempotencyKey,
    Fields {
        value: person,
        digest,
    }: Fields<PersonBody>,
) -> Result<Response, Problem> {
    let me = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    if let Some(answer) = key.claim(&mut tx, &call, &digest).await? {
        return Ok(answer.respond(None));
    }
    let rates = turns::take(&mut tx, Turn::Person).await?;
    match person {
        PersonBody::Member(member) => memberships::add_person(&mut tx, me, member).await?,
        PersonBody::Address(email) => drop(memberships::invite(&mut tx, me, &email).await?),
    }
    let items = memberships::list_people(&mut tx, me).await?;
    let answer = Answer::json(&People { items })?;
    key.keep(&mut tx, &call, &digest, &answer).await?;
    Ok((rates, answer.respond(tx.commit().await?)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "PersonRequest");
        assert_eq!(portal_http::fields::names::<PersonBody>(), documented);
    }
}
