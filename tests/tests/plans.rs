//! Lists, searches and radius queries reach their indexes under the role that production uses, policies and views included.
//!
//! The proof is the server's own count of sequential scans while the repository's functions run, so no query stands here twice.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use portal_data::contractors::{self, ContractorFilters};
use portal_data::maps::{self, ContractorTileFilters, ProjectTileFilters};
use portal_data::projects::{self, ProjectFilters};
use portal_data::{DataError, Database, RequestContext, Tx, read};
use portal_domain::Caller;
use portal_domain::bounding_box::BoundingBox;
use portal_domain::geo::{Distance, LatLng};
use portal_domain::project::ProjectStatus;
use portal_domain::tile::TileAddress;
use portal_tests::database::TestDatabase;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

/// Large enough that a sequential scan is never the cheapest way to twenty rows.
const ROWS: &str = "
    INSERT INTO users (id, email, first_name, last_name) VALUES (gen_random_uuid(), 'o@example.org', 'O', 'X');
    INSERT INTO licences (license_number, region)
    SELECT n::text, CASE WHEN n % 2 = 0 THEN 'NORTH' ELSE 'SOUTH' END FROM generate_series(1, 40000) AS n;
    INSERT INTO california_contractors (
        license_number, region, business_name, city, county, primary_status, in_good_standing, classifications, coordinates)
    SELECT license_number, region, 'FIRM ' || md5(license_number) || ' BUILDERS', 'CITY ' || n % 400, 'COUNTY ' || n % 50,
        'CLEAR', true, ARRAY['C-' || n % 60],
        ST_Point(-124 + 10 * random(), 33 + 8 * random(), 4326)::geography
    FROM licences, LATERAL (SELECT license_number::int AS n) AS number;
    INSERT INTO projects (id, owner_id, title, category, status, city, coordinates, deadline_date, created_at)
    SELECT gen_random_uuid(), (SELECT id FROM users), 'Project ' || md5(n::text), 'COMMERCIAL',
        CASE WHEN n % 5 = 0 THEN 'BIDDING_OPEN' ELSE 'COMPLETED' END, 'City ' || n % 400,
        ST_Point(-124 + 10 * random(), 33 + 8 * random(), 4326)::geography,
        now() + n * interval '1 minute', now() - n * interval '1 minute'
    FROM generate_series(1, 20000) AS n;
    INSERT INTO projects (id, owner_id, title, category, status, coordinates)
    SELECT gen_random_uuid(), id, 'Project in the tile', 'COMMERCIAL', 'BIDDING_OPEN', 'POINT(-122.3 37.8)' FROM users;
    ANALYZE;
    SELECT app.refresh_contractor_places()";

async fn sequential_scans(owner: &mut PgConnection) -> i64 {
    sqlx::query_scalar(
        "SELECT sum(seq_scan)::bigint FROM pg_stat_user_tables
        WHERE relname IN ('california_contractors_north', 'california_contractors_south', 'projects')",
    )
    .fetch_one(owner)
    .await
    .unwrap()
}

/// How many entries the spatial indexes have given so far.
async fn points_read(owner: &mut PgConnection) -> i64 {
    sqlx::query_scalar(
        "SELECT sum(idx_tup_read)::bigint FROM pg_stat_user_indexes
        WHERE indexrelname ~ 'coordinates' AND relname IN (
            'california_contractors_north', 'california_contractors_south', 'california_contractors_out_of_state', 'projects')",
    )
    .fetch_one(owner)
    .await
    .unwrap()
}

