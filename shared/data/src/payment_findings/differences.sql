-- Payments that have changed since $1 whose sums are not those of the ledger.
WITH sums AS (
    SELECT
        p.id,
        CASE WHEN p.completed_at IS NOT NULL THEN p.amount_cents ELSE 0 END AS taken,
        p.refunded_amount_cents AS given_back,
        COALESCE(sum(-e.amount_cents) FILTER (WHERE e.account LIKE 'REVENUE%'), 0)::bigint AS ledger_taken,
        COALESCE(sum(e.amount_cents) FILTER (WHERE e.account = 'REFUNDS'), 0)::bigint AS ledger_given_back
    FROM payments AS p
    LEFT JOIN ledger_transactions AS t ON t.payment_id = p.id
    LEFT JOIN ledger_entries AS e ON e.transaction_id = t.id
    WHERE p.updated_at >= $1
    GROUP BY p.id
)
SELECT id, taken AS "taken!", given_back AS "given_back!", ledger_taken AS "ledger_taken!", ledger_given_back AS "ledger_given_back!"
FROM sums
WHERE (taken, given_back) <> (ledger_taken, ledger_given_back)
ORDER BY id
LIMIT 1000
