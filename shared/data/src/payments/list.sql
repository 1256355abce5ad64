-- Payments that the caller may see: policies show the own ones, and all to finance. $1 a payment, $2 a member, $3 types, $4 states,
-- ($5, $6) where the page before ended. Served by payments_user, or by payments_created for all members.
SELECT
    id, user_id, type AS kind, status, amount_cents, refunded_amount_cents, currency, description, tier_id, purchase_kind,
    registration_id, enrollment_id, event_id, credited_name, delivery, refusal, failure_code, receipt_number, created_at, completed_at,
    version
FROM payments
WHERE ($1::uuid IS NULL OR id = $1)
    AND ($2::uuid IS NULL OR user_id = $2)
    AND ($3::text[] IS NULL OR type = ANY ($3))
    AND ($4::text[] IS NULL OR status = ANY ($4))
    AND ($5::timestamptz IS NULL OR (created_at, id) < ($5, $6::uuid))
ORDER BY created_at DESC, id DESC
LIMIT $7
