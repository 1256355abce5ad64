//! Limits on guessing: attempts are counted by subject before anything is verified, and a success gives its count back.
//!
//! Counting first means that many guesses at once cannot pass a limit. A subject is a limit's name and whom it counts, kept as a
//! hash; whether there is an account behind an e-mail address makes no difference. After its free attempts a subject is locked, for
//! twice as long after each further attempt up to a bound; attempts on a locked subject are refused and not counted.

use std::net::IpAddr;
use std::time::Duration;

use portal_domain::ids::UserId;
use ring::digest::{Context, SHA256};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{DataError, Tx};

/// How many attempts of one kind a subject may make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What is counted: lower-case letters and hyphens. Rules of different names never share a count.
    pub name: &'static str,
    /// Attempts before the first lock; at least two.
    pub free: u32,
    /// The first lock; each one after it is twice as long.
    pub first_lock: Duration,
    /// The longest lock.
    pub longest_lock: Duration,
    /// After so long without an attempt the count begins again.
    pub forgotten_after: Duration,
}

/// Whom a rule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Account,
    Address,
    Device,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "ACCOUNT",
            Self::Address => "ADDRESS",
            Self::Device => "DEVICE",
        }
    }
}

/// One counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    rule: &'static Rule,
    kind: Kind,
    hash: Vec<u8>,
}

impl Subject {
    /// An account, by the folded form of its address: it need not exist.
    #[must_use]
    pub fn account(rule: &'static Rule, folded_email: &str) -> Self {
        Self::new(rule, Kind::Account, &[folded_email.as_bytes()])
    }

    /// An account that is known to exist.
    #[must_use]
    pub fn member(rule: &'static Rule, user: UserId) -> Self {
        Self::new(rule, Kind::Account, &[user.as_uuid().as_bytes()])
    }

    /// An address. Of IPv6 the first 64 bits count: one customer has all the rest.
    #[must_use]
    pub fn address(rule: &'static Rule, address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self::new(rule, Kind::Address, &[&address.octets()]),
            IpAddr::V6(address) => {
                let network = address.octets();
                Self::new(rule, Kind::Address, &[network.get(..8).unwrap_or(&network)])
            }
        }
    }

    /// A device that has signed in to an account before.
    #[must_use]
    pub fn device(rule: &'static Rule, user: UserId, device_hash: &[u8]) -> Self {
        Self::new(rule, Kind::Device, &[user.as_uuid().as_bytes(), device_hash])
    }

    fn new(rule: &'static Rule, kind: Kind, parts: &[&[u8]]) -> Self {
        let mut digest = Context::new(&SHA256);
        digest.update(rule.name.as_bytes());
        for part in parts {
            digest.update(&[0]);
            digest.update(part);
        }
        Self {
            rule,
            kind,
            hash: digest.finish().as_ref().to_vec(),
        }
    }

    /// The rule that counts it.
    #[must_use]
    pub const fn rule(&self) -> &'static Rule {
        self.rule
    }
}

/// Where a subject stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// The rule.
    pub rule: &'static Rule,
    /// Attempts that have not succeeded, this one among them unless it was refused.
    pub failures: u32,
    /// Until when further attempts are refused.
    pub locked_until: Option<OffsetDateTime>,
}

/// Whether an attempt may go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It has been counted. Commit before verifying, so that it stays counted whatever comes.
    Admitted(Vec<Count>),
    /// These subjects are locked; roll back, so that the attempt counts against none.
    Refused(Vec<Count>),
}

