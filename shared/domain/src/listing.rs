//! What lists and single reads show of a row to those who may see it: the reading side, as opposed to what is imported or written.

mod contractor;
mod course;
mod event;
mod import;
mod member;
mod membership;
mod payment;
mod project;
mod when;

pub use contractor::{ContractorDetails, ContractorListing};
pub use course::{CourseListing, ModuleListing};
pub use event::EventListing;
pub use import::{ImportListing, ImportProgress, ImportRows, ImportUndo};
pub use member::{MemberListing, OwnProfile, WrittenProfile};
pub use membership::{CoveredPerson, MembershipInvitation, MembershipListing, TierListing};
pub use payment::{PaymentDetails, PaymentListing, RefundCause, RefundListing, RefundState};
pub use project::ProjectListing;
pub use when::{Day, Moment};
