//! Tiles of a web map: the square of the spherical Mercator projection, halved once for each level of zoom.

use std::f64::consts::{PI, TAU};

use crate::bounding_box::BoundingBox;

/// The deepest zoom: a tile there is some 30 metres wide in California.
pub const DEEPEST: u8 = 20;

/// The side of a tile in its own units, as Mapbox Vector Tile 2.1 recommends.
pub const EXTENT: u32 = 4096;

/// How much wider than the tile its box is, in degrees (a tenth of a millimetre): for the rounding of the inverse projection.
const MARGIN: f64 = 1e-9;

/// The place of a tile in the scheme of web maps (OGC `WebMercatorQuad`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TileAddress {
    zoom: u8,
    column: u32,
    row: u32,
}

impl TileAddress {
    /// The tile at a zoom, a column from the west and a row from the north; `None` when there is none.
    #[must_use]
    pub const fn new(zoom: u8, column: u32, row: u32) -> Option<Self> {
        if zoom > DEEPEST || column >> zoom != 0 || row >> zoom != 0 {
            return None;
        }
        Some(Self { zoom, column, row })
    }

    /// The zoom.
    #[must_use]
    pub const fn zoom(self) -> u8 {
        self.zoom
    }

    /// How many tiles the map is wide at this zoom, and the tile's column and row among them.
    #[must_use]
    pub fn grid(self) -> [f64; 3] {
        [
            f64::from(1_u32 << self.zoom),
            f64::from(self.column),
            f64::from(self.row),
        ]
    }

    /// A box of longitudes and latitudes around the tile, a hair larger than it.
    #[must_use]
    pub fn around(self) -> BoundingBox {
        let [tiles, column, row] = self.grid();
        let longitude = |column: f64| column / tiles * 360.0 - 180.0;
        BoundingBox::of_degrees(
            longitude(column) - MARGIN,
            latitude((row + 1.0) / tiles) - MARGIN,
            longitude(column + 1.0) + MARGIN,
            latitude(row / tiles) + MARGIN,
        )
    }
}

/// The latitude at a share of the map's height from the north (the inverse Gudermannian function, as in EPSG method 1024).
fn latitude(share: f64) -> f64 {
    (PI - TAU * share).sinh().atan().to_degrees()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_lies_in_the_square() {
        assert!(TileAddress::new(0, 0, 0).is_some());
        assert!(TileAddress::new(20, (1 << 20) - 1, (1 << 20) - 1).is_some());
        for (zoom, column, row) in [
            (0, 1, 0),
            (0, 0, 1),
            (3, 8, 0),
            (21, 0, 0),
            (255, 0, 0),
            (20, 1 << 20, 0),
        ] {
            assert_eq!(TileAddress::new(zoom, column, row), None, "{zoom}/{column}/{row}");
        }
    }

    #[test]
    fn known_tiles_have_their_known_boxes() {
        // San Francisco's City Hall stands in 12/655/1583.
        let [west, south, east, north] = TileAddress::new(12, 655, 1583).unwrap().around().degrees();
        assert!((west - -122.431_640_625).abs() < 1e-6 && (east - -122.343_75).abs() < 1e-6);
        assert!((south - 37.718_590_325).abs() < 1e-6 && (north - 37.788_081_384).abs() < 1e-6);
        let [west, south, east, north] = TileAddress::new(0, 0, 0).unwrap().around().degrees();
        assert_eq!((west, east), (-180.0, 180.0));
        assert!((south + 85.051_128_779_8).abs() < 1e-6 && (north - 85.051_128_779_8).abs() < 1e-6);
    }
}
