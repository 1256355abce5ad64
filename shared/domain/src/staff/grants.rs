//! Who may give and take which roles.
//!
//! Nobody gives what they do not have, nor takes it: a role counts with all that it allows. An account that may do more than the caller is
//! not the caller's to change. And of administrators, one stays; that rule needs all accounts at once, so the database keeps it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

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
    /// The roles that are given, taken, or held for another time, when these become `wanted`.
    pub fn changes<'a>(&'a self, wanted: &'a Self) -> impl Iterator<Item = &'a RoleName> {
        let differs = |grant: &&'a RoleGrant, other: &'a Self| !other.0.contains(grant);
        let taken = self.0.iter().filter(move |grant| differs(grant, wanted));
        let given = wanted.0.iter().filter(move |grant| differs(grant, self));
        taken.chain(given).map(|grant| &grant.role)
    }
}

/// Whether a caller may bring an account from some roles to others. `allowed` says what a role allows.
///
/// # Errors
/// [`GrantRefusal::Lacking`] for the first role that is not the caller's to give or take.
pub fn judge_grants(
    caller: &Powers,
    before: &Grants,
    after: &Grants,
    allowed: impl Fn(&RoleName) -> Powers,
) -> Result<(), GrantRefusal> {
    for role in before.changes(after) {
        let missing = missing(&allowed(role), caller);
        if !missing.is_empty() {
            return Err(GrantRefusal::Lacking {
                role: role.clone(),
                missing,
            });
        }
    }
    Ok(())
}

/// Whether a caller may change what a role allows.
///
/// # Errors
/// [`GrantRefusal::Administrator`] for the role of administrators, and [`GrantRefusal::Lacking`] where something is put in or taken out that
/// the caller does not have.
pub fn judge_edit(
    caller: &Powers,
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
    let missing = missing(&changed, caller);
    if missing.is_empty() {
        Ok(())
    } else {
        Err(GrantRefusal::Lacking {
            role: role.clone(),
            missing,
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn powers(numbers: impl IntoIterator<Item = usize>) -> Powers {
        const ALL: [&str; 5] = ["a.a", "b.b", "c.c", "d.d", "e.e"];
        numbers
            .into_iter()
            .map(|number| ALL[number].parse().unwrap())
            .collect()
    }

    fn role(number: usize) -> RoleName {
        ["one", "two", "three", "four"][number].parse().unwrap()
    }

    fn grants(numbers: &[usize]) -> Grants {
        let grants = numbers.iter().map(|number| RoleGrant {
            role: role(*number),
            expires_at: None,
        });
        Grants(grants.collect())
    }

    #[test]
    fn only_what_changes_is_asked_about() {
        let all = |_: &RoleName| powers([0]);
        assert_eq!(
            judge_grants(&powers([]), &grants(&[0, 1]), &grants(&[1, 0]), all),
            Ok(())
        );
        let refusal = judge_grants(&powers([]), &grants(&[0]), &grants(&[0, 1]), all).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "You may not give, take or edit two: it takes a.a, which you do not have."
        );
        assert!(
            judge_grants(&powers([]), &grants(&[0]), &grants(&[]), all).is_err(),
            "nor taken"
        );
    }

    #[test]
    fn another_end_is_a_change() {
        let until = Grants(vec![RoleGrant {
            role: role(0),
            expires_at: Some("2031-01-01T00:00:00Z".parse().unwrap()),
        }]);
        assert!(judge_grants(&powers([]), &grants(&[0]), &until, |_| powers([1])).is_err());
        assert_eq!(
            judge_grants(&powers([1]), &grants(&[0]), &until, |_| powers([1])),
            Ok(())
        );
    }

    #[test]
    fn the_role_of_administrators_is_not_edited() {
        let administrator: RoleName = ADMINISTRATOR.parse().unwrap();
        let (some, all) = (powers([0]), powers([0, 1]));
        assert_eq!(judge_edit(&all, &administrator, &all, &all), Ok(()));
        assert_eq!(
            judge_edit(&all, &administrator, &all, &some),
            Err(GrantRefusal::Administrator)
        );
    }

    fn drawn() -> impl Strategy<Value = Powers> {
        prop::collection::btree_set(0..5_usize, 0..5).prop_map(powers)
    }

    proptest! {
        /// Nobody comes to more by giving, whoever gives what to whom: what the receiver gains, the giver has.
        #[test]
        fn nobody_gives_what_they_do_not_have(
            caller in drawn(),
            roles in prop::collection::vec(drawn(), 4),
            before in prop::collection::btree_set(0..4_usize, 0..4),
            after in prop::collection::btree_set(0..4_usize, 0..4),
        ) {
            let allowed = |name: &RoleName| roles[(0..4).find(|number| role(*number) == *name).unwrap()].clone();
            let sum = |held: &std::collections::BTreeSet<usize>| -> Powers { held.iter().flat_map(|number| roles[*number].clone()).collect() };
            let list = |held: &std::collections::BTreeSet<usize>| grants(&held.iter().copied().collect::<Vec<_>>());
            let judged = judge_grants(&caller, &list(&before), &list(&after), allowed);
            let moved: Powers = before.symmetric_difference(&after).flat_map(|number| roles[*number].clone()).collect();
            prop_assert_eq!(judged.is_ok(), moved.is_subset(&caller));
            if judged.is_ok() {
                let gained: Powers = sum(&after).difference(&sum(&before)).cloned().collect();
                prop_assert!(gained.is_subset(&caller));
            }
        }

        /// An edit that is admitted changes nothing but what the caller has.
        #[test]
        fn nobody_edits_what_they_do_not_have(caller in drawn(), before in drawn(), after in drawn()) {
            let judged = judge_edit(&caller, &role(0), &before, &after);
            let changed: Powers = before.symmetric_difference(&after).cloned().collect();
            prop_assert_eq!(judged.is_ok(), changed.is_subset(&caller));
        }

        /// Who may change an account may do all that it may.
        #[test]
        fn nobody_changes_who_may_do_more(caller in drawn(), person in drawn()) {
            prop_assert_eq!(judge_person(&caller, &person).is_ok(), person.is_subset(&caller));
        }
    }
}
