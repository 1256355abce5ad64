//! What the routes for announcements share.

use portal_data::{Tx, announcements};
use portal_domain::announcement::{Announcement, AnnouncementDetails};
use portal_domain::ids::{AnnouncementId, UserId};
use portal_http::Problem;
use portal_http::problem::Fault;
use time::OffsetDateTime;

/// The permission to write announcements.
pub(crate) const MANAGE: &str = "announcements.manage";

/// What is said of an announcement that is not for the caller, whether or not there is one.
pub(crate) fn unseen() -> Problem {
    Problem::not_found("There is no announcement by this id that you may see.")
}

/// What is said of the name of a role that there is none of.
pub(crate) fn no_such_role() -> Problem {
    Problem::invalid(vec![Fault::body("/audienceRole", "is not the name of a role")])
}

/// That an announcement is not over before anybody sees it.
///
/// # Errors
/// A 422 problem.
pub(crate) fn check_end(details: &AnnouncementDetails, now: OffsetDateTime) -> Result<(), Problem> {
    if details.expires_at.is_some_and(|end| end.0 <= now) {
        let fault = Fault::body("/expiresAt", "must be in the future: nobody would see it");
        return Err(Problem::invalid(vec![fault]));
    }
    Ok(())
}

/// An announcement that the caller may see.
///
/// # Errors
/// A 404 problem for any other.
pub(crate) async fn find(tx: &mut Tx, me: UserId, id: AnnouncementId) -> Result<Announcement, Problem> {
    announcements::lookup(tx, me, id).await?.ok_or_else(unseen)
}
