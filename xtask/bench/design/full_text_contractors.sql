-- The same pattern over contractors: the design has the index (idx_contractors_fts) and no statement for it.
SELECT license_number, business_name,
       ts_rank(to_tsvector('english', business_name || ' ' || COALESCE(dba_name, '')), query) as rank
FROM california_contractors, to_tsquery('english', :word) query
WHERE to_tsvector('english', business_name || ' ' || COALESCE(dba_name, '')) @@ query
ORDER BY rank DESC, business_name
LIMIT 20;
