//! Members: what they say about themselves, who may see it, and what they can do.

mod details;
mod skill;
mod values;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::words::words;

pub use details::MemberDetails;
pub use skill::{Skill, SkillClaim, SkillLevel, SkillSet, SkillSetError};
pub use values::{
    Certification, NotificationPreferences, Phone, PhoneError, PreferencesError, WebAddress, WebAddressError,
};

words! {
    /// What kind of account a member has.
    MemberType {
        /// A member.
        Regular = "REGULAR",
        /// A member of the association's staff.
        Admin = "ADMIN",
    }
}

words! {
    /// Who sees a field of a profile; its owner and staff always do.
    Audience {
        /// Everybody.
        Everyone = "EVERYONE",
        /// Members who have signed in.
        Members = "MEMBERS",
        /// Nobody else.
        Nobody = "NOBODY",
    }
}

words! {
    /// The order of a list of members.
    MemberOrder {
        /// By last name, then first name.
        Name = "name",
        /// The newest account first.
        Newest = "newest",
        /// The nearest first.
        Distance = "distance",
    }
}

words! {
    /// What a list of members is counted by.
    MemberFacet {
        /// Their cities, of those who show their address.
        City = "city",
        /// Their skills.
        Skills = "skills",
        /// The kinds of their accounts.
        MemberType = "memberType",
    }
}

/// Who sees the fields that a member can hide. What is not said is for members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldVisibility {
    /// Who sees the e-mail address.
    #[serde(default = "members")]
    #[schema(required = false)]
    pub email: Audience,
    /// Who sees the telephone number.
    #[serde(default = "members")]
    #[schema(required = false)]
    pub phone: Audience,
    /// Who sees street, city, state, ZIP code and coordinates.
    #[serde(default = "members")]
    #[schema(required = false)]
    pub address: Audience,
}

const fn members() -> Audience {
    Audience::Members
}

impl Default for FieldVisibility {
    fn default() -> Self {
        Self {
            email: members(),
            phone: members(),
            address: members(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_not_said_is_for_members() {
        let read = |value| serde_json::from_value::<FieldVisibility>(value);
        assert_eq!(read(json!({})).unwrap(), FieldVisibility::default());
        let hidden = read(json!({"address": "NOBODY"})).unwrap();
        assert_eq!(
            (hidden.address, hidden.email),
            (Audience::Nobody, Audience::Members)
        );
        assert!(read(json!({"bio": "NOBODY"})).is_err());
        assert!(read(json!({"address": "nobody"})).is_err());
    }
}
