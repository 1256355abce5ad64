//! How often secrets may be guessed, and what an answer says about it.

use std::time::Duration;

use portal_data::Tx;
use portal_data::throttle::{self, Admission, Count, Rule, Subject};
use portal_domain::ids::UserId;
use portal_http::rate_limit::{Limit, RateLimits, Standing};
use portal_http::{Call, Problem};
use time::OffsetDateTime;

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Few, because an account has one owner, who knows the password or sets a new one.
const fn few(name: &'static str) -> Rule {
    Rule {
        name,
        free: 5,
        first_lock: Duration::from_secs(10),
        longest_lock: Duration::from_secs(900),
        forgotten_after: DAY,
    }
}

/// Many, because whole offices share an address.
const fn many(name: &'static str) -> Rule {
    Rule {
        free: 30,
        forgotten_after: HOUR,
        ..few(name)
    }
}

/// Three of a million codes are right at any time, and whoever tries them has the password: at the longest lock, guessing for a year
/// succeeds with a probability below one in a hundred.
const fn codes(name: &'static str) -> Rule {
    Rule {
        longest_lock: Duration::from_secs(4 * 3600),
        forgotten_after: Duration::from_secs(7 * 24 * 3600),
        ..few(name)
    }
}

/// Passwords for one account, from devices that it does not know.
pub(crate) static LOG_IN_ACCOUNT: Rule = few("log-in-account");
/// Passwords for one account from a device that has signed in to it before: its own count, so that nobody who guesses from elsewhere
/// can keep its owner out.
pub(crate) static LOG_IN_DEVICE: Rule = few("log-in-device");
/// Passwords from one address, for whatever account.
pub(crate) static LOG_IN_ADDRESS: Rule = many("log-in-address");
/// Registrations from one address.
pub(crate) static REGISTER_ADDRESS: Rule = many("register-address");
/// Requests for a link by which a password is set, from one address.
pub(crate) static FORGOT_ADDRESS: Rule = many("forgot-address");
/// Such links to one account. Past the limit no more are sent and nobody is told; the last one is good for longer than the longest
/// lock, so the owner always has one.
pub(crate) static FORGOT_ACCOUNT: Rule = Rule {
    free: 3,
    first_lock: Duration::from_secs(300),
    longest_lock: HOUR,
    ..few("forgot-account")
};
/// Tokens out of mails, from one address.
pub(crate) static TOKEN_ADDRESS: Rule = many("token-address");
/// The password of somebody who is signed in already.
pub(crate) static PASSWORD_MEMBER: Rule = few("password-member");
/// Links to new addresses, of somebody who is signed in: each is a mail to whatever address is named.
pub(crate) static EMAIL_CHANGE_MEMBER: Rule = Rule {
    first_lock: Duration::from_secs(300),
    longest_lock: HOUR,
    ..few("email-change-member")
};
/// Codes of the second factor for one account, whose password was right.
pub(crate) static SECOND_FACTOR_MEMBER: Rule = codes("second-factor-member");
/// The same from a device that has signed in to the account before: its own count, as for passwords.
pub(crate) static SECOND_FACTOR_DEVICE: Rule = codes("second-factor-device");
/// Codes of somebody who is signed in already.
pub(crate) static CODE_MEMBER: Rule = few("code-member");
/// Secrets for authenticators, of somebody who is signed in.
pub(crate) static ENROL_MEMBER: Rule = Rule {
    free: 30,
    ..few("enrol-member")
};

/// The counter of the address that a call comes from.
pub(crate) fn of_address(rule: &'static Rule, call: &Call) -> Vec<Subject> {
    call.address()
        .map(|address| Subject::address(rule, address))
        .into_iter()
        .collect()
}

/// An attempt that has been counted.
pub(crate) struct Admitted {
    counts: Vec<Count>,
    now: OffsetDateTime,
}

impl Admitted {
    /// For the headers of the answer.
    pub(crate) fn rate_limits(&self) -> RateLimits {
        rate_limits(&self.counts, self.now)
    }

    /// How many attempts in a row have not succeeded, this one included, by the subject that has made the most.
    pub(crate) fn attempts(&self) -> u32 {
        let failures = self.counts.iter().map(|count| count.failures);
        failures.max().unwrap_or(0)
    }

    /// When this attempt was the one that locked a subject for the first time: until when.
    pub(crate) fn first_lock(&self, rule: &Rule) -> Option<OffsetDateTime> {
        let count = self.counts.iter().find(|count| count.rule.name == rule.name)?;
        count.locked_until.filter(|_| count.failures == rule.free)
    }
}

