//! What a run did.

use portal_data::metrics::{Metrics, Unit};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// The counts of one run. The function's answer, and the details of its record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Report {
    /// Memberships that have ended, lapsed, or were followed by another.
    pub memberships_ended: u64,
    /// Members who were reminded that their membership ends.
    pub reminded: u64,
    /// Refunds that were made.
    pub refunded: u64,
    /// Refunds that Stripe does not make.
    pub refunds_refused: u64,
    /// Payments that the books lacked something of.
    pub repaired: u64,
    /// Payments that were called off.
    pub called_off: u64,
    /// Things that could not be done for a reason of their own; the next run tries again.
    pub failed: u64,
    /// Differences that people have to look into, those of earlier runs among them.
    pub findings: u64,
    /// Up to when Stripe's lists have been read.
    #[serde(with = "time::serde::rfc3339::option")]
    pub reconciled_until: Option<OffsetDateTime>,
    /// Whether the invocation's deadline came before all was done.
    pub is_cut_short: bool,
}

impl Report {
    /// Writes the counts as metrics.
    pub(crate) fn emit(&self, now: OffsetDateTime) {
        Metrics::new()
            .dimension("Job", "billing")
            .metric("MembershipsEnded", Unit::Count, self.memberships_ended)
            .metric("MembersReminded", Unit::Count, self.reminded)
            .metric("RefundsMade", Unit::Count, self.refunded)
            .metric("RefundsRefused", Unit::Count, self.refunds_refused)
            .metric("PaymentsRepaired", Unit::Count, self.repaired)
            .metric("PaymentsCalledOff", Unit::Count, self.called_off)
            .metric("BillingFailed", Unit::Count, self.failed)
            .metric("PaymentFindings", Unit::Count, self.findings)
            .emit(now);
    }
}
