//! The lists of members reach their indexes under the role that production uses: the server's own count of sequential scans.

use portal_data::members::{self, MemberFilters};
use portal_data::{RequestContext, read};
use portal_domain::geo::{Distance, LatLng};
use portal_domain::member::{MemberOrder, SkillLevel};
use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use sqlx::postgres::PgConnection;

/// Large enough that a sequential scan is never the cheapest way to twenty rows; a third hides the address.
const ROWS: &str = "
    INSERT INTO users (id, email, first_name, last_name, company, city, state, languages, coordinates, field_visibility, is_verified,
        approved_at, created_at)
    SELECT gen_random_uuid(), n || '@example.org', md5(n::text), md5((n / 3)::text), 'Firm ' || md5((n * 7)::text),
        'City ' || n % 200, 'S' || n % 40, ARRAY['English', 'Language ' || n % 150],
        ST_Point(-124 + 10 * random(), 33 + 8 * random(), 4326)::geography,
        CASE WHEN n % 3 = 0 THEN '{\"address\": \"NOBODY\"}' ELSE '{}' END::jsonb, true, now(), now() - n * interval '1 minute'
    FROM generate_series(1, 20000) AS n;
    INSERT INTO skills (name) SELECT 'Skill ' || n FROM generate_series(0, 199) AS n;
    INSERT INTO user_skills (user_id, skill, level)
    SELECT id, 'Skill ' || abs(hashtext(id::text)) % 200, 'ADVANCED' FROM users;
    VACUUM ANALYZE users; ANALYZE";

async fn sequential_scans(owner: &mut PgConnection) -> i64 {
    sqlx::query_scalar("SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'users'")
        .fetch_one(owner)
        .await
        .unwrap()
}

fn queries() -> Vec<(&'static str, MemberOrder, MemberFilters)> {
    let all = MemberFilters::default();
    let circle = |miles| Some((LatLng::new(37.8, -122.3).unwrap(), Distance::from_miles(miles)));
    let with = |change: &dyn Fn(&mut MemberFilters)| {
        let mut filters = all.clone();
        change(&mut filters);
        filters
    };
    let name = MemberOrder::Name;
    vec![
        ("by name", name, all.clone()),
        ("newest", MemberOrder::Newest, all.clone()),
        (
            "of a city",
            name,
            with(&|filters| filters.cities = vec!["CITY 7".into()]),
        ),
        (
            "of a state",
            name,
            with(&|filters| filters.states = vec!["S7".into()]),
        ),
        (
            "with a skill",
            name,
            with(&|filters| filters.skills = vec!["skill 7".into()]),
        ),
        (
            "with a skill mastered",
            name,
            with(&|filters| {
                filters.skills = vec!["skill 7".into()];
                filters.least_level = Some(SkillLevel::Advanced);
            }),
        ),
        (
            "with a language",
            name,
            with(&|filters| filters.languages = vec!["language 7".into()]),
        ),
        (
            "by a word",
            name,
            with(&|filters| filters.search = Some("c4ca4238a0b923820dcc509a6f75849b".into())),
        ),
        (
            "in a circle",
            MemberOrder::Distance,
            with(&|filters| filters.area = circle(25.0)),
        ),
        (
            "in a wide circle",
            MemberOrder::Distance,
            with(&|filters| filters.area = circle(300.0)),
        ),
    ]
}

#[tokio::test]
async fn no_list_scans_the_members() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    for statement in ROWS.split(';').filter(|statement| !statement.trim().is_empty()) {
        sqlx::raw_sql(statement).execute(&mut owner).await.unwrap();
    }
    let member = Member::add(&mut owner, "reader", &[]).await;
    let context = RequestContext::new(uuid::Uuid::now_v7(), member.caller());
    let portal = database.open("portal_api", false).await;
    for (name, order, filters) in queries() {
        let before = sequential_scans(&mut owner).await;
        let found = read!(portal, &context, |tx| {
            let found = members::list(tx, &filters, order, None, 20).await?;
            // The back end reports what it scanned when this transaction ends.
            sqlx::query("SELECT pg_stat_force_next_flush()")
                .execute(&mut *tx)
                .await?;
            Ok(found)
        });
        let found = found.unwrap();
        assert!(!found.is_empty(), "{name} found nobody");
        assert_eq!(
            sequential_scans(&mut owner).await,
            before,
            "{name} scanned the members"
        );
    }
}
