//! From one state of a project to the next: what the routes for the actions share.

use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::projects::{self, LockedProject};
use portal_data::{DataError, Tx};
use portal_domain::ids::ProjectId;
use portal_domain::project::{IllegalAction, ProjectAction};
use portal_http::answer::Answer;
use portal_http::{Call, Portal, Problem, ProblemKind, etag};
use serde_json::json;
use time::OffsetDateTime;

use crate::manage;

/// Does one action and shows the project as it is then.
///
/// # Errors
/// A 409 problem when the state does not allow it, 404, 403 and 412 as for every change.
pub(crate) async fn act(
    portal: &Portal,
    call: &Call,
    headers: &HeaderMap,
    id: ProjectId,
    action: ProjectAction,
) -> Result<Response, Problem> {
    let mut tx = portal.database().begin(&call.context).await?;
    let project = manage::hold(&mut tx, id).await?;
    etag::guard(headers, project.version)?;
    let target = action.from(project.status).map_err(|refusal| illegal(&refusal))?;
    if action == ProjectAction::Open {
        admit_bids(&project, OffsetDateTime::now_utc())?;
    }
    projects::move_to(&mut tx, id, project.status, target).await?;
    tell(&mut tx, &project, action).await?;
    let shown = manage::shown(&mut tx, id).await?;
    let answer = Answer::resource(shown.version, &shown)?;
    Ok(answer.respond(tx.commit().await?))
}

/// An action that the state does not allow, as a problem that names those it does.
pub(crate) fn illegal(refusal: &IllegalAction) -> Problem {
    let mut detail = refusal.to_string();
    if let Some(first) = detail.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    Problem::new(ProblemKind::Conflict, format!("{detail}."))
}

/// Bids cannot be opened when they would be late at once.
fn admit_bids(project: &LockedProject, now: OffsetDateTime) -> Result<(), Problem> {
    match project.details.deadline_date {
        Some(deadline) if deadline.0 <= now => Err(Problem::new(
            ProblemKind::Conflict,
            "The deadline has passed: set a later deadlineDate, then open the bidding.",
        )),
        _ => Ok(()),
    }
}

/// Writes to those whom the action concerns: who was invited to a draft learns of it when it is published.
async fn tell(tx: &mut Tx, project: &LockedProject, action: ProjectAction) -> Result<(), DataError> {
    match action {
        ProjectAction::Publish => projects::notify_invited(tx, project).await,
        ProjectAction::Cancel => {
            let payload = json!({ "projectId": project.id, "title": &*project.details.title });
            let occasion = project.id.to_string();
            projects::notify_bidders(tx, project.id, "PROJECT_CANCELLED", &occasion, &payload).await
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use portal_domain::project::ProjectStatus;

    #[test]
    fn an_illegal_action_is_a_conflict_that_reads_as_a_sentence() {
        let refusal = ProjectAction::Close.from(ProjectStatus::Draft).unwrap_err();
        let problem = illegal(&refusal);
        assert_eq!(problem.kind(), ProblemKind::Conflict);
        assert!(
            format!("{problem:?}")
                .contains("A project that is DRAFT cannot close; it can publish or cancel.")
        );
    }
}
