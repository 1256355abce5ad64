//! Where our books and Stripe's differ in a way that no rule puts right: written down for people, once for as long as it lasts.

use portal_domain::ids::PaymentId;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{DataError, Tx};

/// What kind of difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FindingKind {
    /// Stripe tells of a payment what it cannot be.
    Contradiction,
    /// Stripe has taken money for no payment of ours.
    UnknownIntent,
    /// Stripe knows nothing of a payment's PaymentIntent.
    MissingIntent,
    /// The ledger and the payments differ.
    LedgerDiffers,
    /// Money that went back has returned.
    RefundReturned,
    /// Stripe does not make a refund.
    RefundRefused,
    /// The payer's bank wants the money back.
    Disputed,
    /// Money went back that counts towards a membership which was bought since.
    CreditGivenBack,
    /// What was paid was put away when two accounts were merged. `app.note_put_away` writes it.
    PutAway,
}

impl FindingKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Contradiction => "CONTRADICTION",
            Self::UnknownIntent => "UNKNOWN_INTENT",
            Self::MissingIntent => "MISSING_INTENT",
            Self::LedgerDiffers => "LEDGER_DIFFERS",
            Self::RefundReturned => "REFUND_RETURNED",
            Self::RefundRefused => "REFUND_REFUSED",
            Self::Disputed => "DISPUTED",
            Self::CreditGivenBack => "CREDIT_GIVEN_BACK",
            Self::PutAway => "PUT_AWAY",
        }
    }
}

/// Writes a finding about a subject down: the payment's id, or that of Stripe's object. One that is open already is found again. For jobs.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn report(
    tx: &mut Tx,
    (kind, subject): (FindingKind, &str),
    payment: Option<PaymentId>,
    detail: &str,
) -> Result<(), DataError> {
    let detail: String = detail.chars().take(1000).collect();
    tracing::error!(
        kind = kind.as_str(),
        subject,
        detail,
        "a payment has to be looked into"
    );
    sqlx::query!(
        "INSERT INTO payment_findings (id, kind, subject, payment_id, detail)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (kind, subject) WHERE resolved_at IS NULL
        DO UPDATE SET last_found_at = now(), detail = EXCLUDED.detail",
        Uuid::now_v7(),
        kind.as_str(),
        subject,
        payment.map(PaymentId::as_uuid),
        detail,
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// How many findings are open.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn count_open(tx: &mut Tx) -> Result<i64, DataError> {
    let count =
        sqlx::query_scalar!(r#"SELECT count(*) AS "count!" FROM payment_findings WHERE resolved_at IS NULL"#);
    Ok(count.fetch_one(&mut *tx).await?)
}

/// Compares the ledger with the payments that have changed since a moment: each difference becomes a finding; how many there are. For jobs.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn compare_ledger(tx: &mut Tx, since: OffsetDateTime) -> Result<usize, DataError> {
    let rows = sqlx::query_file!("src/payment_findings/differences.sql", since);
    let rows = rows.fetch_all(&mut *tx).await?;
    for row in &rows {
        let detail = format!(
            "the payment has taken {} cents and given back {}, the ledger {} and {}",
            row.taken, row.given_back, row.ledger_taken, row.ledger_given_back
        );
        let subject = row.id.to_string();
        let found = (FindingKind::LedgerDiffers, subject.as_str());
        report(tx, found, Some(row.id.into()), &detail).await?;
    }
    Ok(rows.len())
}
