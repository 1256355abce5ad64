//! What the routes share that change a course, its modules or an enrolment.

use portal_data::courses::{self, LockedCourse};
use portal_data::{DataError, Tx, enrollments, permissions};
use portal_domain::course::EnrollmentDetails;
use portal_domain::ids::{CourseId, EnrollmentId};
use portal_domain::listing::CourseListing;
use portal_http::{Problem, ProblemKind};

/// The permission to run every course.
pub(crate) const MANAGE: &str = "courses.manage";

/// What is said of a course that the caller cannot see, whether or not there is one.
pub(crate) fn unseen() -> Problem {
    Problem::not_found("There is no course by this id that you may see.")
}

/// What is said of an enrolment that the caller cannot see, whether or not there is one.
pub(crate) fn unseen_enrollment() -> Problem {
    Problem::not_found("There is no enrolment by this id that you may see.")
}

/// What is said of a module that the caller cannot see, whether or not there is one.
pub(crate) fn unseen_module() -> Problem {
    Problem::not_found("There is no module by this id, in a course that you may see.")
}

/// That a course which is in the catalogue, or is to come into it, can be completed.
///
/// # Errors
/// A 409 problem where it has no modules.
pub(crate) async fn can_be_taken(tx: &mut Tx, id: CourseId) -> Result<(), Problem> {
    if courses::count_modules(tx, id).await? == 0 {
        return Err(conflict(
            "A course in the catalogue has a module at least: without one, nobody could complete it.",
        ));
    }
    Ok(())
}

/// Takes hold of a course, and of its modules, for who runs courses.
///
/// # Errors
/// A 403 problem without the permission, 404 where there is no such course.
pub(crate) async fn hold(tx: &mut Tx, id: CourseId) -> Result<LockedCourse, Problem> {
    permissions::require(tx, MANAGE).await?;
    courses::lock(tx, id).await?.ok_or_else(unseen)
}

/// The course as the caller sees it.
///
/// # Errors
/// A 404 problem where the caller does not.
pub(crate) async fn shown(tx: &mut Tx, id: CourseId) -> Result<CourseListing, Problem> {
    courses::lookup(tx, id).await?.ok_or_else(unseen)
}

/// An enrolment with how far it has come; nothing where the caller may not see it.
///
/// # Errors
/// [`DataError`] of the queries.
pub(crate) async fn enrollment(
    tx: &mut Tx,
    id: EnrollmentId,
) -> Result<Option<EnrollmentDetails>, DataError> {
    let Some(enrollment) = enrollments::lookup(tx, id).await? else {
        return Ok(None);
    };
    let modules = enrollments::list_module_states(tx, id).await?;
    Ok(Some(EnrollmentDetails { enrollment, modules }))
}

pub(crate) fn forbidden(detail: &str) -> Problem {
    Problem::new(ProblemKind::Forbidden, detail)
}

pub(crate) fn conflict(detail: impl Into<String>) -> Problem {
    Problem::new(ProblemKind::Conflict, detail)
}
