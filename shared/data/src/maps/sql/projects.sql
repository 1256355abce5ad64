-- One by one, up to one more than a tile takes; the GiST index on coordinates finds them.
SELECT count(*) AS "found!", COALESCE(ST_AsMVT(tile, 'projects', 4096, 'geom'), '') AS "tile!"
FROM (
    SELECT
        ST_Point(floor((x * $1 - $2) * 4096), floor((y * $1 - $3) * 4096)) AS geom,
        id::text AS id, title, status, category
    FROM (
        SELECT
            id, title, status, category,
            app.mercator_x(coordinates) AS x, app.mercator_y(coordinates) AS y
        FROM project_listings
        WHERE coordinates && $4::text::geography
          AND status = ANY ($5)
          AND ($6::text[] IS NULL OR license_classes && $6)
        -- A fence: the two are computed once for each row, and not wherever they are named.
        OFFSET 0
    ) AS place
    WHERE x * $1 >= $2 AND x * $1 < $2 + 1
      AND y * $1 >= $3 AND y * $1 < $3 + 1
    ORDER BY place.id
    LIMIT $7
) AS tile