/// Counts an attempt against every subject, which are of different kinds, and says whether it may go on. `user` is noted with the
/// counts where the caller has proved to be them. Not before: a note of whose account it is would make a wrong password for an
/// address with an account take longer than for one without.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn admit(
    tx: &mut Tx,
    subjects: &[Subject],
    user: Option<UserId>,
    now: OffsetDateTime,
) -> Result<Admission, DataError> {
    let column = |value: fn(&Rule) -> f64| -> Vec<f64> { subjects.iter().map(|s| value(s.rule)).collect() };
    let rows = sqlx::query_file_as!(
        Row,
        "src/throttle/admit.sql",
        &kinds(subjects) as &[&str],
        &hashes(subjects),
        &column(|rule| f64::from(rule.free)),
        &column(|rule| rule.first_lock.as_secs_f64()),
        &column(|rule| rule.longest_lock.as_secs_f64()),
        &column(|rule| rule.forgotten_after.as_secs_f64()),
        user.map(UserId::as_uuid) as Option<Uuid>,
        now,
    )
    .fetch_all(&mut *tx)
    .await?;
    let (counted, locked): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.counted);
    if !locked.is_empty() {
        return counts(subjects, &locked).map(Admission::Refused);
    }
    if counted.len() == subjects.len() {
        return counts(subjects, &counted).map(Admission::Admitted);
    }
    // Somebody else's attempt has locked one in this moment.
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT a.subject_hash, a.failures, a.locked_until, false AS "counted!"
        FROM unnest($1::text[], $2::bytea[]) AS s (kind, hash)
        JOIN login_attempts AS a ON a.subject_kind = s.kind AND a.subject_hash = s.hash
        WHERE a.locked_until > $3"#,
        &kinds(subjects) as &[&str],
        &hashes(subjects),
        now,
    )
    .fetch_all(&mut *tx)
    .await?;
    counts(subjects, &rows).map(Admission::Refused)
}

/// Gives the count of a successful attempt back. Of accounts and devices all failures are forgiven; of an address only
/// this one, or else whoever has an account of his own could guess without end between his own sign-ins. A sign-in itself is
/// forgiven what it was counted for by [`crate::sign_ins::add`], which notes it with the counts.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn forgive(tx: &mut Tx, subjects: &[Subject], now: OffsetDateTime) -> Result<(), DataError> {
    sqlx::query!(
        "SELECT app.forgive_attempts($1, $2, NULL, $3)",
        &kinds(subjects) as &[&str],
        &hashes(subjects),
        now,
    )
    .fetch_one(&mut *tx)
    .await?;
    Ok(())
}

struct Row {
    subject_hash: Vec<u8>,
    failures: i32,
    locked_until: Option<OffsetDateTime>,
    counted: bool,
}

pub(crate) fn kinds(subjects: &[Subject]) -> Vec<&'static str> {
    subjects.iter().map(|subject| subject.kind.as_str()).collect()
}

pub(crate) fn hashes(subjects: &[Subject]) -> Vec<Vec<u8>> {
    subjects.iter().map(|subject| subject.hash.clone()).collect()
}

fn counts(subjects: &[Subject], rows: &[Row]) -> Result<Vec<Count>, DataError> {
    let of = |row: &Row| {
        let subject = subjects.iter().find(|subject| subject.hash == row.subject_hash);
        let failures = u32::try_from(row.failures).ok();
        subject.zip(failures).map(|(subject, failures)| Count {
            rule: subject.rule,
            failures,
            locked_until: row.locked_until,
        })
    };
    let counts: Option<Vec<_>> = rows.iter().map(of).collect();
    counts.ok_or_else(|| DataError::Corrupt {
        table: "login_attempts",
        reason: "a negative count, or a subject that was not asked for".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    static RULE: Rule = Rule {
        name: "test",
        free: 5,
        first_lock: Duration::from_secs(10),
        longest_lock: Duration::from_secs(900),
        forgotten_after: Duration::from_secs(86_400),
    };

    static OTHER: Rule = Rule {
        name: "other",
        ..RULE
    };

    fn address(text: &str) -> Subject {
        Subject::address(&RULE, text.parse().unwrap())
    }

    #[test]
    fn an_ipv6_customer_is_one_subject_and_an_ipv4_address_is_itself() {
        assert_eq!(address("2001:db8:1:2::1"), address("2001:db8:1:2:ffff::9"));
        assert_ne!(address("2001:db8:1:2::1"), address("2001:db8:1:3::1"));
        assert_ne!(address("192.0.2.1"), address("192.0.2.2"));
        assert_eq!(address("::ffff:192.0.2.1"), address("192.0.2.1"));
    }

    #[test]
    fn rules_and_kinds_do_not_share_counts() {
        let user = UserId::from(Uuid::nil());
        let subjects = [
            Subject::account(&RULE, "a@example.org"),
            Subject::account(&OTHER, "a@example.org"),
            Subject::member(&RULE, user),
            Subject::device(&RULE, user, b"device"),
            Subject::device(&RULE, user, b"another"),
        ];
        let hashes: std::collections::HashSet<_> = subjects.iter().map(|subject| &subject.hash).collect();
        assert_eq!(hashes.len(), subjects.len());
    }
}
