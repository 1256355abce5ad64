-- The indexes of the source design on these tables.
-- Mended: predicates with CURRENT_DATE are left out, since they must be immutable; idx_projects_location_gist, which it has twice, is made
-- once; idx_users_skills is left out, since skills are rows of another table; nothing is built concurrently, since nobody reads meanwhile.
CREATE INDEX idx_users_email_active ON users (email, is_active) WHERE is_active = true;
CREATE INDEX idx_users_member_type ON users (member_type);
CREATE INDEX idx_users_location ON users (city, state) WHERE city IS NOT NULL;
CREATE INDEX idx_users_directory ON users (is_active, member_type, city, state) WHERE is_active = true AND member_type = 'REGULAR';
CREATE INDEX idx_users_location_gist ON users USING gist (coordinates) WHERE coordinates IS NOT NULL;
CREATE INDEX idx_users_fts ON users USING gin (to_tsvector('english', first_name || ' ' || last_name || ' ' || COALESCE(company, '')));
CREATE INDEX idx_projects_status_created ON projects (status, created_at DESC);
CREATE INDEX idx_projects_category_status ON projects (category, status);
CREATE INDEX idx_projects_budget ON projects (budget_min, budget_max) WHERE budget_min IS NOT NULL;
CREATE INDEX idx_projects_deadline ON projects (deadline_date);
CREATE INDEX idx_projects_matching ON projects (status, category, budget_min, budget_max, deadline_date) WHERE status = 'BIDDING_OPEN';
CREATE INDEX idx_projects_location_gist ON projects USING gist (coordinates);
CREATE INDEX idx_projects_skills ON projects USING gin (skills_required);
CREATE INDEX idx_projects_fts ON projects USING gin (to_tsvector('english', title || ' ' || description));
CREATE INDEX idx_contractors_location_gist ON california_contractors USING gist (coordinates);
CREATE INDEX idx_contractors_fts ON california_contractors USING gin (to_tsvector('english', business_name || ' ' || COALESCE(dba_name, '')));
CREATE INDEX idx_messages_sender_receiver ON messages (sender_id, receiver_id, sent_at DESC);
CREATE INDEX idx_messages_receiver_status ON messages (receiver_id, status, sent_at DESC);
