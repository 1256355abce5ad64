//! California's counties as shapes for the operations page, from the TopoJSON of the package `us-atlas` (the Census Bureau's
//! cartographic boundaries, 1:10,000,000).

use crate::outline::{Line, Topology, join};
use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What the codes of California's counties begin with (FIPS 6-4).
const CALIFORNIA: &str = "06";

/// The corner that the drawing begins in, north-west of the state.
const CORNER: [f64; 2] = [-124.6, 42.1];
/// Units of the drawing to a degree of latitude: one is about 700 metres.
const SCALE: f64 = 160.0;
/// The parallel along which the drawing keeps its proportions: the middle of the state.
const PARALLEL: f64 = 37.3;

#[derive(Deserialize)]
struct Objects {
    counties: Counties,
}

#[derive(Deserialize)]
struct Counties {
    geometries: Vec<County>,
}

#[derive(Deserialize)]
struct County {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    arcs: Value,
    properties: Properties,
}

#[derive(Deserialize)]
struct Properties {
    name: String,
}

type Point = [i64; 2];

/// The shapes, by the county's name: the size of the drawing, and for each county a path of SVG.
///
/// # Errors
/// When the package's `counties-10m.json` is not of the known form.
pub(crate) fn of_california(counties: &[u8]) -> Result<String> {
    let topology: Topology<Objects> =
        serde_json::from_slice(counties).context("counties-10m.json is not a topology")?;
    let lines = topology.lines();
    let mut shapes = BTreeMap::new();
    let (mut width, mut height) = (0, 0);
    let all = topology.objects.counties.geometries.iter();
    for county in all.filter(|county| county.id.starts_with(CALIFORNIA)) {
        let mut path = String::new();
        for ring in rings(county)? {
            let points = draw(&join(&ring, &lines)?);
            for [x, y] in &points {
                width = width.max(x + 1);
                height = height.max(y + 1);
            }
            write_ring(&mut path, &points)?;
        }
        shapes.insert(county.properties.name.as_str(), path);
    }
    Ok(json!({"width": width, "height": height, "counties": shapes}).to_string())
}

/// The rings of all surfaces of a county, each as the arcs that it is joined from.
fn rings(county: &County) -> Result<Vec<Vec<i64>>> {
    let surfaces: Vec<Vec<Vec<i64>>> = match county.kind.as_str() {
        "Polygon" => vec![serde_json::from_value(county.arcs.clone())?],
        _ => serde_json::from_value(county.arcs.clone())?,
    };
    Ok(surfaces.into_iter().flatten().collect())
}

/// Where the points of a line are drawn. Borders stay shared, since a point is rounded alike wherever it stands.
fn draw(line: &Line) -> Vec<Point> {
    let narrow = PARALLEL.to_radians().cos();
    let [west, north] = CORNER;
    let points = line
        .iter()
        .map(|[lng, lat]| [whole((lng - west) * narrow * SCALE), whole((north - lat) * SCALE)]);
    let mut points: Vec<Point> = points.collect();
    points.dedup();
    points
}

/// The nearest whole number; the drawing is a thousand or two units wide and high.
#[allow(clippy::cast_possible_truncation)]
fn whole(number: f64) -> i64 {
    number.round() as i64
}

/// Writes a closed ring: its first point, then the steps from point to point. What has no surface at this size is left out.
fn write_ring(path: &mut String, points: &[Point]) -> Result<()> {
    let [[x, y], rest @ ..] = points else {
        return Ok(());
    };
    if rest.len() < 3 {
        return Ok(());
    }
    write!(path, "M{x} {y}l")?;
    let mut before = [*x, *y];
    // The last point is the first one, which `z` leads back to.
    let steps = rest.iter().take(rest.len() - 1).map(|[x, y]| {
        let [from_x, from_y] = std::mem::replace(&mut before, [*x, *y]);
        format!("{} {}", x - from_x, y - from_y)
    });
    let steps: Vec<String> = steps.collect();
    // A sign keeps numbers apart as well as a space does.
    path.push_str(&steps.join(" ").replace(" -", "-"));
    path.push('z');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counties_of_california_become_paths_and_specks_are_left_out() {
        let topology = json!({
            "transform": {"scale": [1.0, 1.0], "translate": [-124.6, 42.1]},
            "arcs": [[[0, 0], [1, 0], [0, -1]], [[0, 0], [0, -1], [1, 0]], [[5, -5], [0, 0]]],
            "objects": {"counties": {"geometries": [
                {"id": "06001", "type": "Polygon", "arcs": [[0, -2]], "properties": {"name": "Square"}},
                {"id": "06003", "type": "MultiPolygon", "arcs": [[[2]]], "properties": {"name": "Speck"}},
                {"id": "41001", "type": "Polygon", "arcs": [[0, -2]], "properties": {"name": "Elsewhere"}},
            ]}},
        });
        let text = of_california(topology.to_string().as_bytes()).unwrap();
        let shapes: Value = serde_json::from_str(&text).unwrap();
        // A degree is 160 units high, and 127 wide at this parallel.
        let square = "M0 0l127 0 0 160-127 0z";
        assert_eq!(shapes["counties"], json!({"Speck": "", "Square": square}));
        assert_eq!([&shapes["width"], &shapes["height"]], [&json!(637), &json!(801)]);
        assert!(of_california(b"{}").is_err());
    }
}
