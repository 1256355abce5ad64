-- ---- The usual list of projects ----
-- What can still be won, newest first: of one city, of one kind, or of both. Indexes of all projects give mostly rows that are over.
CREATE INDEX projects_open_city ON projects (lower(city), created_at DESC, id DESC)
    WHERE status IN ('PUBLISHED', 'BIDDING_OPEN') AND deleted_at IS NULL;
CREATE INDEX projects_open_category ON projects (category, created_at DESC, id DESC)
    WHERE status IN ('PUBLISHED', 'BIDDING_OPEN') AND deleted_at IS NULL;

-- ---- Matches ----
CREATE TYPE app.project_match AS (
    id uuid, tenths integer, matches bigint, distance float8, matched_skills text[], matched_classes text[],
    licence_years integer, is_bonded boolean, scored_at timestamptz,
    skills_score float8, class_score float8, distance_score float8, budget_score float8, capacity_score float8, time_score float8
);
COMMENT ON TYPE app.project_match IS
    'An open project that suits the caller: its score in tenths and the parts of it, how many there are, and on what grounds; distance in metres.';

-- A function for the sake of its plans, which are kept, and for its steps: planned as one statement, all open projects were read for
-- the sake of three hundred.
--
-- Candidates are bounded, so that the cost does not grow with the table: the 150 nearest within 150 miles (GiST, in order of
-- distance), the 150 newest that ask for a skill of the caller's, the 150 newest that ask for a class of the caller's licence
-- (GIN), the 50 newest of all, so that a member of whom little is known finds some, too, and the last 100 that the caller was
-- invited to. Projects that take no bids, the caller's own and those the caller has bid on are left out. Scored are, of 100:
--   skills 35    the mean over the skills asked for: expert 1, advanced 0.85, intermediate 0.6, beginner 0.4, none 0
--   class 25     whether the caller's licence, in good standing, has a class that is asked for
--   distance 20  from 20 at no distance to 0 at 100 miles
--   budget 10    how close the middle of the budget is to the median of the caller's last 20 bids: 10 when equal, 0 from tenfold on
--   capacity 5   of years of experience and a bond, those that are asked for: years since the caller's licence was issued, and its
--                contractor's bond, in force
--   time 5       from 0 at the deadline to 5 at two weeks before it
-- What a project does not ask for, or what is not known of the caller, counts half. The number of bids takes no part: it is
-- hidden from bidders, and an order by it would show it.
CREATE FUNCTION app.matching_projects(after_tenths integer, after_id uuid, page_size bigint, as_of timestamptz)
RETURNS SETOF app.project_match
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off
AS $$
DECLARE
    me record;
    usual_bid float8;
    skills text[];
    weights float8[];
    bid_on uuid[];
    candidates uuid[];
