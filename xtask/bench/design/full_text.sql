-- "Full-Text Search Optimization", as it is.
WITH project_search AS (
  SELECT 'project' as type, id, title as name, description,
         ts_rank(to_tsvector('english', title || ' ' || description), query) as rank
  FROM projects, to_tsquery('english', :word) query
  WHERE to_tsvector('english', title || ' ' || description) @@ query
    AND status = 'PUBLISHED'
),
user_search AS (
  SELECT 'user' as type, id, (first_name || ' ' || last_name) as name, bio as description,
         ts_rank(to_tsvector('english', first_name || ' ' || last_name || ' ' || COALESCE(company, '')), query) as rank
  FROM users, to_tsquery('english', :word) query
  WHERE to_tsvector('english', first_name || ' ' || last_name || ' ' || COALESCE(company, '')) @@ query
    AND is_active = true
)
SELECT * FROM project_search
UNION ALL
SELECT * FROM user_search
ORDER BY rank DESC, name
LIMIT 20;
