//! What somebody may do, and for how long.

use std::collections::BTreeMap;

use super::{PermissionName, Powers};
use crate::listing::Moment;

/// What somebody may do, each with until when; what has no end is for good.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach(BTreeMap<PermissionName, Option<Moment>>);

impl Reach {
    /// All of it, however long.
    #[must_use]
    pub fn powers(&self) -> Powers {
        self.0.keys().cloned().collect()
    }

    /// What of these does not last until a moment, or for good.
    #[must_use]
    pub fn shorter(&self, wanted: &Powers, until: Option<Moment>) -> Vec<PermissionName> {
        let lasts = |permission: &&PermissionName| match (self.0.get(*permission), until) {
            (Some(None), _) => true,
            (Some(Some(end)), Some(until)) => *end >= until,
            (Some(Some(_)), None) | (None, _) => false,
        };
        wanted
            .iter()
            .filter(|permission| !lasts(permission))
            .cloned()
            .collect()
    }
}

impl FromIterator<(PermissionName, Option<Moment>)> for Reach {
    fn from_iter<I: IntoIterator<Item = (PermissionName, Option<Moment>)>>(held: I) -> Self {
        Self(held.into_iter().collect())
    }
}
