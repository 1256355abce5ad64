//! Things that an answer holds by their id, or in full where that was asked for.

use serde::Deserialize;

/// A thing, or its id.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Expandable<T> {
    /// Only its id.
    Id(String),
    /// All of it.
    Full(Box<T>),
}

/// What has an id at Stripe.
pub trait Identified {
    /// The id.
    fn id(&self) -> &str;
}

impl<T> Expandable<T> {
    /// The thing, where it is there.
    #[must_use]
    pub fn full(&self) -> Option<&T> {
        match self {
            Self::Id(_) => None,
            Self::Full(thing) => Some(thing),
        }
    }
}

impl<T: Identified> Expandable<T> {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Id(id) => id,
            Self::Full(thing) => thing.id(),
        }
    }
}