/// Runs one of the queries below.
async fn run(tx: &mut Tx, query: &str) -> Result<usize, DataError> {
    let circle = (LatLng::new(37.8, -122.3).unwrap(), Distance::from_miles(20.0));
    let wide_circle = (circle.0, Distance::from_miles(100.0));
    let open = ProjectFilters {
        statuses: vec![ProjectStatus::BiddingOpen],
        ..ProjectFilters::default()
    };
    let all = ContractorFilters::default();
    let bounds: BoundingBox = "-122.4,37.7,-122.2,37.9".parse().unwrap();
    let (tile, wide_tile) = (
        TileAddress::new(11, 328, 791).unwrap(),
        TileAddress::new(4, 2, 6).unwrap(),
    );
    let open_tile = ProjectTileFilters {
        statuses: vec![ProjectStatus::BiddingOpen],
        classes: Vec::new(),
    };
    let found = match query {
        "contractors by name" => contractors::list(tx, &all, None, 20).await?.len(),
        "contractors of a city" => {
            let filters = ContractorFilters {
                cities: vec!["city 7".into()],
                ..all
            };
            contractors::list(tx, &filters, None, 20).await?.len()
        }
        "contractors of a county" => {
            let filters = ContractorFilters {
                counties: vec!["County 7".into()],
                ..all
            };
            contractors::list(tx, &filters, None, 20).await?.len()
        }
        "contractors by a word" => {
            let filters = ContractorFilters {
                search: Some("c4ca4238a0b923820dcc509a6f75849b".into()),
                ..all
            };
            contractors::list(tx, &filters, None, 20).await?.len()
        }
        "contractors in a circle" => {
            let filters = ContractorFilters {
                area: Some(circle),
                ..all
            };
            contractors::list_near(tx, &filters, circle, None, 20)
                .await?
                .len()
        }
        "contractors in a wide circle" => {
            let filters = ContractorFilters {
                area: Some(wide_circle),
                ..all
            };
            contractors::list_near(tx, &filters, wide_circle, None, 20)
                .await?
                .len()
        }
        "contractors in a box" => {
            let filters = ContractorFilters {
                bounds: Some(bounds),
                ..all
            };
            contractors::list(tx, &filters, None, 20).await?.len()
        }
        "projects in a box" => {
            let filters = ProjectFilters {
                bounds: Some(bounds),
                ..open
            };
            projects::list_newest(tx, &filters, None, 20).await?.len()
        }
        "contractors in a tile" => maps::contractor_tile(tx, tile, &ContractorTileFilters::default())
            .await?
            .len(),
        "contractors of a class in a wide tile" => {
            let filters = ContractorTileFilters {
                classes: vec!["C-10".parse().unwrap()],
                ..ContractorTileFilters::default()
            };
            maps::contractor_tile(tx, wide_tile, &filters).await?.len()
        }
        "contractors in a wide tile" => {
            maps::contractor_tile(tx, wide_tile, &ContractorTileFilters::default())
                .await?
                .len()
        }
        "projects in a tile" => maps::project_tile(tx, tile, &open_tile).await?.len(),
        "projects in a wide tile" => maps::project_tile(tx, wide_tile, &open_tile).await?.len(),
        "projects in a wide circle" => projects::list_near(tx, &open, wide_circle, None, 20).await?.len(),
        "newest projects" => projects::list_newest(tx, &open, None, 20).await?.len(),
        "projects by deadline" => projects::list_by_deadline(tx, &open, None, 20).await?.len(),
        "projects in a circle" => projects::list_near(tx, &open, circle, None, 20).await?.len(),
        other => panic!("no query {other}"),
    };
    Ok(found)
}

#[tokio::test]
async fn no_list_scans_a_large_table() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    sqlx::raw_sql(ROWS).execute(&mut owner).await.unwrap();
    let portal = database.open("portal_api", false).await;

    for query in [
        "contractors by name",
        "contractors of a city",
        "contractors of a county",
        "contractors by a word",
        "contractors in a circle",
        "contractors in a box",
        "contractors in a tile",
        "contractors in a wide tile",
        "contractors of a class in a wide tile",
        "newest projects",
        "projects by deadline",
        "projects in a circle",
        "projects in a box",
        "projects in a tile",
        "projects in a wide tile",
    ] {
        let before = sequential_scans(&mut owner).await;
        let found = run_once(&portal, query).await;
        assert!(found > 0, "{query} found nothing");
        assert_eq!(
            sequential_scans(&mut owner).await,
            before,
            "{query} scanned a large table"
        );
    }
}

#[tokio::test]
async fn the_nearest_come_from_the_index_in_order() {
    let database = TestDatabase::create().await;
    let mut owner = database.connect("owner").await;
    sqlx::raw_sql(ROWS).execute(&mut owner).await.unwrap();
    let portal = database.open("portal_api", false).await;

    // Thousands of contractors and hundreds of open projects lie in the circle: whoever sorts them has to read them all.
    for query in ["contractors in a wide circle", "projects in a wide circle"] {
        let before = points_read(&mut owner).await;
        assert_eq!(run_once(&portal, query).await, 20, "{query}");
        let read = points_read(&mut owner).await - before;
        assert!(
            (20..=200).contains(&read),
            "{query} read {read} points for 20 rows"
        );
    }
}

async fn run_once(portal: &Database, query: &str) -> usize {
    let context = RequestContext::new(Uuid::now_v7(), Caller::Anonymous);
    let found = read!(portal, &context, |tx| {
        let found = run(&mut *tx, query).await?;
        // The back end reports what it scanned when this transaction ends.
        sqlx::query("SELECT pg_stat_force_next_flush()")
            .execute(&mut *tx)
            .await?;
        Ok(found)
    });
    found.unwrap()
}
