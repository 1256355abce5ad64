//! News from staff.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::{AnnouncementId, UserId};
use crate::listing::Moment;
use crate::member::MemberType;
use crate::text::{Line, Prose};
use crate::words::words;

words! {
    /// Whom an announcement is for.
    AnnouncementAudience {
        /// Every member.
        All = "ALL",
        /// Members of a type.
        MemberType = "MEMBER_TYPE",
        /// Who holds a role.
        Role = "ROLE",
    }
}

/// What staff write.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnnouncementDetails {
    /// Its title.
    #[schema(value_type = String, min_length = 1, max_length = 300)]
    pub title: Line<300>,
    /// The news.
    #[schema(value_type = String, min_length = 1, max_length = 20_000)]
    pub content: Prose<20_000>,
    /// For whom; for all unless it says otherwise.
    #[schema(required = false)]
    pub audience: AnnouncementAudience,
    /// The type of member, with `MEMBER_TYPE`.
    pub audience_member_type: Option<MemberType>,
    /// The name of the role, with `ROLE`.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 60)]
    pub audience_role: Option<Line<60>>,
    /// Whether it is mailed as well.
    #[schema(required = false)]
    pub is_urgent: bool,
    /// From when it is shown; at once where it is left out.
    pub publish_at: Option<Moment>,
    /// Until when.
    pub expires_at: Option<Moment>,
}

impl AnnouncementDetails {
    /// What contradicts itself, by the name of the field.
    #[must_use]
    pub fn faults(&self) -> Vec<(&'static str, &'static str)> {
        let mut faults = Vec::new();
        let is_for = |audience| self.audience == audience;
        if is_for(AnnouncementAudience::MemberType) != self.audience_member_type.is_some() {
            faults.push((
                "audienceMemberType",
                "goes with the audience MEMBER_TYPE, and that with it",
            ));
        }
        if is_for(AnnouncementAudience::Role) != self.audience_role.is_some() {
            faults.push(("audienceRole", "goes with the audience ROLE, and that with it"));
        }
        if let (Some(from), Some(until)) = (self.publish_at, self.expires_at)
            && from >= until
        {
            faults.push(("expiresAt", "must be after publishAt"));
        }
        faults
    }
}

/// An announcement.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Announcement {
    /// Its id.
    pub id: AnnouncementId,
    /// Who wrote it.
    pub author_id: UserId,
    /// Its title.
    pub title: String,
    /// The news.
    pub content: String,
    /// For whom.
    pub audience: AnnouncementAudience,
    /// The type of member that it is for.
    #[schema(required)]
    pub audience_member_type: Option<MemberType>,
    /// The role that it is for.
    #[schema(required)]
    pub audience_role: Option<String>,
    /// Whether it is mailed as well.
    pub is_urgent: bool,
    /// From when it is shown.
    pub publish_at: Moment,
    /// Until when.
    #[schema(required)]
    pub expires_at: Option<Moment>,
    /// When the caller read it.
    #[schema(required)]
    pub read_at: Option<Moment>,
    /// When it was written.
    pub created_at: Moment,
    /// Raised by every change.
    pub version: i32,
}

/// How far an announcement has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnnouncementReach {
    /// How many members it is for today.
    #[schema(minimum = 0)]
    pub audience_size: i64,
    /// How many have read it.
    #[schema(minimum = 0)]
    pub read_count: i64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn details() -> AnnouncementDetails {
        AnnouncementDetails {
            title: "News".to_owned().try_into().unwrap(),
            content: "Something".to_owned().try_into().unwrap(),
            audience: AnnouncementAudience::All,
            audience_member_type: None,
            audience_role: None,
            is_urgent: false,
            publish_at: None,
            expires_at: None,
        }
    }

    #[test]
    fn an_audience_says_which_and_nothing_else_does() {
        assert_eq!(details().faults(), []);
        let mut typed = details();
        typed.audience_member_type = Some(MemberType::Admin);
        assert_eq!(typed.faults()[0].0, "audienceMemberType");
        typed.audience = AnnouncementAudience::MemberType;
        assert_eq!(typed.faults(), []);
        let mut role = details();
        role.audience = AnnouncementAudience::Role;
        assert_eq!(role.faults()[0].0, "audienceRole");
    }

    #[test]
    fn it_ends_after_it_begins() {
        let mut details = details();
        details.publish_at = Some(Moment(datetime!(2026-05-01 10:00 UTC)));
        details.expires_at = details.publish_at;
        assert_eq!(details.faults()[0].0, "expiresAt");
    }
}
