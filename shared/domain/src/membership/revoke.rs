//! What a full refund does to a member's memberships.

use time::OffsetDateTime;

use super::grant::{line_up, waiting};
use super::{Change, Membership, MembershipState, MembershipTerms, PeriodError};
use crate::ids::MembershipId;

/// Takes back a membership whose payment was given back whole.
///
/// One that is over is called off and nothing else changes: what was used was used. One that is in force ends now; what an upgrade or a renewal
/// had replaced for it comes back, if it had time left or is still borne with and is worth something. One that waits never begins. What waits behind it moves up, as
/// long as it was bought, so that nothing that is paid for is lost.
///
/// On the way two may overlap; in the end none do. One that is not live, or not there, changes nothing.
///
/// # Errors
/// [`PeriodError`] for impossible years.
pub fn revoke(
    schedule: &[Membership],
    id: MembershipId,
    now: OffsetDateTime,
    terms: &MembershipTerms,
) -> Result<Vec<Change>, PeriodError> {
    let Some(gone) = schedule.iter().find(|one| one.id == id && one.is_live()) else {
        return Ok(Vec::new());
    };
    let mut changes = vec![Change::Cancel { id }];
    if gone.period.ends_at() <= now {
        return Ok(changes);
    }
    let waiting = waiting(schedule, gone.period.ends_at());
    let old = schedule.iter().find(|old| {
        old.state == MembershipState::Replaced
            && old.replaced_by == Some(id)
            // All of its money may have gone back at Stripe, although it counted towards this one.
            && !old.value.is_zero()
            && now < terms.grace_until(old.period.ends_at())
            // One that is only borne with has nothing to give to what waits, which then begins now.
            && (now < old.period.ends_at() || waiting.is_empty())
    });
    changes.extend(old.map(|old| Change::Restore { id: old.id }));
    let before = schedule
        .iter()
        .find(|other| other.is_live() && other.id != id && other.period.ends_at() == gone.period.starts_at());
    let behind = old.or(before).map(|one| one.period);
    let behind = behind.filter(|period| now < period.ends_at());
    changes.extend(line_up(&waiting, behind, now)?);
    Ok(changes)
}

/// The membership that this one was counted towards when it was replaced before its end, while that one is live: its money is in the other
/// and cannot be given back before the other's.
#[must_use]
pub fn counted_towards(schedule: &[Membership], id: MembershipId) -> Option<MembershipId> {
    let old = schedule.iter().find(|one| one.id == id)?;
    let by = schedule
        .iter()
        .find(|one| Some(one.id) == old.replaced_by && one.is_live())?;
    (by.period.starts_at() < old.period.ends_at()).then_some(by.id)
}
