-- One by one, up to one more than a tile takes; the GiST index on coordinates finds them.
SELECT count(*) AS "found!", COALESCE(ST_AsMVT(tile, 'contractors', 4096, 'geom'), '') AS "tile!"
FROM (
    SELECT
        ST_Point(floor((x * $1 - $2) * 4096), floor((y * $1 - $3) * 4096)) AS geom,
        license_number AS id, display_name AS name, primary_status AS status,
        array_to_string(classifications, ' ') AS classes
    FROM (
        SELECT
            license_number, display_name, primary_status, classifications,
            app.mercator_x(coordinates) AS x, app.mercator_y(coordinates) AS y
        FROM contractor_listings
        WHERE coordinates && $4::text::geography
          AND ($5::text[] IS NULL OR lower(primary_status) = ANY ($5))
          AND ($6::text[] IS NULL OR classifications && $6)
        -- A fence: the two are computed once for each row, and not wherever they are named.
        OFFSET 0
    ) AS place
    WHERE x * $1 >= $2 AND x * $1 < $2 + 1
      AND y * $1 >= $3 AND y * $1 < $3 + 1
    ORDER BY license_number
    LIMIT $7
) AS tile
