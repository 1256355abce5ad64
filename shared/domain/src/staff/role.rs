//! Roles and what they allow.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use crate::listing::Moment;
use crate::text::Line;

/// A name that cannot be.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum NameError {
    /// Not a role's.
    #[error("must be 1 to 50 small letters and underscores, and begin with a letter")]
    Role,
    /// Not a permission's.
    #[error("must be a resource and an action with a point between, such as users.read")]
    Permission,
}

/// The name of a role, such as `event_manager`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = "^[a-z][a-z_]{0,49}$", example = "event_manager")]
pub struct RoleName(String);

/// What can be allowed, such as `users.read`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = r"^[a-z_]{1,50}\.[a-z_]{1,50}$", example = "users.read")]
pub struct PermissionName(String);

fn is_word(text: &str) -> bool {
    (1..=50).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

impl TryFrom<String> for RoleName {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        if is_word(&text) && !text.starts_with('_') {
            Ok(Self(text))
        } else {
            Err(NameError::Role)
        }
    }
}

impl TryFrom<String> for PermissionName {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        match text.split_once('.') {
            Some((resource, action)) if is_word(resource) && is_word(action) => Ok(Self(text)),
            _ => Err(NameError::Permission),
        }
    }
}

macro_rules! name {
    ($name:ident) => {
        impl $name {
            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                text.to_owned().try_into()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

name!(RoleName);
name!(PermissionName);

/// What can be allowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PermissionListing {
    /// Its name.
    pub name: PermissionName,
    /// What it allows.
    pub description: String,
}

/// A named set of permissions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoleListing {
    /// Its name.
    pub name: RoleName,
    /// Whom it is for.
    pub description: String,
    /// Whether it came with the system: then it cannot be deleted.
    pub is_system: bool,
    /// What it allows.
    pub permissions: Vec<PermissionName>,
    /// How many accounts hold it now.
    #[schema(minimum = 0)]
    pub holder_count: i64,
    /// When it was made.
    pub created_at: Moment,
    /// When it last changed.
    pub updated_at: Moment,
    /// Raised by every change of it or of what it allows.
    pub version: i32,
}

/// A role as an administrator writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RoleDetails {
    /// Whom it is for.
    #[schema(value_type = String, min_length = 1, max_length = 300)]
    pub description: Line<300>,
    /// What it allows.
    #[schema(max_items = 100)]
    pub permissions: Vec<PermissionName>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words_of_small_letters() {
        for good in ["a", "event_manager"] {
            assert_eq!(good.parse::<RoleName>().unwrap().as_str(), good);
        }
        let long = "a".repeat(51);
        for bad in ["", "_a", "A", "a-b", "a.b", "é", long.as_str()] {
            assert_eq!(bad.parse::<RoleName>(), Err(NameError::Role), "{bad}");
        }
        assert!("users.read".parse::<PermissionName>().is_ok());
        for bad in ["users", "users.", ".read", "users.read.all", "Users.read"] {
            assert_eq!(bad.parse::<PermissionName>(), Err(NameError::Permission), "{bad}");
        }
    }
}
