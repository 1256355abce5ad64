//! The outlines behind the map page: California as a surface, the borders of the other states as lines, from the TopoJSON of
//! the package `us-atlas` (the Census Bureau's cartographic boundaries, 1:10,000,000).

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Value, json};

/// California's code (FIPS 5-2).
const CALIFORNIA: &str = "06";

/// The conterminous states: west, south, east, north. Lines that reach beyond are left out.
const SHOWN: [f64; 4] = [-126.0, 24.0, -66.0, 50.0];

/// A file of TopoJSON.
#[derive(Deserialize)]
pub(crate) struct Topology<Objects> {
    transform: Transform,
    arcs: Vec<Vec<[i64; 2]>>,
    /// What the arcs are put together to.
    pub(crate) objects: Objects,
}

#[derive(Deserialize)]
struct Transform {
    scale: [f64; 2],
    translate: [f64; 2],
}

#[derive(Deserialize)]
struct Objects {
    states: States,
}

#[derive(Deserialize)]
struct States {
    geometries: Vec<State>,
}

#[derive(Deserialize)]
struct State {
    id: String,
    arcs: Value,
}

/// Points in degrees, east and north.
pub(crate) type Line = Vec<[f64; 2]>;

impl<Objects> Topology<Objects> {
    /// Its arcs, in degrees.
    pub(crate) fn lines(&self) -> Vec<Line> {
        self.arcs.iter().map(|arc| unfold(arc, &self.transform)).collect()
    }
}

/// The GeoJSON of the outlines, from the package's `states-10m.json`.
///
/// # Errors
/// When that file is not of the known form.
pub(crate) fn of_california(states: &[u8]) -> Result<String> {
    let topology: Topology<Objects> =
        serde_json::from_slice(states).context("states-10m.json is not a topology")?;
    let lines = topology.lines();
    let states = &topology.objects.states.geometries;
    let california = states.iter().find(|state| state.id == CALIFORNIA);
    let arcs = &california.context("states-10m.json has no California")?.arcs;
    let polygons: Vec<Vec<Vec<i64>>> = serde_json::from_value(arcs.clone())?;
    let surface = polygons
        .iter()
        .map(|rings| rings.iter().map(|ring| join(ring, &lines)).collect())
        .collect::<Result<Vec<Vec<Line>>>>()?;
    let borders: Vec<&Line> = lines.iter().filter(|line| line.iter().all(is_shown)).collect();
    let feature = |kind: &str, coordinates: Value| json!({"type": "Feature", "properties": {}, "geometry": {"type": kind, "coordinates": coordinates}});
    let features = [
        feature("MultiPolygon", json!(surface)),
        feature("MultiLineString", json!(borders)),
    ];
    Ok(json!({"type": "FeatureCollection", "features": features}).to_string())
}

/// An arc's points in degrees: each is stored as the difference from the one before, in steps of a grid.
fn unfold(arc: &[[i64; 2]], transform: &Transform) -> Line {
    let ([right, up], [west, south]) = (transform.scale, transform.translate);
    let (mut column, mut row) = (0, 0);
    let points = arc.iter().map(|[columns, rows]| {
        column += columns;
        row += rows;
        [degrees(column, right, west), degrees(row, up, south)]
    });
    let mut line: Line = points.collect();
    line.dedup();
    line
}

/// Where a step of the grid is, to a thousandth of a degree: a hundred metres, which is finer than the source.
fn degrees(steps: i64, size: f64, origin: f64) -> f64 {
    // Within the grid of the file, far below 2^53.
    #[allow(clippy::cast_precision_loss)]
    let steps = steps as f64;
    ((steps * size + origin) * 1000.0).round() / 1000.0
}

/// A ring from its arcs, which share their ends; one below zero is the arc of its complement, backwards.
pub(crate) fn join(ring: &[i64], lines: &[Line]) -> Result<Line> {
    let mut joined = Line::new();
    for index in ring {
        let forwards = *index >= 0;
        let place = usize::try_from(if forwards { *index } else { !*index })?;
        let mut line = lines
            .get(place)
            .context("a ring names an arc that is not there")?
            .clone();
        if !forwards {
            line.reverse();
        }
        joined.extend(line.into_iter().skip(usize::from(!joined.is_empty())));
    }
    Ok(joined)
}

fn is_shown([lng, lat]: &[f64; 2]) -> bool {
    let [west, south, east, north] = SHOWN;
    (west..=east).contains(lng) && (south..=north).contains(lat)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rings_are_joined_from_arcs_either_way_round() {
        // A square of two arcs; the second is stored the other way round.
        let topology = json!({
            "transform": {"scale": [1.0, 1.0], "translate": [-120.0, 30.0]},
            "arcs": [[[0, 0], [1, 0], [0, 1]], [[0, 0], [0, 1], [1, 0]], [[100, 0], [1, 0]]],
            "objects": {"states": {"geometries": [
                {"id": "02", "type": "MultiPolygon", "arcs": [[[2]]]},
                {"id": "06", "type": "MultiPolygon", "arcs": [[[0, -2]]]},
            ]}},
        });
        let text = of_california(topology.to_string().as_bytes()).unwrap();
        let outline: Value = serde_json::from_str(&text).unwrap();
        let square = json!([
            [-120.0, 30.0],
            [-119.0, 30.0],
            [-119.0, 31.0],
            [-120.0, 31.0],
            [-120.0, 30.0]
        ]);
        assert_eq!(
            outline["features"][0]["geometry"]["coordinates"],
            json!([[square]])
        );
        let borders = outline["features"][1]["geometry"]["coordinates"]
            .as_array()
            .unwrap();
        assert_eq!(borders.len(), 2, "the arc in the Atlantic is left out");
        assert!(of_california(b"{}").is_err());
    }
}