BEGIN
    SELECT
        u.id, u.coordinates, COALESCE(c.classifications, '{}') AS classes, c.license_number IS NOT NULL AS is_licensed,
        CASE WHEN c.license_number IS NOT NULL THEN COALESCE(extract(year FROM age(c.issue_date))::integer, 0) END AS licence_years,
        COALESCE(c.cb_amount_cents > 0 AND COALESCE(c.cb_cancellation_date > current_date, true), false) AS is_bonded,
        COALESCE(as_of, now()) AS scored_at
    INTO me
    FROM users AS u
    LEFT JOIN contractor_listings AS c ON c.license_number = u.contractor_license AND c.in_good_standing
    WHERE u.id = app.user_id();
    IF NOT FOUND THEN
        RETURN;
    END IF;

    SELECT array_agg(s.skill ORDER BY s.skill),
        array_agg(CASE s.level WHEN 'EXPERT' THEN 1 WHEN 'ADVANCED' THEN 0.85 WHEN 'INTERMEDIATE' THEN 0.6 ELSE 0.4 END::float8 ORDER BY s.skill)
    INTO skills, weights
    FROM user_skills AS s WHERE s.user_id = me.id;

    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY b.bid_amount_cents) INTO usual_bid
    FROM (
        SELECT a.bid_amount_cents FROM project_applications AS a
        WHERE a.user_id = me.id AND a.bid_amount_cents > 0
        ORDER BY a.created_at DESC LIMIT 20
    ) AS b;

    SELECT COALESCE(array_agg(a.project_id), '{}') INTO bid_on
    FROM project_applications AS a WHERE a.user_id = me.id AND a.status <> 'WITHDRAWN';

    SELECT array_agg(found.id) INTO candidates
    FROM (
        SELECT near.id FROM (
            SELECT p.id FROM project_opportunities AS p
            WHERE p.coordinates && _ST_Expand(me.coordinates, 241402)
            ORDER BY p.coordinates <-> me.coordinates FETCH FIRST 150 ROWS WITH TIES
        ) AS near
        UNION
        SELECT skilled.id FROM (
            SELECT p.id FROM project_opportunities AS p
            WHERE p.skills_required && skills
            ORDER BY p.created_at DESC, p.id DESC LIMIT 150
        ) AS skilled
        UNION
        SELECT licensed.id FROM (
            SELECT p.id FROM project_opportunities AS p
            WHERE p.license_classes && me.classes
            ORDER BY p.created_at DESC, p.id DESC LIMIT 150
        ) AS licensed
        UNION
        SELECT newest.id FROM (
            SELECT p.id FROM project_opportunities AS p ORDER BY p.created_at DESC, p.id DESC LIMIT 50
        ) AS newest
        UNION
        SELECT invited.project_id FROM (
            SELECT i.project_id FROM project_invitations AS i
            WHERE i.user_id = me.id
            ORDER BY i.created_at DESC, i.project_id DESC LIMIT 100
        ) AS invited
    ) AS found;

    RETURN QUERY
    WITH facts AS MATERIALIZED (
        SELECT
            p.id, p.coordinates <-> me.coordinates AS distance,
            p.license_classes && me.classes AS has_class, cardinality(p.license_classes) AS classes_asked,
            p.license_classes, p.skills_required, cardinality(p.skills_required) AS skills_asked,
            CASE WHEN p.skills_required && skills THEN (
                SELECT sum(s.weight) FROM unnest(skills, weights) AS s (skill, weight) WHERE s.skill = ANY (p.skills_required)
            ) ELSE 0 END AS skill_weight,
            (COALESCE(p.budget_min_cents, p.budget_max_cents) + COALESCE(p.budget_max_cents, p.budget_min_cents)) / 2.0::float8 AS budget,
            p.deadline_date, COALESCE(p.experience_years, 0) AS years_asked, p.bonding_required
        FROM project_listings AS p
        WHERE p.id = ANY (candidates)
            AND p.status = 'BIDDING_OPEN' AND p.accepting_applications
            AND p.owner_id <> me.id AND p.id <> ALL (bid_on)
    ), parts AS (
        SELECT
            f.*,
            -- In tenths, halves upwards; not by round(numeric, 1), which costs as much as finding the projects.
            floor(10 * CASE WHEN f.skills_asked = 0 THEN 17.5 ELSE 35 * f.skill_weight / f.skills_asked END + 0.5) / 10 AS skills_score,
            CASE WHEN f.classes_asked = 0 THEN 12.5 WHEN f.has_class THEN 25 ELSE 0 END::float8 AS class_score,
            floor(10 * CASE WHEN f.distance IS NULL THEN 10 ELSE 20 * GREATEST(0, 1 - f.distance / 160934.4) END + 0.5) / 10
                AS distance_score,
            floor(10 * CASE
                WHEN usual_bid IS NULL OR COALESCE(f.budget, 0) <= 0 THEN 5
                ELSE 10 * GREATEST(0, 1 - abs(log(f.budget / usual_bid)))
            END + 0.5) / 10 AS budget_score,
            CASE
                WHEN NOT me.is_licensed OR f.years_asked = 0 AND NOT f.bonding_required THEN 2.5
                ELSE 5.0 * ((f.years_asked > 0 AND me.licence_years >= f.years_asked)::integer + (f.bonding_required AND me.is_bonded)::integer)
                    / ((f.years_asked > 0)::integer + f.bonding_required::integer)
            END::float8 AS capacity_score,
            floor(10 * CASE
                WHEN f.deadline_date IS NULL THEN 2.5
                ELSE 5 * GREATEST(0, LEAST(1, extract(epoch FROM f.deadline_date - me.scored_at)::float8 / 1209600))
            END + 0.5) / 10 AS time_score
        FROM facts AS f
    ), ranked AS (
        SELECT
            r.*, count(*) OVER () AS matches,
            round((r.skills_score + r.class_score + r.distance_score + r.budget_score + r.capacity_score + r.time_score) * 10)::integer
                AS tenths
        FROM parts AS r
    ), page AS (
        SELECT * FROM ranked AS r
        WHERE after_tenths IS NULL OR r.tenths < after_tenths OR r.tenths = after_tenths AND r.id > after_id
        ORDER BY r.tenths DESC, r.id
        LIMIT page_size
    )
    SELECT
        r.id, r.tenths, r.matches, r.distance,
        ARRAY(SELECT s.skill FROM unnest(skills) AS s (skill) WHERE s.skill = ANY (r.skills_required)),
        ARRAY(SELECT unnest(r.license_classes) INTERSECT SELECT unnest(me.classes) ORDER BY 1),
        me.licence_years, me.is_bonded, me.scored_at,
        r.skills_score, r.class_score, r.distance_score, r.budget_score, r.capacity_score, r.time_score
    FROM page AS r
    ORDER BY r.tenths DESC, r.id;
END
$$;
COMMENT ON FUNCTION app.matching_projects(integer, uuid, bigint, timestamptz) IS
    'A page of the open projects that suit the caller, best first: after this score, in tenths, and id; scored by a time, so that the scores of one list do not change while it is read.';
GRANT EXECUTE ON FUNCTION app.matching_projects(integer, uuid, bigint, timestamptz) TO portal_api;
