//! Courses: what they teach, who takes them, how far they have come, and the certificates at the end.

mod certificate;
mod completion;
mod details;
mod enrollment;
mod module;

pub use certificate::{CertificateNumber, CertificateNumberError, CertificateStanding};
pub use completion::{Completion, ModuleProgress};
pub use details::CourseDetails;
pub use enrollment::{Enrollment, EnrollmentDetails, EnrollmentStatus, LearningTerms, ModuleState, renews};
pub use module::ModuleDetails;

use crate::words::words;

/// The most modules of one course.
pub const MOST_MODULES: usize = 200;

words! {
    /// What a course asks of who takes it.
    Difficulty {
        /// Nothing.
        Beginner = "BEGINNER",
        /// Some experience.
        Intermediate = "INTERMEDIATE",
        /// Much experience.
        Advanced = "ADVANCED",
        /// Mastery.
        Expert = "EXPERT",
    }
}
