-- With classes, from the contractors themselves: the GIN index on classifications finds them, or the one on coordinates.
SELECT COALESCE(ST_AsMVT(tile, 'contractors', 4096, 'geom'), '') AS "tile!"
FROM (
    SELECT
        ST_Point(
            LEAST(4095, floor((avg(x) * $1 - $2) * 4096)),
            LEAST(4095, floor((avg(y) * $1 - $3) * 4096))) AS geom,
        count(*) AS point_count
    FROM (
        SELECT app.mercator_x(coordinates) AS x, app.mercator_y(coordinates) AS y
        FROM contractor_listings
        WHERE coordinates IS NOT NULL
          AND ($4::text IS NULL OR coordinates && $4::text::geography)
          AND ($5::text[] IS NULL OR lower(primary_status) = ANY ($5))
          AND classifications && $6::text[]
        -- A fence: the two are computed once for each row, and not wherever they are named.
        OFFSET 0
    ) AS place
    WHERE x * $1 >= $2 AND x * $1 < $2 + 1
      AND y * $1 >= $3 AND y * $1 < $3 + 1
    GROUP BY floor((x * $1 - $2) * 16), floor((y * $1 - $3) * 16)
    ORDER BY floor((y * $1 - $3) * 16), floor((x * $1 - $2) * 16)
) AS tile
