//! The double-entry ledger: movements of payments, each written down once, and what was earned.

use portal_domain::ids::PaymentId;
use portal_domain::ledger::{LedgerAccount, Posting};
use portal_domain::money::Currency;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::{DataError, Tx};

/// Writes a movement of a payment down; false where it was before. For jobs, in the transaction that changes the payment.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn post(
    tx: &mut Tx,
    payment: PaymentId,
    (posting, currency): (&Posting, Currency),
    memo: &str,
    at: OffsetDateTime,
) -> Result<bool, DataError> {
    let entries = posting.entries();
    let accounts: Vec<String> = entries.iter().map(|entry| entry.account.to_string()).collect();
    let amounts: Vec<i64> = entries.iter().map(|entry| entry.amount).collect();
    let posted = sqlx::query!(
        "WITH movement AS (
            INSERT INTO ledger_transactions (id, payment_id, kind, occasion, memo, posted_at)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (payment_id, occasion) DO NOTHING
            RETURNING id
        )
        INSERT INTO ledger_entries (transaction_id, line, account, amount_cents, currency)
        SELECT m.id, e.line::integer, e.account, e.amount, $9
        FROM movement AS m, unnest($7::text[], $8::bigint[]) WITH ORDINALITY AS e (account, amount, line)",
        Uuid::now_v7(),
        payment.as_uuid(),
        posting.kind().as_str(),
        posting.occasion(),
        memo,
        at,
        &accounts,
        &amounts,
        currency.as_str(),
    );
    Ok(posted.execute(&mut *tx).await?.rows_affected() > 0)
}

/// What an account has moved in a month, by the clocks of the association.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthOfAccount {
    /// The month's first day.
    pub month: Date,
    /// The account: one of revenue, what was given back, or fees.
    pub account: LedgerAccount,
    /// The currency (ISO 4217).
    pub currency: String,
    /// Cents: earned is positive; given back and spent negative.
    pub amount: i64,
}

/// What was earned, given back and spent from a moment to another: a sum over the ledger, by month, account and currency. For those who
/// read payments or reports.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn revenue(
    tx: &mut Tx,
    from: OffsetDateTime,
    until: OffsetDateTime,
) -> Result<Vec<MonthOfAccount>, DataError> {
    let rows = sqlx::query_file!("src/ledger/revenue.sql", from, until);
    let rows = rows.fetch_all(&mut *tx).await?;
    let months = rows.into_iter().map(|row| {
        Ok(MonthOfAccount {
            month: row.month,
            account: row.account.parse().map_err(|_| DataError::Corrupt {
                table: "ledger_entries",
                reason: format!("{:?} is no account", row.account),
            })?,
            currency: row.currency,
            amount: row.amount,
        })
    });
    months.collect()
}
