//! Events: lists and single ones through the view `event_listings`, which tells where each stands now; writes to the table itself.

#[macro_use]
mod filtered;
mod analytics;
mod files;
mod list;
mod locked;
mod over;
mod remind;
mod row;
mod write;

use portal_domain::event::{EventStatus, EventType};
use portal_domain::geo::{Distance, LatLng};
use portal_domain::ids::{EventId, UserId};
use portal_domain::listing::{EventListing, Moment};
use serde::{Deserialize, Serialize};

use crate::projects::micros;

pub use analytics::figures;
pub use files::{
    EventFilePosition, KeptEventFile, NewEventFile, add_file, count_files, list_files, lookup_file,
    remove_file,
};
pub use list::{list, lookup, total};
pub use locked::{LockedEvent, lock};
pub use over::{Finished, finish, list_over};
pub use remind::{list_soon, remind};
pub(crate) use row::{amount, corrupt, word};
pub use write::{add, cancel, change, publish, remove, tell_of_change};

/// Which events a list shows. Values of one field are alternatives, fields narrow each other, and what is empty or absent filters
/// nothing.
#[derive(Clone, Debug, Default)]
pub struct EventFilters {
    /// What kinds.
    pub kinds: Vec<EventType>,
    /// Where they stand.
    pub statuses: Vec<EventStatus>,
    /// Cities, in any case.
    pub cities: Vec<String>,
    /// They begin at this moment or later.
    pub from: Option<Moment>,
    /// They begin before this.
    pub to: Option<Moment>,
    /// Words of the title, the description, the kind, the place or the city, as a search engine takes them.
    pub search: Option<String>,
    /// Who organizes them.
    pub organizer: Option<UserId>,
    /// The circle that they take place in.
    pub area: Option<(LatLng, Distance)>,
}

/// Where a list goes on: after the event that begins then, in microseconds since 1970, and this id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventPosition {
    starts_micros: i64,
    id: EventId,
}

/// An event of a list, with its distance from the middle of the circle, if there is one.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedEvent {
    /// The event.
    pub event: EventListing,
    /// How far it is, as the database measures it.
    pub distance: Option<Distance>,
}

impl ListedEvent {
    /// Where a list goes on after this event.
    #[must_use]
    pub fn position(&self) -> EventPosition {
        EventPosition {
            starts_micros: micros(self.event.starts_at),
            id: self.event.id,
        }
    }
}
