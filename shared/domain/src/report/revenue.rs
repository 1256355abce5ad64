//! Revenue: what the ledger says was earned, given back and spent.

use serde::Serialize;
use utoipa::ToSchema;

use super::ReportFrame;
use crate::ledger::LedgerAccount;
use crate::listing::Day;

/// The movements of each period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RevenueReport {
    /// What it is of.
    #[serde(flatten)]
    pub frame: ReportFrame,
    /// The periods, the earliest first, each once for each currency that moved in it; US dollars where none did.
    pub periods: Vec<RevenuePeriod>,
    /// All of them together, by currency.
    pub totals: Vec<RevenueTotal>,
}

/// The movements of one period in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RevenuePeriod {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// The currency (ISO 4217).
    #[schema(example = "USD")]
    pub currency: String,
    /// The sums.
    #[serde(flatten)]
    pub sums: RevenueSums,
}

/// All movements in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RevenueTotal {
    /// The currency (ISO 4217).
    #[schema(example = "USD")]
    pub currency: String,
    /// The sums.
    #[serde(flatten)]
    pub sums: RevenueSums,
}

/// Sums over the ledger, in cents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RevenueSums {
    /// Earned by memberships.
    pub membership_cents: i64,
    /// Earned by events.
    pub events_cents: i64,
    /// Earned by courses.
    pub training_cents: i64,
    /// Given by sponsors.
    pub sponsorship_cents: i64,
    /// Given by donors.
    pub donations_cents: i64,
    /// All of that together.
    pub earned_cents: i64,
    /// Given back.
    pub refunded_cents: i64,
    /// Kept by Stripe.
    pub fees_cents: i64,
    /// Earned, less what was given back and kept.
    pub net_cents: i64,
}

impl RevenueSums {
    /// Adds what an account has moved, as the ledger has it: debits are positive, credits negative. Other accounts than those of revenue,
    /// refunds and fees are no part of it.
    pub const fn add(&mut self, account: LedgerAccount, debit: i64) {
        let earned = match account {
            LedgerAccount::RevenueMembership => &mut self.membership_cents,
            LedgerAccount::RevenueEvents => &mut self.events_cents,
            LedgerAccount::RevenueTraining => &mut self.training_cents,
            LedgerAccount::RevenueSponsorship => &mut self.sponsorship_cents,
            LedgerAccount::RevenueDonations => &mut self.donations_cents,
            LedgerAccount::Refunds => {
                self.refunded_cents += debit;
                self.net_cents -= debit;
                return;
            }
            LedgerAccount::Fees => {
                self.fees_cents += debit;
                self.net_cents -= debit;
                return;
            }
            LedgerAccount::StripeBalance | LedgerAccount::Bank | LedgerAccount::Adjustments => return,
        };
        *earned -= debit;
        self.earned_cents -= debit;
        self.net_cents -= debit;
    }
}
