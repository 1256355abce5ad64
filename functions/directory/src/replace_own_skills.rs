//! `PUT /v1/members/me/skills`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::members;
use portal_domain::listing::OwnProfile;
use portal_domain::member::{SkillClaim, SkillSet};
use portal_http::answer::Answer;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::problem::Fault;
use portal_http::{Call, Portal, Problem, etag};
use utoipa::ToSchema;

/// Everything that the caller claims to be able to do.
#[derive(Debug, ToSchema)]
pub(crate) struct NewSkills {
    /// The whole set: what is not in it is taken away.
    #[schema(value_type = Vec<SkillClaim>, max_items = 50, example = json!([]))]
    skills: SkillSet,
}

impl FromFields for NewSkills {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        Some(Self {
            skills: fields.required("skills")?,
        })
    }
}

/// Replaces the caller's skills.
///
/// A skill that keeps its level keeps what staff have verified; one at another level is to be verified anew.
#[utoipa::path(
    put,
    path = "/v1/members/me/skills",
    operation_id = "replace_own_skills",
    tag = "members",
    request_body = NewSkills,
    responses(
        (status = 200, description = "The profile with its skills as they are now.", body = OwnProfile,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 412, description = "The profile has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn replace_own_skills(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    Fields {
        value: NewSkills { skills },
        ..
    }: Fields<NewSkills>,
) -> Result<Response, Problem> {
    let user = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    let before = members::lock_own(&mut tx, user).await?;
    etag::guard(&headers, before.version)?;
    let unknown = members::unknown_skills(&mut tx, &skills).await?;
    if !unknown.is_empty() {
        let fault = |place| {
            Fault::body(
                &format!("/skills/{place}/skill"),
                "is not in the vocabulary; GET /v1/skills lists it",
            )
        };
        return Err(Problem::invalid(unknown.into_iter().map(fault).collect()));
    }
    members::replace_skills(&mut tx, user, &skills).await?;
    let now = members::lookup_own(&mut tx, user).await?;
    let answer = Answer::resource(now.version, &now.profile)?;
    Ok(answer.respond(tx.commit().await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "NewSkills");
        assert_eq!(portal_http::fields::names::<NewSkills>(), documented);
    }
}
