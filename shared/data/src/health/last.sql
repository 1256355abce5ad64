-- What the last look found, of the metrics of $1 and between $2 and $3: all that one look finds has one moment. Over
-- system_metrics_metric.
WITH look AS (
    SELECT max(last.at) AS at
    FROM unnest($1::text[]) AS wanted (metric)
    CROSS JOIN LATERAL (
        SELECT max(l.recorded_at) AS at FROM system_metrics AS l
        WHERE l.metric = wanted.metric AND l.recorded_at > $2 AND l.recorded_at <= $3
    ) AS last
)
SELECT m.metric AS "metric!", m.recorded_at AS "recorded_at!", m.value AS "value!", m.metadata AS "metadata!"
FROM look
JOIN system_metrics AS m ON m.recorded_at = look.at
WHERE m.metric = ANY ($1)
ORDER BY m.metric, m.value DESC, m.id
