//! `POST /v1/announcements`

use axum::extract::State;
use axum::response::Response;
use portal_data::{announcements, permissions};
use portal_domain::announcement::{Announcement, AnnouncementDetails};
use portal_http::answer::Answer;
use portal_http::fields::Fields;
use portal_http::idempotency::IdempotencyKey;
use portal_http::{Call, Problem};

use crate::announcement_body::AnnouncementBody;
use crate::announcing;
use crate::state::Messaging;

/// Announces something, now or later. What is urgent is mailed to everybody whom it is for, once it is out.
#[utoipa::path(
    post,
    path = "/v1/announcements",
    operation_id = "create_announcement",
    tag = "announcements",
    params(IdempotencyKey),
    request_body = AnnouncementDetails,
    responses(
        (status = 201, description = "The announcement.", body = Announcement, headers(
            ("Location" = String, description = "Where it is."),
            ("ETag" = String, description = "The entity tag of this representation."),
        )),
        (status = 409, description = "A request with the same `Idempotency-Key` is still running."),
    ),
)]
pub(crate) async fn create_announcement(
    State(state): State<Messaging>,
    call: Call,
    key: IdempotencyKey,
    Fields {
        value: AnnouncementBody(details),
        digest,
    }: Fields<AnnouncementBody>,
) -> Result<Response, Problem> {
    let author = call.member()?;
    announcing::check_end(&details, state.now())?;
    let mut tx = state.portal().database().begin(&call.context).await?;
    permissions::require(&mut tx, announcing::MANAGE).await?;
    if let Some(answer) = key.claim(&mut tx, &call, &digest).await? {
        return Ok(answer.respond(None));
    }
    let added = announcements::add(&mut tx, author, &details).await?;
    let id = added.ok_or_else(announcing::no_such_role)?;
    let announcement = announcing::find(&mut tx, author, id).await?;
    let answer = Answer::created(
        &format!("/v1/announcements/{id}"),
        announcement.version,
        &announcement,
    )?;
    key.keep(&mut tx, &call, &digest, &answer).await?;
    Ok(answer.respond(tx.commit().await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "AnnouncementDetails");
        assert_eq!(portal_http::fields::names::<AnnouncementBody>(), documented);
    }
}
