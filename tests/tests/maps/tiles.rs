//! Every tile holds what a brute-force computation puts there, and all tiles of a zoom hold everything once.

use std::collections::{BTreeMap, BTreeSet};

use portal_data::maps::{MOST_SINGLES, SINGLES_FROM};
use portal_domain::tile::TileAddress;

use crate::mvt::Feature;
use crate::places::{Placed, Places, Wanted, anonymous, at};

const ZOOMS: [u8; 8] = [0, 1, 5, 8, 10, 11, 13, 20];

/// What is in each tile of a zoom, with its place in the tile in shares of it.
type ByTile<'a> = BTreeMap<(u32, u32), Vec<(&'a Placed, f64, f64)>>;

fn by_tile<'a>(zoom: u8, placed: &'a [Placed], wanted: Wanted) -> ByTile<'a> {
    let tiles = f64::from(1_u32 << zoom);
    let mut found = ByTile::new();
    for placed in placed.iter().filter(|placed| wanted.takes(placed)) {
        let Some((x, y)) = placed.on_map() else { continue };
        let (column, row) = ((x * tiles).floor(), (y * tiles).floor());
        let place = (placed, x * tiles - column, y * tiles - row);
        found.entry((whole(column), whole(row))).or_default().push(place);
    }
    found
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(number: f64) -> u32 {
    number as u32
}

fn attribute<'a>(feature: &'a Feature, name: &str) -> &'a str {
    feature.attributes.get(name).map_or("", String::as_str)
}

/// Compares clusters: one for each cell with its count, at the mean place (one unit of 4,096 off at most, by rounding).
fn check_clusters(features: &[Feature], expected: &[(&Placed, f64, f64)], tile: TileAddress) {
    let mut cells: BTreeMap<(u32, u32), Vec<(f64, f64)>> = BTreeMap::new();
    for (_, x, y) in expected {
        cells
            .entry((whole(y * 16.0), whole(x * 16.0)))
            .or_default()
            .push((*x, *y));
    }
    assert_eq!(features.len(), cells.len(), "{tile:?}");
    for (feature, ((row, column), members)) in features.iter().zip(&cells) {
        let count = f64::from(u32::try_from(members.len()).unwrap());
        assert_eq!(
            attribute(feature, "point_count"),
            members.len().to_string(),
            "{tile:?}"
        );
        assert_eq!(feature.attributes.len(), 1, "{tile:?}");
        let mean = |sum: f64| (sum / count * 4096.0).floor();
        let x = mean(members.iter().map(|(x, _)| x).sum());
        let y = mean(members.iter().map(|(_, y)| y).sum());
        let off = |got: i64, wanted: f64| (f64::from(i32::try_from(got).unwrap()) - wanted).abs();
        assert!(
            off(feature.x, x) <= 1.0 && off(feature.y, y) <= 1.0,
            "{tile:?} {row}/{column}"
        );
    }
}

/// Compares single places: each with its exact place and attributes.
fn check_singles(
    features: &[Feature],
    expected: &[(&Placed, f64, f64)],
    show: fn(&Feature) -> String,
    name: fn(&Placed) -> String,
    tile: TileAddress,
) {
    let got: BTreeSet<_> = features
        .iter()
        .map(|feature| (show(feature), feature.x, feature.y))
        .collect();
    let wanted: BTreeSet<_> = expected
        .iter()
        .map(|(placed, x, y)| {
            (
                name(placed),
                i64::from(whole(x * 4096.0)),
                i64::from(whole(y * 4096.0)),
            )
        })
        .collect();
    assert_eq!(got, wanted, "{tile:?}");
    assert_eq!(features.len(), expected.len(), "{tile:?}: none twice");
}

fn is_clustered(zoom: u8, expected: usize) -> bool {
    zoom < SINGLES_FROM || i64::try_from(expected).unwrap() > MOST_SINGLES
}

