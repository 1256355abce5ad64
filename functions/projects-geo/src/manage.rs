//! What the routes that change a project share.

use portal_data::applications::{self, LockedApplication};
use portal_data::projects::{self, LockedProject};
use portal_data::{DataError, Tx};
use portal_domain::application::ApplicationStatus;
use portal_domain::ids::{ApplicationId, ProjectId, UserId};
use portal_domain::listing::ProjectListing;
use portal_domain::project::ProjectDetails;
use portal_http::{Problem, ProblemKind};
use serde_json::json;

/// The permission to post projects and run the own ones.
pub(crate) const CREATE: &str = "projects.create";

/// The permission to run every project.
pub(crate) const MANAGE: &str = "projects.manage";

/// What is said of a project that the caller cannot see, whether or not there is one.
pub(crate) fn unseen() -> Problem {
    Problem::not_found("There is no project by this id that you may see.")
}

/// Takes hold of a project that the caller may change.
///
/// # Errors
/// A 404 problem where the caller cannot see the project, 403 where it is another's.
pub(crate) async fn hold(tx: &mut Tx, id: ProjectId) -> Result<LockedProject, Problem> {
    if let Some(project) = projects::lock(tx, id).await? {
        return Ok(project);
    }
    match projects::lookup(tx, id).await? {
        Some(_) => Err(Problem::new(
            ProblemKind::Forbidden,
            "Only the owner of a project and staff may do this.",
        )),
        None => Err(unseen()),
    }
}

/// The project as its owner sees it.
///
/// # Errors
/// [`DataError`] of the query.
pub(crate) async fn shown(tx: &mut Tx, id: ProjectId) -> Result<ProjectListing, DataError> {
    projects::lookup(tx, id).await?.ok_or(DataError::NotFound)
}

/// What is wrong with details that let in fewer bids than a project has already, by the name of the field.
pub(crate) fn crowded(project: &LockedProject, details: &ProjectDetails) -> Option<(&'static str, String)> {
    let bids = project.application_count;
    let is_full = details.max_applications.is_some_and(|most| most < bids);
    is_full.then(|| {
        (
            "maxApplications",
            format!("must be at least {bids}, the number of bids that there are"),
        )
    })
}

/// Writes what differs, and tells bidders of it where the project has been announced. Gives the names of the fields.
///
/// # Errors
/// [`DataError`] of a query.
pub(crate) async fn rewrite(
    tx: &mut Tx,
    project: &LockedProject,
    details: &ProjectDetails,
    author: UserId,
) -> Result<Vec<String>, DataError> {
    let changed = project.details.changed_fields(details);
    if changed.is_empty() {
        return Ok(changed);
    }
    projects::change(tx, project.id, details).await?;
    if project.status.is_announced() {
        let summary = format!("Changed: {}", changed.join(", "));
        projects::add_addendum(tx, project, author, &summary, &json!({ "fields": changed })).await?;
    }
    Ok(changed)
}

/// Takes hold of a bid that the caller may see.
///
/// # Errors
/// A 404 problem where the caller may not, 409 where it is the caller's own and nothing can become of it any more.
pub(crate) async fn hold_bid(tx: &mut Tx, id: ApplicationId) -> Result<LockedApplication, Problem> {
    if let Some(bid) = applications::lock(tx, id).await? {
        return Ok(bid);
    }
    match applications::lookup(tx, id).await? {
        Some(bid) => Err(decided(bid.status)),
        None => Err(Problem::not_found("There is no bid by this id that you may see.")),
    }
}

/// What is said of a bid that stays as it is.
pub(crate) fn decided(status: ApplicationStatus) -> Problem {
    Problem::new(
        ProblemKind::Conflict,
        format!("A bid that is {status} stays as it is."),
    )
}
