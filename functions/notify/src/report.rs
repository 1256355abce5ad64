//! What a run did.

use portal_data::metrics::{Metrics, Unit};
use serde::Serialize;
use time::OffsetDateTime;

use crate::deliver::Outcome;

/// Why a run ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Stopped {
    /// Nothing was due any more.
    #[default]
    Empty,
    /// The invocation's deadline came.
    Deadline,
    /// SES took no mails: the next run tries again.
    Outage,
}

/// The mails of one run, by what became of them. The function's answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// SES took them.
    pub sent: u64,
    /// They are tried again later.
    pub retried: u64,
    /// They are given up.
    pub failed: u64,
    /// They were not to go out.
    pub suppressed: u64,
    /// They were given back untried.
    pub released: u64,
    /// They wait for the end of their receivers' quiet hours.
    pub postponed: u64,
    /// They were another run's by the time that this one had finished with them.
    pub lapsed: u64,
    /// Members for whom there is a mail now about what is new in their saved searches.
    pub alerts: u64,
    /// Members whose saved searches could not be looked at; the next run tries again.
    pub alerts_failed: u64,
    /// Members whose digest was due.
    pub digests: u64,
    /// Batches of mails about announcements, and announcements that came out without.
    pub announced: u64,
    /// Events whose seats were settled: holds and offers that had run out, and free seats.
    pub events_settled: u64,
    /// Events that were over and have been closed.
    pub events_closed: u64,
    /// Members who were reminded of an event.
    pub members_reminded: u64,
    /// Events that could not be settled, closed or reminded of; the next run tries again.
    pub events_failed: u64,
    /// Enrolments that were given up, since they were not paid in time.
    pub enrollments_lapsed: u64,
    /// Members who were reminded that a certificate runs out.
    pub certificates_reminded: u64,
    /// Why the run ended.
    pub stopped: Stopped,
}

impl Report {
    pub(crate) fn count(&mut self, outcome: Outcome) {
        let counter = match outcome {
            Outcome::Sent => &mut self.sent,
            Outcome::Retried { .. } => &mut self.retried,
            Outcome::Failed => &mut self.failed,
            Outcome::Suppressed => &mut self.suppressed,
            Outcome::Released => &mut self.released,
            Outcome::Postponed => &mut self.postponed,
            Outcome::Lapsed => &mut self.lapsed,
        };
        *counter += 1;
    }

    /// Writes the counts as metrics.
    pub(crate) fn emit(&self, now: OffsetDateTime) {
        Metrics::new()
            .dimension("Job", "notify")
            .metric("MailsSent", Unit::Count, self.sent)
            .metric("MailsRetried", Unit::Count, self.retried)
            .metric("MailsFailed", Unit::Count, self.failed)
            .metric("MailsSuppressed", Unit::Count, self.suppressed)
            .metric("AlertsWritten", Unit::Count, self.alerts)
            .metric("AlertsFailed", Unit::Count, self.alerts_failed)
            .metric("MailsPostponed", Unit::Count, self.postponed)
            .metric("EventsSettled", Unit::Count, self.events_settled)
            .metric("EventsClosed", Unit::Count, self.events_closed)
            .metric("MembersReminded", Unit::Count, self.members_reminded)
            .metric("EventsFailed", Unit::Count, self.events_failed)
            .metric("EnrollmentsLapsed", Unit::Count, self.enrollments_lapsed)
            .metric("CertificatesReminded", Unit::Count, self.certificates_reminded)
            .emit(now);
    }
}
