//! A database with contractors and projects where maps go wrong: at the antimeridian, the poles and the equator, and many at
//! one place.

use std::f64::consts::PI;

use portal_data::{DataError, Database, RequestContext, maps, read};
use portal_domain::Caller;
use portal_domain::geo::LatLng;
use portal_domain::project::ProjectStatus;
use portal_domain::tile::TileAddress;
use portal_tests::database::TestDatabase;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::mvt::{self, Feature};

/// Enough at one place for a tile there to be clustered at every zoom.
const CROWD: usize = 2_100;

/// Something with a place.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) status: &'static str,
    pub(crate) class: &'static str,
    pub(crate) place: LatLng,
}

/// What a tile is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) status: Option<&'static str>,
    pub(crate) class: Option<&'static str>,
}

impl Wanted {
    pub(crate) fn takes(self, placed: &Placed) -> bool {
        self.status.is_none_or(|status| status == placed.status)
            && self.class.is_none_or(|class| class == placed.class)
    }
}

impl Placed {
    /// Where it stands on the web map, both from 0 to 1; nowhere nearer to a pole than the map reaches.
    ///
    /// Spherical Mercator as in EPSG method 1024.
    pub(crate) fn on_map(&self) -> Option<(f64, f64)> {
        let sine = self.place.lat().to_radians().sin();
        let x = (self.place.lng() + 180.0) / 360.0;
        let y = 0.5 - ((1.0 + sine) / (1.0 - sine)).ln() / (4.0 * PI);
        (self.place.lat().abs() < 85.051).then_some((if x >= 1.0 { 0.0 } else { x }, y))
    }
}

/// The database, what is in it, and the way in for the API.
pub(crate) struct Places {
    pub(crate) owner: PgConnection,
    pub(crate) portal: Database,
    pub(crate) contractors: Vec<Placed>,
    pub(crate) projects: Vec<Placed>,
    _database: TestDatabase,
}

impl Places {
    pub(crate) async fn create() -> Self {
        let database = TestDatabase::create().await;
        let mut owner = database.connect("owner").await;
        let contractors = contractors();
        let projects = projects();
        add_contractors(&mut owner, &contractors).await;
        add_projects(&mut owner, &projects).await;
        sqlx::query("SELECT app.refresh_contractor_places()")
            .execute(&mut owner)
            .await
            .unwrap();
        Self {
            portal: database.open("portal_api", false).await,
            _database: database,
            owner,
            contractors,
            projects,
        }
    }

    pub(crate) async fn contractor_tile(&self, tile: TileAddress, wanted: Wanted) -> Vec<Feature> {
        let filters = maps::ContractorTileFilters {
            statuses: wanted.status.map(str::to_owned).into_iter().collect(),
            classes: wanted
                .class
                .map(|class| class.parse().unwrap())
                .into_iter()
                .collect(),
        };
        let context = anonymous();
        let bytes = read!(self.portal, &context, |tx| maps::contractor_tile(
            tx, tile, &filters
        )
        .await);
        mvt::decode(&bytes.unwrap(), "contractors")
    }

    pub(crate) async fn project_tile(
        &self,
        context: &RequestContext,
        tile: TileAddress,
        wanted: Wanted,
    ) -> Vec<Feature> {
        let statuses = wanted.status.map_or(ProjectStatus::CURRENT.to_vec(), |status| {
            vec![status.parse().unwrap()]
        });
        let filters = maps::ProjectTileFilters {
            statuses,
            classes: wanted
                .class
                .map(|class| class.parse().unwrap())
                .into_iter()
                .collect(),
        };
        let bytes: Result<Vec<u8>, DataError> =
            read!(self.portal, context, |tx| maps::project_tile(tx, tile, &filters)
                .await);
        mvt::decode(&bytes.unwrap(), "projects")
    }
}

pub(crate) fn anonymous() -> RequestContext {
    RequestContext::new(Uuid::now_v7(), Caller::Anonymous)
}

pub(crate) fn at(lat: f64, lng: f64) -> LatLng {
    LatLng::new(lat, lng).unwrap()
}

