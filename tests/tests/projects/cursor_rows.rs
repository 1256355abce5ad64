//! Lists of old rows that tie, and what happens to them while they are read: new rows come, and rows change.

use portal_tests::members::Member;
use sqlx::PgConnection;
use uuid::Uuid;

/// How many rows there are before the reader begins. They share their sort keys in groups.
pub(crate) const OLD: i32 = 300;

/// How many are added while it reads, and how many times one is changed.
pub(crate) const CHANGES: i32 = 500;

/// One list that is read.
pub(crate) struct Case {
    /// The address of its first page, with the marker's place marked.
    pub(crate) path: &'static str,
    /// Which property of an item tells it apart.
    pub(crate) key: &'static str,
    /// Adds old rows `$2` to `$3`, and new ones among them. `$1` is the marker and `$4` a member.
    pub(crate) insert: &'static [&'static str],
    /// Changes the row with number `$2`, but not what it is sorted by.
    pub(crate) update: &'static str,
    /// The keys of the rows with numbers below `$2`.
    pub(crate) old: &'static str,
}

const INSERT_PROJECTS: &[&str] = &[
    "INSERT INTO projects (id, external_id, source, owner_id, title, category, status, city, coordinates, deadline_date, created_at)
    SELECT gen_random_uuid(), $1 || n, 'TEST_CURSOR', $4, 'Hall ' || $1, 'COMMERCIAL', 'BIDDING_OPEN', $1,
        ST_Point(12 + (n % 4) * 0.01, -47, 4326)::geography,
        CASE WHEN n % 3 <> 0 THEN '2120-01-01'::timestamptz + (n % 5) * interval '1 day' END,
        '2022-01-01'::timestamptz + (n % 7) * interval '1 microsecond'
    FROM generate_series($2::integer, $3::integer) AS n",
];
const UPDATE_PROJECTS: &str =
    "UPDATE projects SET description = description || 'x', application_count = application_count + 1
    WHERE source = 'TEST_CURSOR' AND external_id = $1 || $2";
const OLD_PROJECTS: &str = "SELECT id::text FROM projects WHERE source = 'TEST_CURSOR' AND external_id IN (SELECT $1 || n FROM generate_series(0, $2 - 1) AS n)";

const INSERT_CONTRACTORS: &[&str] = &[
    "INSERT INTO licences (license_number, region)
    SELECT $1 || n, 'NORTH' FROM generate_series($2::integer, $3::integer) AS n WHERE $4::uuid IS NOT NULL",
    "INSERT INTO california_contractors (license_number, region, business_name, city, primary_status, in_good_standing, coordinates)
    SELECT $1 || n, 'NORTH', 'FIRM ' || n % 6, $1, 'CLEAR', true, ST_Point(12 + (n % 4) * 0.01, -48, 4326)::geography
    FROM generate_series($2::integer, $3::integer) AS n WHERE $4::uuid IS NOT NULL",
];
const UPDATE_CONTRACTORS: &str =
    "UPDATE california_contractors SET address = COALESCE(address, '') || 'x', primary_status = 'Contr Bond Susp'
    WHERE license_number = $1 || $2";
const OLD_CONTRACTORS: &str = "SELECT $1 || n FROM generate_series(0, $2 - 1) AS n";

const INSERT_MEMBERS: &[&str] = &[
    "INSERT INTO users (id, email, first_name, last_name, city, is_verified, approved_at, coordinates, created_at, phone)
    SELECT gen_random_uuid(), $1 || n || '@example.org', 'Twin', $1 || n % 5, $1, true, now(),
        ST_Point(12 + (n % 4) * 0.01, -49, 4326)::geography, '2022-01-01'::timestamptz + (n % 7) * interval '1 microsecond',
        '+1' || lpad($1, 8, '0') || lpad(n::text, 4, '0')
    FROM generate_series($2::integer, $3::integer) AS n WHERE $4::uuid IS NOT NULL",
];
const UPDATE_MEMBERS: &str = "UPDATE users SET bio = COALESCE(bio, '') || 'x' WHERE phone = '+1' || lpad($1, 8, '0') || lpad($2, 4, '0') AND city = $1";
const OLD_MEMBERS: &str = "SELECT id::text FROM users WHERE city = $1 AND phone IN (SELECT '+1' || lpad($1, 8, '0') || lpad(n::text, 4, '0') FROM generate_series(0, $2 - 1) AS n)";

const fn projects(path: &'static str) -> Case {
    Case {
        path,
        key: "id",
        insert: INSERT_PROJECTS,
        update: UPDATE_PROJECTS,
        old: OLD_PROJECTS,
    }
}

const fn contractors(path: &'static str) -> Case {
    Case {
        path,
        key: "licenseNumber",
        insert: INSERT_CONTRACTORS,
        update: UPDATE_CONTRACTORS,
        old: OLD_CONTRACTORS,
    }
}

const fn members(path: &'static str) -> Case {
    Case {
        path,
        key: "id",
        insert: INSERT_MEMBERS,
        update: UPDATE_MEMBERS,
        old: OLD_MEMBERS,
    }
}

/// Every order of every list.
pub(crate) const CASES: &[Case] = &[
    projects("/v1/projects?city={}"),
    projects("/v1/projects?city={}&sort=deadline"),
    projects("/v1/projects/near?city={}&near=-47,12&radiusMiles=50"),
    contractors("/v1/contractors?city={}"),
    contractors("/v1/contractors?city={}&near=-48,12&radiusMiles=50"),
    members("/v1/members?city={}"),
    members("/v1/members?city={}&sort=newest"),
    members("/v1/members?city={}&near=-49,12&radiusMiles=50"),
];

impl Case {
    pub(crate) async fn add(
        &self,
        owner: &mut PgConnection,
        marker: &str,
        from: i32,
        to: i32,
        member: &Member,
    ) {
        for insert in self.insert {
            sqlx::query(insert)
                .bind(marker)
                .bind(from)
                .bind(to)
                .bind(member.id)
                .execute(&mut *owner)
                .await
                .unwrap_or_else(|error| panic!("{insert}: {error}"));
        }
    }

    pub(crate) async fn change(&self, owner: &mut PgConnection, marker: &str, number: i32) {
        let changed = sqlx::query(self.update)
            .bind(marker)
            .bind(number.to_string())
            .execute(owner)
            .await
            .unwrap();
        assert_eq!(changed.rows_affected(), 1, "{}", self.update);
    }

    pub(crate) async fn old(&self, owner: &mut PgConnection, marker: &str) -> Vec<String> {
        sqlx::query_scalar(self.old)
            .bind(marker)
            .bind(OLD)
            .fetch_all(owner)
            .await
            .unwrap()
    }
}

/// A word of digits, which may begin a licence number, too.
pub(crate) fn number() -> String {
    (Uuid::new_v4().as_u128() % 100_000_000).to_string()
}