/// Counts an attempt, and commits, before anything is verified.
///
/// # Errors
/// A 429 problem when a subject is locked; the attempt counts against none then.
pub(crate) async fn admit(
    tx: Tx,
    subjects: &[Subject],
    user: Option<UserId>,
    now: OffsetDateTime,
) -> Result<Admitted, Problem> {
    let (tx, admitted) = count(tx, subjects, user, now).await?;
    tx.commit().await?;
    Ok(admitted)
}

/// The same, with the verification itself, which begins once the attempt is admitted and runs while its count is committed.
/// What came of it is not known to anybody before the count is safe.
///
/// # Errors
/// As [`admit`], and those of the work.
pub(crate) async fn admit_to<T>(
    tx: Tx,
    subjects: &[Subject],
    user: Option<UserId>,
    now: OffsetDateTime,
    work: impl Future<Output = Result<T, Problem>>,
) -> Result<(Admitted, T), Problem> {
    let (tx, admitted) = count(tx, subjects, user, now).await?;
    let (committed, outcome) = tokio::join!(tx.commit(), work);
    committed?;
    Ok((admitted, outcome?))
}

/// The same without the commit, which is the caller's to do before anything is verified: what hangs on the count can be written
/// together with it.
///
/// # Errors
/// As [`admit`].
pub(crate) async fn count(
    mut tx: Tx,
    subjects: &[Subject],
    user: Option<UserId>,
    now: OffsetDateTime,
) -> Result<(Tx, Admitted), Problem> {
    match throttle::admit(&mut tx, subjects, user, now).await? {
        Admission::Admitted(counts) => Ok((tx, Admitted { counts, now })),
        Admission::Refused(counts) => {
            tx.rollback().await?;
            Err(rate_limits(&counts, now).refuse("Too many attempts: wait as long as Retry-After says."))
        }
    }
}

fn rate_limits(counts: &[Count], now: OffsetDateTime) -> RateLimits {
    RateLimits::of(counts.iter().map(|count| {
        let locked_for = count.locked_until.map(|until| until - now);
        let locked_for = locked_for.and_then(|wait| Duration::try_from(wait).ok());
        let locked_for = locked_for.filter(|wait| !wait.is_zero());
        Standing {
            limit: Limit {
                name: count.rule.name,
                quota: count.rule.free,
                window: count.rule.forgotten_after,
            },
            remaining: match locked_for {
                Some(_) => 0,
                None => count.rule.free.saturating_sub(count.failures).max(1),
            },
            resets_in: locked_for.unwrap_or(count.rule.forgotten_after),
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse as _;
    use portal_data::leftovers;

    #[test]
    fn every_rule_has_its_own_name_and_can_be_counted() {
        let rules = [
            &LOG_IN_ACCOUNT,
            &LOG_IN_DEVICE,
            &LOG_IN_ADDRESS,
            &REGISTER_ADDRESS,
            &FORGOT_ADDRESS,
            &FORGOT_ACCOUNT,
            &TOKEN_ADDRESS,
            &PASSWORD_MEMBER,
            &EMAIL_CHANGE_MEMBER,
            &SECOND_FACTOR_MEMBER,
            &SECOND_FACTOR_DEVICE,
            &CODE_MEMBER,
            &ENROL_MEMBER,
        ];
        let names: std::collections::HashSet<_> = rules.iter().map(|rule| rule.name).collect();
        assert_eq!(names.len(), rules.len());
        assert!(
            rules
                .iter()
                .all(|rule| rule.free >= 2 && rule.first_lock <= rule.longest_lock)
        );
        // The upkeep deletes no count that still matters.
        assert!(rules.iter().all(|rule| {
            let matters = rule.forgotten_after.max(rule.longest_lock);
            leftovers::ATTEMPTS_STAY > matters
        }));
    }

    #[test]
    fn a_locked_subject_has_nothing_left_until_its_lock_ends() {
        let now = OffsetDateTime::UNIX_EPOCH;
        let count = |failures, locked_until| Count {
            rule: &LOG_IN_ACCOUNT,
            failures,
            locked_until,
        };
        let header = |count| {
            let response = (rate_limits(&[count], now), ()).into_response();
            response.headers()["ratelimit"].to_str().unwrap().to_owned()
        };
        assert_eq!(header(count(2, None)), "\"log-in-account\";r=3;t=86400");
        let locked = count(5, Some(now + Duration::from_secs(10)));
        assert_eq!(header(locked), "\"log-in-account\";r=0;t=10");
        assert_eq!(header(count(5, Some(now))), "\"log-in-account\";r=1;t=86400");
        let admitted = Admitted {
            counts: vec![locked],
            now,
        };
        assert_eq!(admitted.attempts(), 5);
        assert_eq!(admitted.first_lock(&LOG_IN_ACCOUNT), locked.locked_until);
        assert_eq!(admitted.first_lock(&LOG_IN_DEVICE), None);
    }
}
