//! A list in a circle holds what a brute-force computation puts there: across the antimeridian, at the poles, and with no radius.

use std::collections::BTreeMap;

use portal_data::contractors::{self, ContractorFilters};
use portal_data::projects::{self, NearbyProject, ProjectFilters};
use portal_data::{Counting, read};
use portal_domain::geo::{Distance, LatLng};
use portal_domain::project::ProjectStatus;

use crate::places::{Placed, Places, anonymous, at};

/// Metres by which the formula here and the one of the database may differ; what is so near to the border may be in or out.
const ROUNDING: f64 = 1e-6;

/// More than any list here has.
const ALL: i64 = 10_000;

fn circles() -> Vec<(LatLng, Distance)> {
    let middles = [
        at(37.8044, -122.2712),
        at(37.7749, -122.4194),
        at(0.0, 0.0),
        at(0.0, 180.0),
        at(0.0, -180.0),
        at(52.0, 179.999_999),
        at(52.0, -179.5),
        at(-16.5, 179.0),
        at(90.0, 0.0),
        at(90.0, -123.0),
        at(-90.0, 0.0),
        at(89.0, 100.0),
        at(-88.5, -45.0),
    ];
    let radii = [0.0, 0.001, 25.0, 500.0].map(Distance::from_miles);
    let circles = middles
        .into_iter()
        .flat_map(|middle| radii.map(|radius| (middle, radius)));
    circles.collect()
}

/// What must be in the circle, and what may be, with the distances in metres.
fn expected(placed: &[Placed], (middle, radius): (LatLng, Distance)) -> [BTreeMap<String, f64>; 2] {
    let metres = |placed: &Placed| middle.distance_to(placed.place).metres();
    let within = |slack: f64| {
        placed
            .iter()
            .filter(|placed| placed.place == middle || metres(placed) <= radius.metres() + slack)
            .map(|placed| (placed.id.clone(), metres(placed)))
            .collect()
    };
    [within(-ROUNDING), within(ROUNDING)]
}

fn check(got: &[(String, f64)], placed: &[Placed], circle: (LatLng, Distance)) {
    let [must, may] = expected(placed, circle);
    let found: BTreeMap<_, _> = got.iter().cloned().collect();
    assert_eq!(found.len(), got.len(), "none twice in {circle:?}");
    for id in must.keys() {
        assert!(found.contains_key(id), "{id} is not in {circle:?}");
    }
    for (id, metres) in &found {
        let wanted = may.get(id).unwrap_or_else(|| panic!("{id} is in {circle:?}"));
        assert!(
            (metres - wanted).abs() <= ROUNDING,
            "{id} at {metres}, not {wanted}"
        );
        assert!(*metres <= circle.1.metres().max(ROUNDING), "{id} at {metres}");
    }
    let nearest_first = got.is_sorted_by(|one, other| {
        one.1
            .total_cmp(&other.1)
            .then_with(|| one.0.cmp(&other.0))
            .is_lt()
    });
    assert!(nearest_first, "{circle:?}");
}

#[tokio::test]
async fn contractors_in_a_circle_equal_a_brute_force_computation() {
    let places = Places::create().await;
    let context = anonymous();
    let mut crowds = 0;
    for circle in circles() {
        let filters = ContractorFilters {
            area: Some(circle),
            ..ContractorFilters::default()
        };
        let found = read!(places.portal, &context, |tx| {
            let total = contractors::total(tx, &filters, Some(Counting::Exact)).await?;
            Ok((
                contractors::list_near(tx, &filters, circle, None, ALL).await?,
                total,
            ))
        });
        let (found, total) = found.unwrap();
        let got: Vec<_> = found
            .iter()
            .map(|near| (near.contractor.license_number.to_string(), near.distance.metres()))
            .collect();
        check(&got, &places.contractors, circle);
        assert_eq!(total, i64::try_from(got.len()).ok());
        crowds += usize::from(got.len() > 2_000);
    }
    assert!(crowds >= 3, "thousands at one place, also with no radius");
}

#[tokio::test]
async fn projects_in_a_circle_equal_a_brute_force_computation() {
    let places = Places::create().await;
    let context = anonymous();
    for circle in circles() {
        let filters = ProjectFilters {
            statuses: ProjectStatus::CURRENT.to_vec(),
            area: Some(circle),
            ..ProjectFilters::default()
        };
        let shown = |near: &NearbyProject| (near.project.id.to_string(), near.distance.metres());
        let found = read!(places.portal, &context, |tx| {
            let total = projects::total(tx, &filters, Some(Counting::Exact)).await?;
            Ok((projects::list_near(tx, &filters, circle, None, ALL).await?, total))
        });
        let (found, total) = found.unwrap();
        let got: Vec<_> = found.iter().map(shown).collect();
        check(&got, &places.projects, circle);
        assert_eq!(total, i64::try_from(got.len()).ok());

        // Page by page it is the same list.
        let mut paged = Vec::new();
        let mut after = None;
        loop {
            let page = read!(places.portal, &context, |tx| {
                projects::list_near(tx, &filters, circle, after, 7).await
            });
            let page = page.unwrap();
            paged.extend(page.iter().map(shown));
            match page.last() {
                Some(last) => after = Some(last.position()),
                None => break,
            }
        }
        assert_eq!(paged, got, "{circle:?}");
    }
}
