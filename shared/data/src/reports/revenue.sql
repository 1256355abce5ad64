-- $1 the days on which periods begin, and the day after the last. What each account has moved in period n: debits are positive, credits
-- negative. Over ledger_transactions_posted for the time.
WITH bounds AS (
    SELECT array_agg(day::timestamp AT TIME ZONE 'America/Los_Angeles' ORDER BY n) AS at
    FROM unnest($1::date[]) WITH ORDINALITY AS d (day, n)
)
SELECT
    width_bucket(t.posted_at, b.at) AS "n!",
    e.currency AS "currency!",
    e.account AS "account!",
    sum(e.amount_cents)::bigint AS "debit!"
FROM bounds AS b
JOIN ledger_transactions AS t ON t.posted_at >= b.at[1] AND t.posted_at < b.at[cardinality(b.at)]
JOIN ledger_entries AS e ON e.transaction_id = t.id
WHERE e.account IN (
    'REVENUE_MEMBERSHIP', 'REVENUE_EVENTS', 'REVENUE_TRAINING', 'REVENUE_SPONSORSHIP', 'REVENUE_DONATIONS', 'REFUNDS', 'FEES')
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
