//! `PATCH /v1/announcements/{id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{announcements, permissions};
use portal_domain::announcement::{Announcement, AnnouncementDetails};
use portal_domain::ids::AnnouncementId;
use portal_domain::listing::Moment;
use portal_http::answer::Answer;
use portal_http::fields::MergePatch;
use portal_http::{Call, PathParameters, Portal, Problem, ProblemKind, etag};

use crate::announcement_body::AnnouncementBody;
use crate::announcing;

/// Changes an announcement. Once it is out, whom it is for, when it came out and whether it is urgent stay as they are.
#[utoipa::path(
    patch,
    path = "/v1/announcements/{id}",
    operation_id = "change_announcement",
    tag = "announcements",
    params(("id" = AnnouncementId, Path, description = "The announcement's id.")),
    request_body(content(
        (AnnouncementDetails = "application/merge-patch+json"),
        (AnnouncementDetails = "application/json"),
    ), description = "A JSON Merge Patch: fields that are left out stay, null clears."),
    responses(
        (status = 200, description = "The announcement as it is now.", body = Announcement,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 409, description = "It is out, and something would change that stays then."),
        (status = 412, description = "It has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn change_announcement(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    patch: MergePatch,
) -> Result<Response, Problem> {
    let id: AnnouncementId = path.read("id")?;
    let me = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    permissions::require(&mut tx, announcing::MANAGE).await?;
    let is_out = announcements::lock(&mut tx, id)
        .await?
        .ok_or_else(announcing::unseen)?;
    let before = announcing::find(&mut tx, me, id).await?;
    etag::guard(&headers, before.version)?;
    let AnnouncementBody(details) = patch.over(&written(&before))?;
    if is_out && moves(&before, &details) {
        return Err(Problem::new(
            ProblemKind::Conflict,
            "This announcement is out: its audience, its time and its urgency stay as they are.",
        ));
    }
    if !announcements::change(&mut tx, id, &details).await? {
        return Err(announcing::no_such_role());
    }
    let announcement = announcing::find(&mut tx, me, id).await?;
    let answer = Answer::resource(announcement.version, &announcement)?;
    Ok(answer.respond(tx.commit().await?))
}

/// The part of an announcement that its author writes, as the patch goes over it.
fn written(announcement: &Announcement) -> Written<'_> {
    Written {
        title: &announcement.title,
        content: &announcement.content,
        audience: announcement.audience.as_str(),
        audience_member_type: announcement
            .audience_member_type
            .map(portal_domain::member::MemberType::as_str),
        audience_role: announcement.audience_role.as_deref(),
        is_urgent: announcement.is_urgent,
        publish_at: announcement.publish_at,
        expires_at: announcement.expires_at,
    }
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    title: &'a str,
    content: &'a str,
    audience: &'a str,
    audience_member_type: Option<&'a str>,
    audience_role: Option<&'a str>,
    is_urgent: bool,
    publish_at: Moment,
    expires_at: Option<Moment>,
}

/// Whether something changes that those who were told already would be wrong about.
fn moves(before: &Announcement, details: &AnnouncementDetails) -> bool {
    details.audience != before.audience
        || details.audience_member_type != before.audience_member_type
        || details.audience_role.as_deref() != before.audience_role.as_deref()
        || details.is_urgent != before.is_urgent
        || details.publish_at.is_some_and(|at| at != before.publish_at)
}
