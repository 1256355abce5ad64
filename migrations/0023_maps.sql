-- Maps: where a place stands on a square web map, boxes of longitude and latitude, and the contractors counted by place, so
-- that a tile of the whole state costs as much as its two thousand ZIP codes and not as its hundreds of thousands of rows.

-- None is STRICT: with a CASE or an OR in it such a function would be called for every row instead of being put in its place.

CREATE FUNCTION app.mercator_x(place geography) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN ST_X(place::geometry) = 180 THEN 0 ELSE (ST_X(place::geometry) + 180) / 360 END;
COMMENT ON FUNCTION app.mercator_x(geography) IS
    'How far east on a web map (spherical Mercator), from 0 at the antimeridian to just below 1.';

CREATE FUNCTION app.mercator_y(place geography) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN abs(ST_Y(place::geometry)) < 85.0511287798 THEN
    0.5 - ln((1 + sin(radians(ST_Y(place::geometry)))) / (1 - sin(radians(ST_Y(place::geometry))))) / (4 * pi()) END;
COMMENT ON FUNCTION app.mercator_y(geography) IS
    'How far south on a web map (spherical Mercator), from 0 to 1; NULL nearer to a pole than the map reaches.';

CREATE FUNCTION app.is_in_box(place geography, box double precision[]) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ST_Y(place::geometry) BETWEEN box[2] AND box[4]
    AND (CASE WHEN box[1] <= box[3] THEN ST_X(place::geometry) BETWEEN box[1] AND box[3]
              ELSE ST_X(place::geometry) >= box[1] OR ST_X(place::geometry) <= box[3] END
         OR abs(ST_Y(place::geometry)) = 90
         OR abs(ST_X(place::geometry)) = 180 AND (abs(box[1]) = 180 OR abs(box[3]) = 180));
COMMENT ON FUNCTION app.is_in_box(geography, double precision[]) IS
    'Whether a place lies in the box of west, south, east, north in degrees, borders included; one whose west is more than its east crosses the antimeridian. A pole has every longitude, and 180 is -180.';

GRANT EXECUTE ON FUNCTION app.mercator_x(geography), app.mercator_y(geography), app.is_in_box(geography, double precision[])
    TO PUBLIC;

CREATE MATERIALIZED VIEW contractor_places AS
SELECT place.x, place.y, place.primary_status, count(*)::integer AS contractors
FROM (
    SELECT app.mercator_x(coordinates) AS x, app.mercator_y(coordinates) AS y, primary_status
    FROM contractor_listings
    WHERE coordinates IS NOT NULL
) AS place
WHERE place.y IS NOT NULL
GROUP BY place.x, place.y, place.primary_status;
COMMENT ON MATERIALIZED VIEW contractor_places IS
    'How many contractors of each status stand at each place of the web map. The state''s public record, so everybody may read it; refreshed in the transaction of the import that changes it.';
GRANT SELECT ON contractor_places TO portal_api, portal_admin, portal_jobs;

-- Only the owner may refresh, and the definer owns the function: so it owns the view, too.
GRANT SELECT ON contractor_listings TO portal_definer;
ALTER MATERIALIZED VIEW contractor_places OWNER TO portal_definer;

-- Not CONCURRENTLY, which wants a temporary table that no role of ours may make. Readers wait until the import commits, which
-- is what it does next.
CREATE FUNCTION app.refresh_contractor_places() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    REFRESH MATERIALIZED VIEW public.contractor_places;
END
$$;
COMMENT ON FUNCTION app.refresh_contractor_places() IS 'Counts the contractors by place anew; the last step of an import.';
ALTER FUNCTION app.refresh_contractor_places() OWNER TO portal_definer;
REVOKE EXECUTE ON FUNCTION app.refresh_contractor_places() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.refresh_contractor_places() TO portal_jobs;

-- Clusters of projects at low zoom are read from this index alone: all that project_listings asks of a row stands in it.
CREATE INDEX projects_map ON projects (status) INCLUDE (coordinates, visibility, owner_id, id)
    WHERE deleted_at IS NULL AND coordinates IS NOT NULL;
