//! One newtype for each kind of id, so that a project's id never fits where a member's is wanted.

/// Declares id newtypes over a UUIDv7.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
        )]
        #[serde(transparent)]
        #[schema(value_type = uuid::Uuid)]
        pub struct $name(uuid::Uuid);

        impl $name {
            /// The id as a plain UUID.
            #[must_use]
            pub const fn as_uuid(self) -> uuid::Uuid {
                self.0
            }
        }

        impl From<uuid::Uuid> for $name {
            fn from(id: uuid::Uuid) -> Self {
                Self(id)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(formatter)
            }
        }
    )+};
}

ids! {
    /// A person with an account.
    UserId,
    /// Money that goes back.
    RefundId,
    /// An invitation to be covered by a company's membership.
    InvitationId,
    /// A sign-in on one device; the family of its refresh tokens.
    SessionId,
    /// A construction project.
    ProjectId,
    /// A bid on a project.
    ApplicationId,
    /// A change to a project that has been announced.
    AddendumId,
    /// An event.
    EventId,
    /// A member's seat at an event, or place in its waitlist.
    RegistrationId,
    /// A file of a project or an event.
    FileId,
    /// A course.
    CourseId,
    /// A part of a course.
    ModuleId,
    /// A member's way through a course.
    EnrollmentId,
    /// A search that a member keeps.
    SavedSearchId,
    /// One import of a contractor file.
    ImportId,
    /// One dump of the database.
    BackupId,
    /// What one member wrote to another.
    MessageId,
    /// News from staff.
    AnnouncementId,
    /// A ticket.
    FeedbackId,
    /// A reply to a ticket.
    ReplyId,
    /// Money asked for.
    PaymentId,
    /// What a membership costs and brings.
    TierId,
    /// One paid period of a member.
    MembershipId,
    /// A message that was shown to staff.
    ReportId,
    /// Where the books and Stripe's differ.
    FindingId,
    /// Something that staff did.
    ActionId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_what_it_shows() {
        let id: ProjectId = "0198a7c0-0000-7000-8000-000000000001".parse().unwrap();
        assert_eq!(id.to_string().parse::<ProjectId>().unwrap(), id);
        assert!("not-an-id".parse::<ProjectId>().is_err());
    }
}
