-- From the contractors counted by place: some thousands of rows, whatever the tile.
SELECT COALESCE(ST_AsMVT(tile, 'contractors', 4096, 'geom'), '') AS "tile!"
FROM (
    SELECT
        ST_Point(
            LEAST(4095, floor((sum(x * contractors) / sum(contractors) * $1 - $2) * 4096)),
            LEAST(4095, floor((sum(y * contractors) / sum(contractors) * $1 - $3) * 4096))) AS geom,
        sum(contractors)::bigint AS point_count
    FROM contractor_places
    WHERE x * $1 >= $2 AND x * $1 < $2 + 1
      AND y * $1 >= $3 AND y * $1 < $3 + 1
      AND ($4::text[] IS NULL OR lower(primary_status) = ANY ($4))
    GROUP BY floor((x * $1 - $2) * 16), floor((y * $1 - $3) * 16)
    ORDER BY floor((y * $1 - $3) * 16), floor((x * $1 - $2) * 16)
) AS tile
