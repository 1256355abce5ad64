//! A member as others see one, and as the member does.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{Day, Moment};
use crate::contractor::LicenceNumber;
use crate::geo::LatLng;
use crate::ids::UserId;
use crate::member::{Certification, FieldVisibility, MemberType, Skill};

/// A member as the caller may see one: what the member hides is null.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MemberListing {
    /// The member's id.
    pub id: UserId,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// The firm.
    #[schema(required)]
    pub company: Option<String>,
    /// What the member does there.
    #[schema(required)]
    pub title: Option<String>,
    /// The kind of account.
    pub member_type: MemberType,
    /// Since when the member has belonged to the association.
    #[schema(required)]
    pub member_since: Option<Day>,
    /// E-mail address.
    #[schema(required)]
    pub email: Option<String>,
    /// Telephone in E.164.
    #[schema(required)]
    pub phone: Option<String>,
    /// Street and number.
    #[schema(required)]
    pub street: Option<String>,
    /// City.
    #[schema(required)]
    pub city: Option<String>,
    /// State.
    #[schema(required)]
    pub state: Option<String>,
    /// ZIP code.
    #[schema(required)]
    pub zip: Option<String>,
    /// Where the member is.
    #[schema(required)]
    pub coordinates: Option<LatLng>,
    /// A few words about the member.
    #[schema(required)]
    pub bio: Option<String>,
    /// The firm's site.
    #[schema(required)]
    pub website: Option<String>,
    /// The member's page there.
    #[schema(required)]
    pub linkedin: Option<String>,
    /// The picture's key in the store of files.
    #[schema(required)]
    pub profile_image_key: Option<String>,
    /// What the member has been certified for.
    pub certifications: Vec<Certification>,
    /// Languages that the member speaks.
    pub languages: Vec<String>,
    /// The contractor's licence that is the member's.
    #[schema(required)]
    pub contractor_license: Option<LicenceNumber>,
    /// What the member can do.
    pub skills: Vec<Skill>,
}

/// A member's own profile.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OwnProfile {
    /// The member's id.
    pub id: UserId,
    /// E-mail address; it is changed where one signs in.
    pub email: String,
    /// The kind of account.
    pub member_type: MemberType,
    /// Since when the member has belonged to the association.
    #[schema(required)]
    pub member_since: Option<Day>,
    /// When the membership runs out.
    #[schema(required)]
    pub membership_expires_at: Option<Moment>,
    /// Whether staff have approved the membership: the directory shows approved members.
    pub is_approved: bool,
    /// The picture's key in the store of files.
    #[schema(required)]
    pub profile_image_key: Option<String>,
    /// The contractor's licence that is the member's.
    #[schema(required)]
    pub contractor_license: Option<LicenceNumber>,
    /// What the member can do.
    pub skills: Vec<Skill>,
    /// What the member writes.
    #[serde(flatten)]
    pub written: WrittenProfile,
    /// When the account was made.
    pub created_at: Moment,
    /// When the profile last changed.
    pub updated_at: Moment,
}

/// The part of a profile that its owner writes, as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WrittenProfile {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// The firm.
    #[schema(required)]
    pub company: Option<String>,
    /// What the member does there.
    #[schema(required)]
    pub title: Option<String>,
    /// Telephone in E.164.
    #[schema(required)]
    pub phone: Option<String>,
    /// Street and number.
    #[schema(required)]
    pub street: Option<String>,
    /// City.
    #[schema(required)]
    pub city: Option<String>,
    /// State.
    #[schema(required)]
    pub state: Option<String>,
    /// ZIP code.
    #[schema(required)]
    pub zip: Option<String>,
    /// Where the member is; the middle of the ZIP code unless the member says otherwise.
    #[schema(required)]
    pub coordinates: Option<LatLng>,
    /// A few words about the member.
    #[schema(required)]
    pub bio: Option<String>,
    /// The firm's site.
    #[schema(required)]
    pub website: Option<String>,
    /// The member's page there.
    #[schema(required)]
    pub linkedin: Option<String>,
    /// What the member has been certified for.
    #[schema(value_type = Vec<Object>)]
    pub certifications: Vec<Value>,
    /// Languages that the member speaks.
    pub languages: Vec<String>,
    /// What the member wants to be told of.
    #[schema(value_type = Object)]
    pub notification_preferences: Map<String, Value>,
    /// Who sees the fields that can be hidden.
    pub field_visibility: FieldVisibility,
}
