-- "Offset pagination with optimization", its pattern over contractors, at page 1,000 of 20.
SELECT license_number, business_name, city,
       COUNT(*) OVER() as total_count
FROM california_contractors
ORDER BY business_name
LIMIT 20 OFFSET 19980;
