-- Disputed charges are found for people, and events of Stripe go once nobody can send them again.

ALTER TABLE payment_findings DROP CONSTRAINT payment_findings_kind_check;
ALTER TABLE payment_findings ADD CONSTRAINT payment_findings_kind_check CHECK (kind IN (
    'CONTRADICTION', 'UNKNOWN_INTENT', 'MISSING_INTENT', 'LEDGER_DIFFERS', 'REFUND_RETURNED', 'REFUND_REFUSED', 'DISPUTED'));
