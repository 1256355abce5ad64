//! What a member writes about themselves.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Certification, FieldVisibility, NotificationPreferences, Phone, WebAddress};
use crate::geo::LatLng;
use crate::text::{Few, Line, Prose};

/// The part of a profile that its owner writes.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MemberDetails {
    /// First name.
    #[schema(value_type = String, min_length = 1, max_length = 80)]
    pub first_name: Line<80>,
    /// Last name.
    #[schema(value_type = String, min_length = 1, max_length = 80)]
    pub last_name: Line<80>,
    /// The firm.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 120)]
    pub company: Option<Line<120>>,
    /// What the member does there.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 120)]
    pub title: Option<Line<120>>,
    /// Telephone, in any usual spelling.
    pub phone: Option<Phone>,
    /// Street and number.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub street: Option<Line<200>>,
    /// City.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    pub city: Option<Line<100>>,
    /// State.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 50)]
    pub state: Option<Line<50>>,
    /// ZIP code; gives the coordinates where they are left out.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 10)]
    pub zip: Option<Line<10>>,
    /// Where the member is.
    pub coordinates: Option<LatLng>,
    /// A few words about the member.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 5_000)]
    pub bio: Option<Prose<5_000>>,
    /// The firm's site.
    pub website: Option<WebAddress>,
    /// The member's page there.
    pub linkedin: Option<WebAddress>,
    /// What the member has been certified for.
    #[schema(value_type = Vec<Certification>, max_items = 50, required = false)]
    pub certifications: Few<Certification, 50>,
    /// Languages that the member speaks, by their English names.
    #[schema(value_type = Vec<String>, max_items = 20, required = false)]
    pub languages: Few<Line<40>, 20>,
    /// What the member wants to be told of: each topic, or each of its channels, on or off.
    #[schema(required = false)]
    pub notification_preferences: NotificationPreferences,
    /// Who sees the fields that can be hidden.
    #[schema(required = false)]
    pub field_visibility: FieldVisibility,
}
