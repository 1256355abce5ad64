//! What the ledger says was earned, given back and spent.

use std::collections::BTreeMap;

use portal_domain::ledger::LedgerAccount;
use portal_domain::listing::{Day, Moment};
use portal_domain::report::{Periods, RevenuePeriod, RevenueReport, RevenueSums, RevenueTotal};
use time::OffsetDateTime;

use super::{place, plan};
use crate::{DataError, Tx};

/// The currency of a period in which nothing moved.
const USUAL: &str = "USD";

/// The movements of each period.
///
/// # Errors
/// [`DataError`] of the query, [`DataError::Corrupt`] for an account that the domain does not know.
pub async fn revenue(
    tx: &mut Tx,
    periods: &Periods,
    now: OffsetDateTime,
) -> Result<RevenueReport, DataError> {
    plan(tx).await?;
    let rows = sqlx::query_file!("src/reports/revenue.sql", &periods.bounds())
        .fetch_all(&mut *tx)
        .await?;
    let mut moved: BTreeMap<(usize, String), RevenueSums> = BTreeMap::new();
    let mut totals: BTreeMap<String, RevenueSums> = BTreeMap::new();
    for row in rows {
        let account: LedgerAccount = row.account.parse().map_err(|_| DataError::Corrupt {
            table: "ledger_entries",
            reason: format!("{:?} is no account", row.account),
        })?;
        let Some(index) = place(row.n) else { continue };
        totals
            .entry(row.currency.clone())
            .or_default()
            .add(account, row.debit);
        moved
            .entry((index, row.currency))
            .or_default()
            .add(account, row.debit);
    }
    let mut sums = Vec::new();
    for (index, span) in periods.spans().iter().enumerate() {
        let of_span = moved.range((index, String::new())..(index + 1, String::new()));
        let mut of_span: Vec<_> = of_span
            .map(|((_, currency), sums)| (currency.clone(), *sums))
            .collect();
        if of_span.is_empty() {
            of_span.push((USUAL.to_owned(), RevenueSums::default()));
        }
        sums.extend(of_span.into_iter().map(|(currency, sums)| RevenuePeriod {
            from: Day(span.first),
            to: Day(span.last),
            currency,
            sums,
        }));
    }
    let totals = totals.into_iter();
    Ok(RevenueReport {
        frame: periods.frame(Moment(now)),
        periods: sums,
        totals: totals
            .map(|(currency, sums)| RevenueTotal { currency, sums })
            .collect(),
    })
}
