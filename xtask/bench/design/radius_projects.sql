-- "Find projects within 50 miles of user location", with the point written out.
SELECT p.*,
       ST_Distance(p.coordinates::geography, ST_SetSRID(ST_Point(:lng, :lat), 4326)::geography) / 1609.34 as distance_miles
FROM projects p
WHERE p.status = 'PUBLISHED'
  AND ST_DWithin(p.coordinates::geography, ST_SetSRID(ST_Point(:lng, :lat), 4326)::geography, 80467) -- 50 miles in meters
ORDER BY p.coordinates <-> ST_SetSRID(ST_Point(:lng, :lat), 4326)
LIMIT 20;
