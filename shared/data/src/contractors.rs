//! The directory of licensed contractors, read through the view `contractor_listings`.

mod list;
mod outreach;
mod row;
mod show;

use portal_domain::bounding_box::BoundingBox;
use portal_domain::contractor::Classification;
use portal_domain::geo::{Distance, LatLng};
use portal_domain::listing::ContractorListing;
use serde::{Deserialize, Serialize};

pub use crate::place::ExactMetres;
pub use list::{list, list_near, total};
pub use outreach::{Outreach, VersionedOutreach, change_outreach, list_outreach, lock_outreach};
pub use show::{VersionedContractor, lookup};

/// Which contractors a list shows. Values of one field are alternatives, fields narrow each other, and what is empty or absent
/// filters nothing.
#[derive(Clone, Debug, Default)]
pub struct ContractorFilters {
    /// Licence classes, of which a contractor has at least one.
    pub classes: Vec<Classification>,
    /// Primary statuses, in any case.
    pub statuses: Vec<String>,
    /// Whether the primary status is `CLEAR`.
    pub in_good_standing: Option<bool>,
    /// Cities, in any case.
    pub cities: Vec<String>,
    /// Counties, in any case.
    pub counties: Vec<String>,
    /// Words of the name, the place, the classes or the number, as a search engine takes them.
    pub search: Option<String>,
    /// Whether the firm belongs to the association.
    pub is_member: Option<bool>,
    /// Whether the licence has vanished from the state's file.
    pub is_removed: Option<bool>,
    /// The circle that a contractor stands in.
    pub area: Option<(LatLng, Distance)>,
    /// The box that a contractor stands in.
    pub bounds: Option<BoundingBox>,
}

/// Where a list by name goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamePosition {
    /// The name of the last contractor that was shown.
    pub display_name: String,
    /// Its licence number.
    pub license_number: String,
}

/// Where a list by distance goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DistancePosition {
    /// The distance of the last contractor that was shown.
    pub metres: ExactMetres,
    /// Its licence number.
    pub license_number: String,
}

/// A contractor with its distance from the middle of the circle.
#[derive(Clone, Debug, PartialEq)]
pub struct NearbyContractor {
    /// The contractor.
    pub contractor: ContractorListing,
    /// How far it is, as the database measures it.
    pub distance: Distance,
}

impl NamePosition {
    /// Where a list goes on after a contractor.
    #[must_use]
    pub fn after(contractor: &ContractorListing) -> Self {
        Self {
            display_name: contractor.display_name.clone(),
            license_number: contractor.license_number.to_string(),
        }
    }
}
