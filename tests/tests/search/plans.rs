//! Searches reach their indexes under the role that production uses: the server's own count of sequential scans.

use portal_data::search::{self, SearchFilters};
use portal_data::{Database, RequestContext, read};
use portal_domain::geo::{Distance, LatLng};
use portal_domain::search::SearchType;
use portal_tests::database::TestDatabase;
use portal_tests::members::Member;
use sqlx::postgres::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// Large enough that a sequential scan is never the cheapest way to a hundred rows of a rare word. A quarter of all have the word
/// "common", and every row a word of its own.
const ROWS: &str = "
    INSERT INTO licences (license_number, region)
    SELECT (100000 + n)::text, CASE WHEN n % 2 = 0 THEN 'NORTH' ELSE 'SOUTH' END FROM generate_series(1, 40000) AS n;
    INSERT INTO california_contractors (
        license_number, region, business_name, city, county, primary_status, in_good_standing, classifications, coordinates)
    SELECT license_number, region, 'FIRM ' || translate(md5(license_number), '0123456789', 'ghijklmnop')
            || CASE WHEN n % 4 = 0 THEN ' COMMON' ELSE '' END,
        'CITY ' || n % 400, 'COUNTY ' || n % 50, 'CLEAR', true, ARRAY['C-' || n % 60],
        ST_Point(-124 + 10 * random(), 33 + 8 * random(), 4326)::geography
    FROM licences, LATERAL (SELECT license_number::int AS n) AS number;
    INSERT INTO users (id, email, first_name, last_name, is_verified, approved_at)
    SELECT gen_random_uuid(), n || '@example.org', 'Ana', translate(md5(n::text), '0123456789', 'ghijklmnop')
        || CASE WHEN n % 4 = 0 THEN ' common' ELSE '' END, true, now()
    FROM generate_series(1, 10000) AS n;
    INSERT INTO projects (id, owner_id, title, category, status, city, coordinates, deadline_date, created_at, published_at)
    SELECT gen_random_uuid(), (SELECT id FROM users LIMIT 1),
        'Project ' || translate(md5(n::text), '0123456789', 'ghijklmnop') || CASE WHEN n % 4 = 0 THEN ' common' ELSE '' END,
        'COMMERCIAL', CASE WHEN n % 5 = 0 THEN 'BIDDING_OPEN' ELSE 'COMPLETED' END, 'City ' || n % 400,
        ST_Point(-124 + 10 * random(), 33 + 8 * random(), 4326)::geography,
        now() + n * interval '1 minute', now() - n * interval '1 minute', now() - n * interval '1 minute'
    FROM generate_series(1, 20000) AS n;
    VACUUM ANALYZE;
    SELECT app.refresh_search_terms('{CONTRACTOR,PROJECT}');
    ANALYZE search_terms";

const TABLES: &str =
    "('california_contractors_north', 'california_contractors_south', 'projects', 'users', 'search_terms')";

async fn sequential_scans(owner: &mut PgConnection) -> i64 {
    let query = format!("SELECT sum(seq_scan)::bigint FROM pg_stat_user_tables WHERE relname IN {TABLES}");
    sqlx::query_scalar(&query).fetch_one(owner).await.unwrap()
}

/// How many rows of the tables have been fetched so far.
async fn rows_fetched(owner: &mut PgConnection) -> i64 {
    let query = format!(
        "SELECT sum(idx_tup_fetch + seq_tup_read)::bigint FROM pg_stat_user_tables WHERE relname IN {TABLES}"
    );
    sqlx::query_scalar(&query).fetch_one(owner).await.unwrap()
}

fn queries(rare: &str) -> Vec<(&'static str, String, SearchFilters)> {
    let all = SearchFilters::default();
    let with = |change: &dyn Fn(&mut SearchFilters)| {
        let mut filters = SearchFilters::default();
        change(&mut filters);
        filters
    };
    let circle = Some((LatLng::new(37.8, -122.3).unwrap(), Distance::from_miles(25.0)));
    let misspelt = format!("{}{}", &rare[..9], &rare[10..]);
    vec![
        ("a rare word", rare.to_owned(), all.clone()),
        ("a common word", "common ".to_owned(), all.clone()),
        ("two words", "common firm ".to_owned(), all.clone()),
        ("a beginning", rare[..6].to_owned(), all.clone()),
        ("a common beginning", "comm".to_owned(), all.clone()),
        ("a misspelt word", misspelt, all.clone()),
        ("a name", format!("Firm {rare}"), all.clone()),
        ("a licence number", "100007".to_owned(), all.clone()),
        ("a class", "C-17".to_owned(), all),
        (
            "in a city",
            "common".to_owned(),
            with(&|filters| filters.cities = vec!["city 8".into()]),
        ),
        (
            "in a circle",
            "common".to_owned(),
            with(&|filters| filters.area = circle),
        ),
        (
            "a rare word in a circle",
            "c17".to_owned(),
            with(&|filters| filters.area = circle),
        ),
        (
            "of a type",
            "common".to_owned(),
            with(&|filters| filters.types = vec![SearchType::Project]),
        ),
        (
            "of a state",
            "common".to_owned(),
            with(&|filters| filters.statuses = vec!["COMPLETED".into()]),
        ),
        ("nothing", "zzqxzzqx".to_owned(), SearchFilters::default()),
    ]
}

async fn run(portal: &Database, context: &RequestContext, text: &str, filters: &SearchFilters) -> usize {
    let answer = read!(portal, context, |tx| {
        let answer = search::search(tx, text, filters, OffsetDateTime::now_utc(), None, 21).await?;
        // The back end reports what it scanned when this transaction ends.
        sqlx::query("SELECT pg_stat_force_next_flush()")
            .execute(&mut *tx)
            .await?;
        Ok(answer.results.len())
    });
    answer.unwrap()
}

async fn suggest(portal: &Database, context: &RequestContext, text: &str) -> usize {
    let found = read!(portal, context, |tx| {
        let found = search::suggest(tx, text).await?;
        sqlx::query("SELECT pg_stat_force_next_flush()")
            .execute(&mut *tx)
            .await?;
        Ok(found.len())
    });
    found.unwrap()
}

#[tokio::test]
async fn no_search_and_no_suggestion_scans_a_large_table() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    for statement in ROWS.split(';').filter(|statement| !statement.trim().is_empty()) {
        sqlx::raw_sql(statement).execute(&mut owner).await.unwrap();
    }
    let rare: String = sqlx::query_scalar("SELECT split_part(business_name, ' ', 2) FROM california_contractors WHERE license_number = '100007'")
        .fetch_one(&mut owner)
        .await
        .unwrap();
    let member = Member::add(&mut owner, "reader", &[]).await;
    let context = RequestContext::new(Uuid::now_v7(), member.caller());
    let portal = database.open("portal_api", false).await;
    for (name, text, filters) in queries(&rare) {
        let before = (sequential_scans(&mut owner).await, rows_fetched(&mut owner).await);
        let found = run(&portal, &context, &text, &filters).await;
        assert_eq!(found == 0, name == "nothing", "{name} found {found}");
        assert_eq!(
            sequential_scans(&mut owner).await,
            before.0,
            "{name} scanned a large table"
        );
        let fetched = rows_fetched(&mut owner).await - before.1;
        assert!(fetched < 20_000, "{name} fetched {fetched} rows");
    }
    for text in ["c", "co", "com", "commo", "firm a"] {
        let before = sequential_scans(&mut owner).await;
        assert!(suggest(&portal, &context, text).await > 0, "{text}");
        assert_eq!(
            sequential_scans(&mut owner).await,
            before,
            "{text} scanned a large table"
        );
    }
}