/// Awkward places first, then some all over the earth, then some around San Francisco Bay.
fn spread(seed: u64, count: usize) -> Vec<LatLng> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut places = vec![
        at(0.0, 0.0),
        at(0.0, 180.0),
        at(0.0, -180.0),
        at(52.0, 179.999_999),
        at(52.0, -179.999_999),
        at(90.0, 0.0),
        at(-90.0, 77.0),
        at(86.0, 10.0),
        at(85.05, -90.0),
        at(-85.05, 90.0),
    ];
    for _ in 0..count {
        places.push(at(
            random.random_range(-90.0..=90.0),
            random.random_range(-180.0..=180.0),
        ));
        places.push(at(
            random.random_range(37.2..38.4),
            random.random_range(-122.6..-121.6),
        ));
    }
    places
}

fn contractors() -> Vec<Placed> {
    let crowd = std::iter::repeat_n(at(37.8044, -122.2712), CROWD);
    let statuses = ["CLEAR", "Contr Bond Susp"];
    let placed = |(index, place): (usize, LatLng)| Placed {
        id: (100_000 + index).to_string(),
        name: format!("FIRM {index}"),
        status: statuses[index % 2],
        class: ["B", "C-10", "HAZ"][index % 3],
        place,
    };
    spread(1, 300)
        .into_iter()
        .chain(crowd)
        .enumerate()
        .map(placed)
        .collect()
}

fn projects() -> Vec<Placed> {
    let placed = |(index, place): (usize, LatLng)| Placed {
        id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + u128::try_from(index).unwrap())
            .to_string(),
        name: format!("Project {index}"),
        status: ["PUBLISHED", "BIDDING_OPEN"][index % 2],
        class: ["B", "C-10"][index % 2],
        place,
    };
    spread(2, 300).into_iter().enumerate().map(placed).collect()
}

/// Ids, names, statuses, classes and points, as statements take them.
type Columns<'a> = (Vec<String>, Vec<String>, Vec<&'a str>, Vec<&'a str>, Vec<String>);

fn columns(placed: &[Placed]) -> Columns<'_> {
    let point = |placed: &Placed| format!("POINT({} {})", placed.place.lng(), placed.place.lat());
    (
        placed.iter().map(|placed| placed.id.clone()).collect(),
        placed.iter().map(|placed| placed.name.clone()).collect(),
        placed.iter().map(|placed| placed.status).collect(),
        placed.iter().map(|placed| placed.class).collect(),
        placed.iter().map(point).collect(),
    )
}

async fn add_contractors(owner: &mut PgConnection, placed: &[Placed]) {
    let (ids, names, statuses, classes, points) = columns(placed);
    sqlx::query("INSERT INTO licences (license_number, region) SELECT number, 'NORTH' FROM unnest($1::text[]) AS number")
        .bind(&ids)
        .execute(&mut *owner)
        .await
        .unwrap();
    sqlx::query(
        "INSERT INTO california_contractors (
            license_number, region, business_name, primary_status, in_good_standing, classifications, coordinates)
        SELECT id, 'NORTH', name, status, status = 'CLEAR', ARRAY[class], point::geography
        FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS row (id, name, status, class, point)",
    )
    .bind(ids)
    .bind(names)
    .bind(statuses)
    .bind(classes)
    .bind(points)
    .execute(owner)
    .await
    .unwrap();
}

async fn add_projects(owner: &mut PgConnection, placed: &[Placed]) {
    let (ids, names, statuses, classes, points) = columns(placed);
    sqlx::query(
        "INSERT INTO users (id, email, first_name, last_name) VALUES ($1, 'owner@example.org', 'O', 'X')",
    )
    .bind(Uuid::from_u128(1))
    .execute(&mut *owner)
    .await
    .unwrap();
    sqlx::query(
        "INSERT INTO projects (id, owner_id, title, category, status, visibility, license_classes, coordinates)
        SELECT id::uuid, $6, name, 'COMMERCIAL', status, 'PUBLIC', ARRAY[class], point::geography
        FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS row (id, name, status, class, point)",
    )
    .bind(ids)
    .bind(names)
    .bind(statuses)
    .bind(classes)
    .bind(points)
    .bind(Uuid::from_u128(1))
    .execute(owner)
    .await
    .unwrap();
}
