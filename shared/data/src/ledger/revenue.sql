-- Over ledger_transactions_posted for the time, and the key of the entries for each movement.
SELECT
    date_trunc('month', t.posted_at AT TIME ZONE 'America/Los_Angeles')::date AS "month!",
    e.account AS "account!",
    e.currency AS "currency!",
    -- Credits are negative: what is earned turns positive.
    (-sum(e.amount_cents))::bigint AS "amount!"
FROM ledger_transactions AS t
JOIN ledger_entries AS e ON e.transaction_id = t.id
WHERE t.posted_at >= $1
    AND t.posted_at < $2
    AND e.account IN (
        'REVENUE_MEMBERSHIP', 'REVENUE_EVENTS', 'REVENUE_TRAINING', 'REVENUE_SPONSORSHIP', 'REVENUE_DONATIONS', 'REFUNDS', 'FEES')
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
