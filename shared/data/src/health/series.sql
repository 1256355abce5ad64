-- Metric $1, of subject $2 or of all, from $3 to before $4 in steps of $5 seconds; of the $6 subjects with the highest values. Over
-- system_metrics_metric, in the partitions of that time.
WITH measured AS (
    SELECT COALESCE(metadata ->> 'subject', '') AS subject, value,
        date_bin(make_interval(secs => $5::float8), recorded_at, $3::timestamptz) AS at
    FROM system_metrics
    WHERE metric = $1 AND recorded_at >= $3 AND recorded_at < $4
        AND ($2::text IS NULL OR COALESCE(metadata ->> 'subject', '') = $2)
), steps AS (
    SELECT subject, at, min(value) AS lowest, avg(value) AS mean, max(value) AS highest, count(*) AS measurements
    FROM measured
    GROUP BY subject, at
), subjects AS (
    SELECT subject, max(highest) AS highest
    FROM steps
    GROUP BY subject
    ORDER BY 2 DESC, 1
    LIMIT $6::bigint
)
SELECT s.subject AS "subject!", s.at AS "at!", s.lowest AS "min!", s.mean AS "avg!", s.highest AS "max!", s.measurements AS "count!"
FROM subjects AS k
JOIN steps AS s ON s.subject = k.subject
ORDER BY k.highest DESC, k.subject, s.at
