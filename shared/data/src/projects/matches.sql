-- Open projects that suit the caller, best first, each with the parts of its score.
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
-- hidden from bidders, and an order by it would show it. ($1, $2) is where the page before ended, score and id; $4 the time by
-- which the first page was scored, so that the scores of one list do not change while it is read.
WITH me AS MATERIALIZED (
    SELECT
        u.id, u.coordinates, COALESCE(c.classifications, '{}') AS classes, c.license_number IS NOT NULL AS is_licensed,
        CASE WHEN c.license_number IS NOT NULL THEN COALESCE(extract(year FROM age(c.issue_date))::integer, 0) END AS licence_years,
        COALESCE(c.cb_amount_cents > 0 AND COALESCE(c.cb_cancellation_date > current_date, true), false) AS is_bonded,
        COALESCE($4::timestamptz, now()) AS scored_at,
        ARRAY(SELECT s.skill FROM user_skills AS s WHERE s.user_id = u.id ORDER BY s.skill) AS skills,
        ARRAY(
            SELECT CASE s.level WHEN 'EXPERT' THEN 1 WHEN 'ADVANCED' THEN 0.85 WHEN 'INTERMEDIATE' THEN 0.6 ELSE 0.4 END::float8
            FROM user_skills AS s WHERE s.user_id = u.id ORDER BY s.skill
        ) AS weights,
        (
            SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY b.bid_amount_cents)
            FROM (
                SELECT a.bid_amount_cents FROM project_applications AS a
                WHERE a.user_id = u.id AND a.bid_amount_cents > 0
                ORDER BY a.created_at DESC LIMIT 20
            ) AS b
        ) AS usual_bid
    FROM users AS u
    LEFT JOIN contractor_listings AS c ON c.license_number = u.contractor_license AND c.in_good_standing
    WHERE u.id = app.user_id()
), candidates AS (
    SELECT near.id
    FROM me, LATERAL (
        SELECT p.id FROM project_opportunities AS p
        WHERE p.coordinates && _ST_Expand(me.coordinates, 241402)
        ORDER BY p.coordinates <-> me.coordinates FETCH FIRST 150 ROWS WITH TIES
    ) AS near
    UNION
    SELECT skilled.id
    FROM me, LATERAL (
        SELECT p.id FROM project_opportunities AS p
        WHERE p.skills_required && me.skills
        ORDER BY p.created_at DESC, p.id DESC LIMIT 150
    ) AS skilled
    UNION
    SELECT licensed.id
    FROM me, LATERAL (
        SELECT p.id FROM project_opportunities AS p
        WHERE p.license_classes && me.classes
        ORDER BY p.created_at DESC, p.id DESC LIMIT 150
    ) AS licensed
    UNION
    SELECT newest.id
    FROM (SELECT p.id FROM project_opportunities AS p ORDER BY p.created_at DESC, p.id DESC LIMIT 50) AS newest
    UNION
    SELECT invited.project_id
    FROM me, LATERAL (
        SELECT i.project_id FROM project_invitations AS i
        WHERE i.user_id = me.id
        ORDER BY i.created_at DESC, i.project_id DESC LIMIT 100
    ) AS invited
), facts AS MATERIALIZED (
    SELECT
        p.id, p.coordinates <-> me.coordinates AS distance,
        ARRAY(SELECT unnest(p.license_classes) INTERSECT SELECT unnest(me.classes) ORDER BY 1) AS matched_classes,
        cardinality(p.license_classes) AS classes_asked, cardinality(p.skills_required) AS skills_asked,
        COALESCE(owned.matched, '{}') AS matched_skills, COALESCE(owned.weight, 0)::float8 AS skill_weight,
        me.usual_bid, (COALESCE(p.budget_min_cents, p.budget_max_cents) + COALESCE(p.budget_max_cents, p.budget_min_cents)) / 2.0::float8 AS budget,
        p.deadline_date, me.is_licensed, me.licence_years, me.is_bonded, me.scored_at,
        COALESCE(p.experience_years, 0) AS years_asked, p.bonding_required
    FROM candidates
    JOIN project_listings AS p USING (id)
    CROSS JOIN me
    LEFT JOIN LATERAL (
        SELECT array_agg(s.skill ORDER BY s.skill) AS matched, sum(s.weight) AS weight
        FROM unnest(me.skills, me.weights) AS s (skill, weight)
        WHERE s.skill = ANY (p.skills_required)
    ) AS owned ON true
    WHERE p.status = 'BIDDING_OPEN'
        AND p.accepting_applications
        AND p.owner_id <> me.id
        AND NOT EXISTS (
            SELECT FROM project_applications AS a
            WHERE a.project_id = p.id AND a.user_id = me.id AND a.status <> 'WITHDRAWN')
), parts AS (
    SELECT
        f.*,
        -- In tenths, halves upwards; not by round(numeric, 1), which costs as much as finding the projects.
        floor(10 * CASE WHEN skills_asked = 0 THEN 17.5 ELSE 35 * skill_weight / skills_asked END + 0.5) / 10 AS skills_score,
        CASE WHEN classes_asked = 0 THEN 12.5 WHEN matched_classes <> '{}' THEN 25 ELSE 0 END::float8 AS class_score,
        floor(10 * CASE WHEN distance IS NULL THEN 10 ELSE 20 * GREATEST(0, 1 - distance / 160934.4) END + 0.5) / 10
            AS distance_score,
        floor(10 * CASE
            WHEN usual_bid IS NULL OR COALESCE(budget, 0) <= 0 THEN 5
            ELSE 10 * GREATEST(0, 1 - abs(log(budget / usual_bid)))
        END + 0.5) / 10 AS budget_score,
        CASE
            WHEN NOT is_licensed OR years_asked = 0 AND NOT bonding_required THEN 2.5
            ELSE 5.0 * ((years_asked > 0 AND licence_years >= years_asked)::integer + (bonding_required AND is_bonded)::integer)
                / ((years_asked > 0)::integer + bonding_required::integer)
        END::float8 AS capacity_score,
        floor(10 * CASE
            WHEN deadline_date IS NULL THEN 2.5
            ELSE 5 * GREATEST(0, LEAST(1, extract(epoch FROM deadline_date - scored_at)::float8 / 1209600))
        END + 0.5) / 10 AS time_score
    FROM facts AS f
), ranked AS (
    SELECT
        *, count(*) OVER () AS matches,
        round((skills_score + class_score + distance_score + budget_score + capacity_score + time_score) * 10)::integer
            AS tenths
    FROM parts
)
SELECT
    id AS "id!", tenths AS "tenths!", matches AS "matches!", distance, matched_skills AS "matched_skills!",
    matched_classes AS "matched_classes!", licence_years, is_bonded AS "is_bonded!", scored_at AS "scored_at!",
    skills_score AS "skills_score!", class_score AS "class_score!", distance_score AS "distance_score!",
    budget_score AS "budget_score!", capacity_score AS "capacity_score!", time_score AS "time_score!"
FROM ranked
WHERE $1::integer IS NULL OR tenths < $1 OR tenths = $1 AND id > $2::uuid
ORDER BY tenths DESC, id
LIMIT $3
