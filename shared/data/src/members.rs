//! The directory of members, and what members write about themselves.
//!
//! Lists read the view `member_directory`, in which what a member hides from the caller is NULL. Whatever asks for a place reads
//! `member_locations`, which leaves out those who hide theirs and whose bare columns reach their indexes. Search, filters and
//! facets name columns of these views alone, so that nothing can be found out by them that cannot be seen.

#[macro_use]
mod filtered;
mod arguments;
mod count;
mod facets;
mod license;
mod list;
mod own;
mod row;
mod skills;

use portal_domain::geo::{Distance, LatLng};
use portal_domain::ids::UserId;
use portal_domain::listing::MemberListing;
use portal_domain::member::{MemberOrder, MemberType, SkillLevel};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::place::ExactMetres;

pub use count::total;
pub use facets::{FACET_CAP, FacetCounts, FacetValue, facets};
pub use license::{ClaimOutcome, claim_license, release_license};
pub use list::{list, lookup};
pub use own::{VersionedProfile, change, lock_own, lookup_own};
pub use skills::{count_vocabulary, list_vocabulary, replace_skills, unknown_skills};

/// Which members a list shows. Values of one field are alternatives, fields narrow each other, and what is empty or absent filters
/// nothing.
#[derive(Clone, Debug, Default)]
pub struct MemberFilters {
    /// Words of the name, the firm, the title, the skills or the bio, as a search engine takes them.
    pub search: Option<String>,
    /// Cities, in any case, of members who show their address.
    pub cities: Vec<String>,
    /// States, the same.
    pub states: Vec<String>,
    /// Skills, in any case, of which a member has at least one.
    pub skills: Vec<String>,
    /// How well, at least.
    pub least_level: Option<SkillLevel>,
    /// Kinds of accounts.
    pub member_types: Vec<MemberType>,
    /// Languages, in any case, of which a member speaks at least one.
    pub languages: Vec<String>,
    /// The circle that a member who shows the address is in.
    pub area: Option<(LatLng, Distance)>,
}

impl MemberFilters {
    /// Whether something asks where members are, which only those answer who show their address.
    pub(crate) fn ask_for_places(&self) -> bool {
        !self.cities.is_empty() || !self.states.is_empty() || self.area.is_some()
    }
}

/// Where a list goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum MemberPosition {
    /// After this name.
    Name {
        /// The last name.
        last_name: String,
        /// The first name.
        first_name: String,
        /// The id, among those of one name.
        id: UserId,
    },
    /// After this account.
    Newest {
        /// When it was made, in microseconds since 1970.
        created_micros: i64,
        /// Its id, among those of one moment.
        id: UserId,
    },
    /// After this distance.
    Distance {
        /// The distance.
        metres: ExactMetres,
        /// The id, among those at one distance.
        id: UserId,
    },
}

/// A member in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundMember {
    /// What the caller may see.
    pub member: MemberListing,
    /// Counts the row's changes.
    pub version: i32,
    /// When the account was made.
    pub created_at: OffsetDateTime,
    /// How far the member is from the middle of the circle, where there is one.
    pub distance: Option<Distance>,
}

impl FoundMember {
    /// Where a list in this order goes on after this member.
    #[must_use]
    pub fn position(&self, order: MemberOrder) -> MemberPosition {
        let id = self.member.id;
        match order {
            MemberOrder::Name => MemberPosition::Name {
                last_name: self.member.last_name.clone(),
                first_name: self.member.first_name.clone(),
                id,
            },
            MemberOrder::Newest => MemberPosition::Newest {
                created_micros: i64::try_from(self.created_at.unix_timestamp_nanos() / 1_000)
                    .unwrap_or(i64::MAX),
                id,
            },
            MemberOrder::Distance => MemberPosition::Distance {
                metres: ExactMetres(self.distance.map_or(0.0, Distance::metres)),
                id,
            },
        }
    }
}
