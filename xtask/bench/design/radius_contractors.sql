-- "Spatial index usage for contractor search".
-- Mended: ST_Point has no SRID, and <-> refuses to compare it with a column that has one.
SELECT c.*,
       ST_Distance(c.coordinates::geography, ST_Point(:lng, :lat)::geography) / 1609.34 as distance
FROM california_contractors c
WHERE ST_DWithin(c.coordinates::geography, ST_Point(:lng, :lat)::geography, 32187) -- 20 miles
  AND c.is_namc_member = false
ORDER BY c.coordinates <-> ST_SetSRID(ST_Point(:lng, :lat), 4326)
LIMIT 100;