#[tokio::test]
async fn tiles_of_contractors_equal_a_brute_force_computation() {
    let places = Places::create().await;
    let show = |feature: &Feature| {
        ["id", "name", "status", "classes"]
            .map(|name| attribute(feature, name))
            .join("|")
    };
    let name = |placed: &Placed| [&placed.id, placed.name.as_str(), placed.status, placed.class].join("|");
    for wanted in [
        Wanted::default(),
        Wanted {
            status: Some("CLEAR"),
            class: None,
        },
        Wanted {
            status: None,
            class: Some("C-10"),
        },
        Wanted {
            status: Some("CLEAR"),
            class: Some("B"),
        },
    ] {
        for zoom in ZOOMS {
            let mut seen = 0;
            for ((column, row), expected) in by_tile(zoom, &places.contractors, wanted) {
                let tile = TileAddress::new(zoom, column, row).unwrap();
                let features = places.contractor_tile(tile, wanted).await;
                if is_clustered(zoom, expected.len()) {
                    check_clusters(&features, &expected, tile);
                } else {
                    check_singles(&features, &expected, show, name, tile);
                }
                seen += expected.len();
            }
            let all = places
                .contractors
                .iter()
                .filter(|placed| wanted.takes(placed) && placed.on_map().is_some());
            assert_eq!(seen, all.count(), "zoom {zoom}");
        }
    }
}

#[tokio::test]
async fn tiles_of_projects_equal_a_brute_force_computation() {
    let places = Places::create().await;
    let show = |feature: &Feature| {
        ["id", "title", "status", "category"]
            .map(|name| attribute(feature, name))
            .join("|")
    };
    let name = |placed: &Placed| [&placed.id, placed.name.as_str(), placed.status, "COMMERCIAL"].join("|");
    for wanted in [
        Wanted::default(),
        Wanted {
            status: Some("PUBLISHED"),
            class: None,
        },
        Wanted {
            status: None,
            class: Some("C-10"),
        },
    ] {
        for zoom in ZOOMS {
            for ((column, row), expected) in by_tile(zoom, &places.projects, wanted) {
                let tile = TileAddress::new(zoom, column, row).unwrap();
                let features = places.project_tile(&anonymous(), tile, wanted).await;
                if is_clustered(zoom, expected.len()) {
                    check_clusters(&features, &expected, tile);
                } else {
                    check_singles(&features, &expected, show, name, tile);
                }
            }
        }
    }
}

#[tokio::test]
async fn a_tile_where_nothing_is_has_no_features() {
    let places = Places::create().await;
    let occupied = by_tile(6, &places.contractors, Wanted::default());
    let empty = (0..64).flat_map(|column| (0..64).map(move |row| (column, row)));
    let empty: Vec<_> = empty
        .filter(|place| !occupied.contains_key(place))
        .take(40)
        .collect();
    assert_eq!(empty.len(), 40);
    for (column, row) in empty {
        let tile = TileAddress::new(6, column, row).unwrap();
        assert_eq!(places.contractor_tile(tile, Wanted::default()).await, Vec::new());
    }
}

#[tokio::test]
async fn an_import_that_moves_a_contractor_moves_it_on_the_map() {
    let mut places = Places::create().await;
    let moved = places
        .contractors
        .iter_mut()
        .find(|placed| placed.place == at(0.0, 0.0))
        .unwrap();
    moved.place = at(-33.0, 151.0);
    sqlx::query("UPDATE california_contractors SET coordinates = 'POINT(151 -33)' WHERE license_number = $1")
        .bind(&moved.id)
        .execute(&mut places.owner)
        .await
        .unwrap();
    // As the import does at its end, in the role that it has.
    sqlx::raw_sql("SET ROLE portal_jobs; SELECT app.refresh_contractor_places(); RESET ROLE")
        .execute(&mut places.owner)
        .await
        .unwrap();
    for ((column, row), expected) in by_tile(3, &places.contractors, Wanted::default()) {
        let tile = TileAddress::new(3, column, row).unwrap();
        check_clusters(
            &places.contractor_tile(tile, Wanted::default()).await,
            &expected,
            tile,
        );
    }
}
