//! Who may give and take which roles.
//!
//! Nobody gives what they do not have, nor takes it: a role counts with all that it allows. An account that may do more than the caller is
//! not the caller's to change. What somebody has for a while they give for no longer, and put into no role, since a role has no end. And of
//! administrators, one stays; that rule needs all accounts at once, so the database keeps it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::reach::Reach;
use super::{ADMINISTRATOR, PermissionName, RoleName};
use crate::listing::Moment;

/// What somebody may do.
pub type Powers = BTreeSet<PermissionName>;

/// A role that an account is to hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoleGrant {
    /// The role.
    pub role: RoleName,
    /// Until when; for good where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Moment>,
}

/// The roles that an account holds, or is to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants(pub Vec<RoleGrant>);

/// Why roles cannot be given or taken so.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum GrantRefusal {
    /// The caller lacks some of what the role allows.
    #[error("You may not give, take or edit {role}: it takes {}, which you do not have.", list(.missing))]
    Lacking {
        /// The role.
        role: RoleName,
        /// What the caller lacks.
        missing: Vec<PermissionName>,
    },
    /// The caller has some of what the role allows, but not for so long.
    #[error("You may not give {role} for so long: it takes {}, which you have for a shorter time.", list(.shorter))]
    TooLong {
        /// The role.
        role: RoleName,
        /// What the caller has for a shorter time.
        shorter: Vec<PermissionName>,
    },
    /// The account may do what the caller may not.
    #[error("This account may do what you may not ({}): somebody who may changes it.", list(.0))]
    Above(Vec<PermissionName>),
    /// The permissions of administrators are all there are.
    #[error("The role administrator allows everything: its permissions stay as they are.")]
    Administrator,
}

fn list(names: &[PermissionName]) -> String {
    names
        .iter()
        .map(PermissionName::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}

fn missing(of: &Powers, caller: &Powers) -> Vec<PermissionName> {
    of.difference(caller).cloned().collect()
}

impl Grants {
    /// Those that the other ones are not: the roles that are given to come from those to these, or taken to come from these to those. A role
    /// that is held for another time is both.
    fn beyond<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a RoleGrant> {
        self.0.iter().filter(|grant| !other.0.contains(grant))
    }
}

/// Whether a caller may bring an account from some roles to others. `allowed` says what a role allows.
///
/// # Errors
/// [`GrantRefusal::Lacking`] for the first role that is not the caller's to give or take, and [`GrantRefusal::TooLong`] for the first that
/// would outlast what the caller has.
pub fn judge_grants(
    caller: &Reach,
    before: &Grants,
    after: &Grants,
    allowed: impl Fn(&RoleName) -> Powers,
) -> Result<(), GrantRefusal> {
    let own = caller.powers();
    for grant in before.beyond(after).chain(after.beyond(before)) {
        let missing = missing(&allowed(&grant.role), &own);
        if !missing.is_empty() {
            return Err(GrantRefusal::Lacking {
                role: grant.role.clone(),
                missing,
            });
        }
    }
    for grant in after.beyond(before) {
        let shorter = caller.shorter(&allowed(&grant.role), grant.expires_at);
        if !shorter.is_empty() {
            return Err(GrantRefusal::TooLong {
                role: grant.role.clone(),
                shorter,
            });
        }
    }
    Ok(())
}

/// Whether a caller may change what a role allows.
///
/// # Errors
/// [`GrantRefusal::Administrator`] for the role of administrators, [`GrantRefusal::Lacking`] where something is put in or taken out that
/// the caller does not have, and [`GrantRefusal::TooLong`] where something is put in that the caller has for a while.
pub fn judge_edit(
    caller: &Reach,
    role: &RoleName,
    before: &Powers,
    after: &Powers,
) -> Result<(), GrantRefusal> {
    if before == after {
        return Ok(());
    }
    if role.as_str() == ADMINISTRATOR {
        return Err(GrantRefusal::Administrator);
    }
    let changed: Powers = before.symmetric_difference(after).cloned().collect();
    let missing = missing(&changed, &caller.powers());
    if !missing.is_empty() {
        return Err(GrantRefusal::Lacking {
            role: role.clone(),
            missing,
        });
    }
    let added: Powers = after.difference(before).cloned().collect();
    let shorter = caller.shorter(&added, None);
    if shorter.is_empty() {
        Ok(())
    } else {
        Err(GrantRefusal::TooLong {
            role: role.clone(),
            shorter,
        })
    }
}

/// Whether a caller may approve, suspend, reinstate or merge an account.
///
/// # Errors
/// [`GrantRefusal::Above`] where the account may do what the caller may not.
pub fn judge_person(caller: &Powers, person: &Powers) -> Result<(), GrantRefusal> {
    let above = missing(person, caller);
    if above.is_empty() {
        Ok(())
    } else {
        Err(GrantRefusal::Above(above))
    }
}

#[cfg(test)]
mod tests;
