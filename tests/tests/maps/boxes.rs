//! A list in a box holds what a brute-force computation puts there.

use std::collections::BTreeSet;

use portal_data::contractors::{self, ContractorFilters};
use portal_data::projects::{self, ProjectFilters};
use portal_data::{Counting, read};
use portal_domain::geo::LatLng;
use portal_domain::project::ProjectStatus;

use crate::places::{Placed, Places, anonymous};

const BOXES: [&str; 14] = [
    "-122.6,37.2,-121.7,38.1",
    "-180,-90,180,90",
    "170,-90,-170,90",
    "179.9,50,-179.9,54",
    "180,-10,-180,10",
    "-180,-10,-170,10",
    "170,-10,180,10",
    "0,0,0,0",
    "-1,85,1,90",
    "100,-90,110,-80",
    "10,-20,5,20",
    "-90,-1,90,1",
    "-122.2712,37.8044,-122.2712,37.8044",
    "40,10,41,10.5",
];

/// Written again, from what a box is: degrees east of its western border, all the way round.
fn is_inside(text: &str, place: LatLng) -> bool {
    let degrees: Vec<f64> = text.split(',').map(|number| number.parse().unwrap()).collect();
    let [west, south, east, north] = degrees.try_into().unwrap();
    let whole_turn = (west + 180.0).abs() + (east - 180.0).abs() < 1e-12;
    let width = if whole_turn {
        360.0
    } else {
        (east - west).rem_euclid(360.0)
    };
    let from_west = (place.lng() - west).rem_euclid(360.0);
    // Rounding must not put a place that stands on a border outside.
    let between = from_west <= width + 1e-12 || from_west >= 360.0 - 1e-12;
    (south..=north).contains(&place.lat()) && (between || place.lat().abs() == 90.0)
}

fn expected(placed: &[Placed], text: &str) -> BTreeSet<String> {
    let inside = placed.iter().filter(|placed| is_inside(text, placed.place));
    inside.map(|placed| placed.id.clone()).collect()
}

#[tokio::test]
async fn lists_in_a_box_equal_a_brute_force_computation() {
    let places = Places::create().await;
    let context = anonymous();
    for text in BOXES {
        let filters = ContractorFilters {
            bounds: Some(text.parse().unwrap()),
            ..ContractorFilters::default()
        };
        let found = read!(places.portal, &context, |tx| {
            let total = contractors::total(tx, &filters, Some(Counting::Exact)).await?;
            Ok((contractors::list(tx, &filters, None, 10_000).await?, total))
        });
        let (found, total) = found.unwrap();
        let got: BTreeSet<_> = found
            .iter()
            .map(|contractor| contractor.license_number.to_string())
            .collect();
        assert_eq!(got, expected(&places.contractors, text), "contractors in {text}");
        assert_eq!(total, i64::try_from(found.len()).ok());
        assert_eq!(found.len(), got.len());

        let filters = ProjectFilters {
            statuses: ProjectStatus::CURRENT.to_vec(),
            bounds: Some(text.parse().unwrap()),
            ..ProjectFilters::default()
        };
        let found = read!(places.portal, &context, |tx| {
            projects::list_newest(tx, &filters, None, 10_000).await
        });
        let got: BTreeSet<_> = found
            .unwrap()
            .iter()
            .map(|project| project.id.to_string())
            .collect();
        assert_eq!(got, expected(&places.projects, text), "projects in {text}");
    }
}

#[test]
fn the_boxes_hold_and_leave_out_something() {
    let at = |lat, lng| LatLng::new(lat, lng).unwrap();
    assert!(is_inside("170,-90,-170,90", at(0.0, -175.0)) && !is_inside("170,-90,-170,90", at(0.0, 0.0)));
    assert!(is_inside("-180,-10,-170,10", at(0.0, 180.0)) && is_inside("-180,-90,180,90", at(0.0, 12.0)));
}
