-- The tables of the source design that its queries read, as far as they read them.
-- Mended: the columns of users, projects and contractors are those that its statements name, since it lists no others; states are text;
-- contractors are one table, not shards by INHERITS with an insert trigger, which would only cost.
CREATE TABLE users (
    id text PRIMARY KEY,
    email text NOT NULL UNIQUE,
    first_name text NOT NULL,
    last_name text NOT NULL,
    company text,
    bio text,
    member_type text NOT NULL,
    city text,
    state text,
    is_active boolean NOT NULL,
    coordinates geometry (Point, 4326)
);
CREATE TABLE projects (
    id text PRIMARY KEY,
    title text NOT NULL,
    description text NOT NULL,
    category text NOT NULL,
    budget_min numeric,
    budget_max numeric,
    deadline_date timestamptz,
    skills_required text[] NOT NULL,
    status text NOT NULL,
    coordinates geometry (Point, 4326),
    created_at timestamptz NOT NULL
);
CREATE TABLE california_contractors (
    license_number text PRIMARY KEY,
    business_name text NOT NULL,
    dba_name text,
    city text,
    county text,
    region text NOT NULL,
    primary_status text NOT NULL,
    is_namc_member boolean NOT NULL,
    coordinates geometry (Point, 4326)
);
CREATE TABLE messages (
    id text PRIMARY KEY,
    sender_id text NOT NULL,
    receiver_id text NOT NULL,
    subject text NOT NULL,
    content text NOT NULL,
    status text NOT NULL,
    sent_at timestamptz NOT NULL,
    read_at timestamptz
);
