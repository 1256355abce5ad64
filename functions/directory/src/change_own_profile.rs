//! `PATCH /v1/members/me`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::members;
use portal_domain::listing::OwnProfile;
use portal_domain::member::MemberDetails;
use portal_http::answer::Answer;
use portal_http::fields::MergePatch;
use portal_http::{Call, Portal, Problem, etag};

use crate::member_body::{MemberBody, before_patch};

/// Changes what the caller's profile says, and who sees it.
///
/// Without coordinates the member stands in the middle of the ZIP code.
#[utoipa::path(
    patch,
    path = "/v1/members/me",
    operation_id = "change_own_profile",
    tag = "members",
    request_body(content(
        (MemberDetails = "application/merge-patch+json"),
        (MemberDetails = "application/json"),
    ), description = "A JSON Merge Patch: fields that are left out stay, null clears."),
    responses(
        (status = 200, description = "The profile as it is now.", body = OwnProfile,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 412, description = "It has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn change_own_profile(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    patch: MergePatch,
) -> Result<Response, Problem> {
    let user = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    let before = members::lock_own(&mut tx, user).await?;
    etag::guard(&headers, before.version)?;
    let MemberBody(details) = patch.over(&before_patch(&before.profile.written))?;
    if !says_the_same(&before.profile, &details) {
        members::change(&mut tx, user, &details).await?;
    }
    let now = members::lookup_own(&mut tx, user).await?;
    let answer = Answer::resource(now.version, &now.profile)?;
    Ok(answer.respond(tx.commit().await?))
}

/// Whether nothing is to be written: a patch that changes nothing makes no new version.
fn says_the_same(before: &OwnProfile, after: &MemberDetails) -> bool {
    let before = serde_json::to_value(&before.written);
    let after = serde_json::to_value(after);
    matches!((before, after), (Ok(before), Ok(after)) if before == after)
}
