//! What every transaction is begun with.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use portal_domain::Caller;
use uuid::Uuid;

use crate::Timings;

/// Names a write, so that a later read can ask for a node that has it: the transaction's 64-bit id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsistencyToken(i64);

impl ConsistencyToken {
    pub(crate) fn new(transaction_id: i64) -> Option<Self> {
        (transaction_id > 0).then_some(Self(transaction_id))
    }

    pub(crate) const fn transaction_id(self) -> i64 {
        self.0
    }
}

impl fmt::Display for ConsistencyToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:x}", self.0)
    }
}

impl FromStr for ConsistencyToken {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let plain = (1..=15).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit());
        plain
            .then(|| i64::from_str_radix(text, 16).ok())
            .flatten()
            .and_then(Self::new)
            .ok_or(())
    }
}

/// What an account that staff have not approved yet is to a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// As good as any other.
    #[default]
    Any,
    /// Refused.
    Approved,
    /// Nobody: it sees what everybody sees.
    ApprovedOrNobody,
    /// Refused, and so is a sign-in without a second factor.
    Staff,
}

impl Standing {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Any => "ANY",
            Self::Approved => "APPROVED",
            Self::ApprovedOrNobody => "APPROVED_OR_NOBODY",
            Self::Staff => "STAFF",
        }
    }
}

/// On whose behalf, for which request and for how long a transaction may run.
#[derive(Clone, Debug)]
pub struct RequestContext {
    /// The request's id: in every log line, metric and audit row.
    pub request_id: Uuid,
    /// Who asks.
    pub caller: Caller,
    /// What the caller's account has to be.
    pub standing: Standing,
    /// The write that this read must see, if the caller named one.
    pub consistency: Option<ConsistencyToken>,
    /// Longest time that one statement may take.
    pub timeout: Duration,
    /// Collects what the database cost this request.
    pub timings: Arc<Timings>,
}

impl RequestContext {
    /// A context with the default statement timeout of 10 seconds.
    #[must_use]
    pub fn new(request_id: Uuid, caller: Caller) -> Self {
        Self {
            request_id,
            caller,
            standing: Standing::default(),
            consistency: None,
            timeout: Duration::from_secs(10),
            timings: Arc::default(),
        }
    }

    /// The statement that opens a transaction as this caller, in one round trip. Every argument is a literal that was formatted
    /// from a UUID or a number, or is a word of ours, so nothing here needs quoting.
    pub(crate) fn begin_statement(&self, mode: Mode, max_replica_lag: Duration) -> String {
        let quoted = |id: Uuid| format!("'{id}'");
        let (user, session) = match self.caller {
            Caller::Anonymous => ("NULL".to_owned(), "NULL".to_owned()),
            Caller::Member { user_id, session_id } => {
                (quoted(user_id.as_uuid()), quoted(session_id.as_uuid()))
            }
        };
        format!(
            "BEGIN{mode}; SELECT app.begin_request({request}, {user}, {session}, {timeout}, {token}, {lag}, '{standing}')",
            mode = match mode {
                Mode::ReadOnly => " READ ONLY",
                Mode::ReadWrite => "",
            },
            request = quoted(self.request_id),
            timeout = milliseconds(self.timeout),
            token = self.consistency.map_or(0, ConsistencyToken::transaction_id),
            lag = milliseconds(max_replica_lag),
            standing = self.standing.as_str(),
        )
    }
}

/// Whether a transaction may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    ReadOnly,
    ReadWrite,
}

fn milliseconds(duration: Duration) -> i32 {
    i32::try_from(duration.as_millis()).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_context_rides_with_begin() {
        let context = RequestContext::new(Uuid::nil(), Caller::Anonymous);
        assert_eq!(
            context.begin_statement(Mode::ReadOnly, Duration::from_secs(1)),
            "BEGIN READ ONLY; SELECT app.begin_request('00000000-0000-0000-0000-000000000000', NULL, NULL, 10000, 0, 1000, 'ANY')"
        );
    }

    #[test]
    fn a_token_reads_back_and_rubbish_does_not() {
        let token: ConsistencyToken = "2f1".parse().unwrap();
        assert_eq!(token.to_string(), "2f1");
        for bad in ["", "0", "-1", "+1", "zz", "1 OR 1=1", "ffffffffffffffffff"] {
            assert!(bad.parse::<ConsistencyToken>().is_err(), "{bad}");
        }
    }
}
