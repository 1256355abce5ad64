//! Ways through courses: taking one up, going on, completing it, and what the clock and payments do to it.
//!
//! Whoever changes an enrolment by what the modules of its course are holds the course first ([`crate::courses::hold`]), then the
//! enrolment's row: so nobody completes a course by modules that are being taken away.

mod complete;
mod due;
mod list;
mod locked;
mod payment;
mod progress;
mod row;
mod settle;
mod take;
mod terms;

use portal_domain::course::{Enrollment, EnrollmentStatus};
use portal_domain::ids::{CourseId, EnrollmentId, UserId};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::columns::Table;
use crate::projects::micros;

pub use due::{lapse, remind};
pub use list::{count, list, list_module_states, lookup};
pub use locked::{LockedEnrollment, lock_latest, lock_version};
pub use payment::{Payment, confirm_payment, revoke_payment};
pub use progress::{course_of, record};
pub use settle::settle_course;
pub use take::{drop_out, take_up};
pub use terms::terms;

/// Where the rows come from, for errors.
pub(crate) const TABLE: Table = Table("course_enrollments");

/// Which enrolments a list shows. What is empty or absent filters nothing.
#[derive(Clone, Debug, Default)]
pub struct EnrollmentFilters {
    /// In this course.
    pub course: Option<CourseId>,
    /// Of this member.
    pub member: Option<UserId>,
    /// Where they stand.
    pub statuses: Vec<EnrollmentStatus>,
}

/// Where a list goes on: after the enrolment that was made then, in microseconds since 1970, and this id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrollmentPosition {
    enrolled_micros: i64,
    id: EnrollmentId,
}

impl EnrollmentPosition {
    /// Where a list goes on after this enrolment.
    #[must_use]
    pub fn after(enrollment: &Enrollment) -> Self {
        Self {
            enrolled_micros: micros(enrollment.enrolled_at),
            id: enrollment.id,
        }
    }
}

/// What it takes to give a certificate: the time, and 128 random bits at a time.
#[derive(Clone, Copy, Debug)]
pub struct Issuing {
    /// The moment of the completion.
    pub now: OffsetDateTime,
    /// Chance.
    pub random: fn() -> u128,
}
