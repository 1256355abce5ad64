//! Mails about payments, each once.

use portal_domain::ids::{PaymentId, RefundId};
use time::OffsetDateTime;

use crate::{DataError, Tx};

/// The receipt.
pub(super) async fn receipt(tx: &mut Tx, id: PaymentId) -> Result<(), DataError> {
    tell(tx, id, "PAYMENT_RECEIPT", None).await
}

/// What was paid for could not be given.
pub(super) async fn not_given(tx: &mut Tx, id: PaymentId) -> Result<(), DataError> {
    tell(tx, id, "PAYMENT_NOT_GIVEN", None).await
}

/// A try to pay was refused: one mail a day at most, whatever the number of tries.
pub(super) async fn failed(tx: &mut Tx, id: PaymentId, now: OffsetDateTime) -> Result<(), DataError> {
    tell(tx, id, "PAYMENT_FAILED", Some(&now.date().to_string())).await
}

async fn tell(tx: &mut Tx, id: PaymentId, kind: &str, occasion: Option<&str>) -> Result<(), DataError> {
    sqlx::query!(
        "INSERT INTO outbox (id, user_id, kind, recipient, payload, deduplication_key)
        SELECT app.uuid_v7(), u.id, $2::text, u.email,
            jsonb_build_object(
                'paymentId', p.id, 'title', p.description, 'amountCents', p.amount_cents, 'currency', p.currency,
                'receiptNumber', p.receipt_number, 'reason', p.refusal),
            concat_ws('/', $2, p.id, $3::text)
        FROM payments AS p
        JOIN users AS u ON u.id = p.user_id AND u.is_active AND u.deleted_at IS NULL
        WHERE p.id = $1
        ON CONFLICT (deduplication_key) DO NOTHING",
        id.as_uuid(),
        kind,
        occasion,
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// Money has gone back.
pub(crate) async fn refunded(tx: &mut Tx, refund: RefundId) -> Result<(), DataError> {
    sqlx::query!(
        "INSERT INTO outbox (id, user_id, kind, recipient, payload, deduplication_key)
        SELECT app.uuid_v7(), u.id, 'PAYMENT_REFUNDED', u.email,
            jsonb_build_object(
                'paymentId', p.id, 'title', p.description, 'amountCents', r.amount_cents, 'currency', p.currency,
                'receiptNumber', p.receipt_number, 'reason', CASE WHEN r.cause <> 'STRIPE' THEN r.reason END),
            concat_ws('/', 'PAYMENT_REFUNDED', r.id)
        FROM refunds AS r
        JOIN payments AS p ON p.id = r.payment_id
        JOIN users AS u ON u.id = p.user_id AND u.is_active AND u.deleted_at IS NULL
        WHERE r.id = $1
        ON CONFLICT (deduplication_key) DO NOTHING",
        refund.as_uuid(),
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}
