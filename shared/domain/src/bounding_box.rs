//! A box of longitudes and latitudes, as maps ask for what they show.

use thiserror::Error;

use crate::geo::{LatLng, PlaceError};

/// Why four numbers are no box.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum BoxError {
    /// The text is not four numbers with commas between.
    #[error(
        "write minLon,minLat,maxLon,maxLat in degrees with commas between, such as -122.6,37.2,-121.7,38.1"
    )]
    Form,
    /// A corner is no place on the earth.
    #[error("{0}")]
    Corner(PlaceError),
    /// The southern border lies north of the northern one.
    #[error("minLat must not be more than maxLat")]
    UpsideDown,
}

/// Where x and y turn along a parallel.
const TURNING: [f64; 5] = [-180.0, -90.0, 0.0, 90.0, 180.0];

/// The places between two longitudes and two latitudes, borders included. Where the western border is more than the eastern
/// one, the box crosses the antimeridian.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoundingBox {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl BoundingBox {
    /// The box between two corners.
    ///
    /// # Errors
    /// [`BoxError::UpsideDown`] when the first corner lies north of the second.
    pub fn new(south_west: LatLng, north_east: LatLng) -> Result<Self, BoxError> {
        if south_west.lat() > north_east.lat() {
            return Err(BoxError::UpsideDown);
        }
        let [west, east] = [south_west.lng(), north_east.lng()];
        Ok(Self::of_degrees(west, south_west.lat(), east, north_east.lat()))
    }

    /// The box between two longitudes and two latitudes, which are cut to those of the earth.
    pub(crate) fn of_degrees(west: f64, south: f64, east: f64, north: f64) -> Self {
        Self {
            west: west.clamp(-180.0, 180.0),
            south: south.clamp(-90.0, 90.0),
            east: east.clamp(-180.0, 180.0),
            north: north.clamp(-90.0, 90.0),
        }
    }

    /// West, south, east and north, in degrees.
    #[must_use]
    pub const fn degrees(self) -> [f64; 4] {
        [self.west, self.south, self.east, self.north]
    }

    /// Whether a place lies in the box. A pole has every longitude, and 180 degrees east is 180 degrees west.
    #[must_use]
    pub fn contains(self, place: LatLng) -> bool {
        let [west, south, east, north] = self.degrees();
        let meridian = 180.0;
        let at_antimeridian =
            place.lng().abs() >= meridian && (west.abs() >= meridian || east.abs() >= meridian);
        let between = if west <= east {
            (west..=east).contains(&place.lng())
        } else {
            place.lng() >= west || place.lng() <= east
        };
        (south..=north).contains(&place.lat()) && (between || at_antimeridian || place.lat().abs() >= 90.0)
    }

    /// Places of the box whose common bounding box in space, with the earth's centre as origin, is that of the whole box.
    ///
    /// A spatial index over a geography holds such boxes in space, not longitudes and latitudes; and the sides of a polygon
    /// there are great circles, which leave the parallels. On the unit sphere x is cos φ cos λ, y cos φ sin λ and z sin φ: each is
    /// greatest and least where φ is at a border or the equator and λ at a border or a multiple of 90 degrees. Numbers of the machine
    /// put 180 degrees east a little north of 180 degrees west, and a pole beside itself, so a box that reaches either has all of it.
    #[must_use]
    pub fn extremes(self) -> Vec<LatLng> {
        let [west, south, east, north] = self.degrees();
        let equator = (south..=north).contains(&0.0).then_some(0.0);
        let latitudes = [Some(south), Some(north), equator];
        let longitudes = [west, east].into_iter().chain(TURNING);
        let places = latitudes.into_iter().flatten().flat_map(|lat| {
            longitudes
                .clone()
                .filter_map(move |lng| LatLng::new(lat, lng).ok())
        });
        places.filter(|place| self.contains(*place)).collect()
    }
}

impl std::str::FromStr for BoundingBox {
    type Err = BoxError;

    /// Reads `minLon,minLat,maxLon,maxLat`, as OGC API Features writes a box; one with heights (six numbers) is refused.
    fn from_str(text: &str) -> Result<Self, BoxError> {
        let mut parts = text.split(',');
        let mut corner = || -> Result<LatLng, BoxError> {
            let (lng, lat) = parts.next().zip(parts.next()).ok_or(BoxError::Form)?;
            let place: Result<LatLng, PlaceError> = format!("{lat},{lng}").parse();
            place.map_err(|error| match error {
                PlaceError::Form => BoxError::Form,
                other => BoxError::Corner(other),
            })
        };
        let (south_west, north_east) = (corner()?, corner()?);
        if parts.next().is_some() {
            return Err(BoxError::Form);
        }
        Self::new(south_west, north_east)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn place(lat: f64, lng: f64) -> LatLng {
        LatLng::new(lat, lng).unwrap()
    }

    fn parse(text: &str) -> Result<BoundingBox, BoxError> {
        text.parse()
    }

    #[test]
    fn reads_a_box_and_names_what_is_wrong_with_one() {
        assert_eq!(
            parse("-122.5,37,-121,38.5").unwrap().degrees(),
            [-122.5, 37.0, -121.0, 38.5]
        );
        for text in [
            "",
            "1,2,3",
            "1,2,3,4,5,6",
            "a,2,3,4",
            "1,2,3,4,",
            "1e1,2,3,4",
            "1 ,2,3,4",
        ] {
            assert_eq!(parse(text), Err(BoxError::Form), "{text:?}");
        }
        assert_eq!(parse("181,2,3,4"), Err(BoxError::Corner(PlaceError::Longitude)));
        assert_eq!(parse("1,2,3,91"), Err(BoxError::Corner(PlaceError::Latitude)));
        assert_eq!(parse("1,5,3,4"), Err(BoxError::UpsideDown));
    }

    #[test]
    fn a_box_may_cross_the_antimeridian_and_touch_the_poles() {
        let across = parse("170,-10,-170,10").unwrap();
        for (lng, inside) in [
            (175.0, true),
            (-175.0, true),
            (180.0, true),
            (-180.0, true),
            (0.0, false),
        ] {
            assert_eq!(across.contains(place(0.0, lng)), inside, "{lng}");
        }
        let west = parse("-180,-10,-170,10").unwrap();
        assert!(west.contains(place(0.0, 180.0)) && !west.contains(place(0.0, 179.9)));
        let top = parse("0,80,10,90").unwrap();
        assert!(top.contains(place(90.0, 123.0)) && !top.contains(place(89.0, 123.0)));
    }

    fn in_space(place: LatLng) -> [f64; 3] {
        let (lat, lng) = (place.lat().to_radians(), place.lng().to_radians());
        [lat.cos() * lng.cos(), lat.cos() * lng.sin(), lat.sin()]
    }

    proptest! {
        #[test]
        fn the_extremes_enclose_the_whole_box(
            (west, east) in (-180.0..=180.0_f64, -180.0..=180.0_f64),
            (one, other) in (-90.0..=90.0_f64, -90.0..=90.0_f64),
            (share_east, share_north) in (0.0..=1.0_f64, 0.0..=1.0_f64),
        ) {
            let (south, north) = (one.min(other), one.max(other));
            let area = BoundingBox::new(place(south, west), place(north, east)).unwrap();
            let width = if west <= east { east - west } else { east + 360.0 - west };
            let lng = (west + share_east * width + 180.0).rem_euclid(360.0) - 180.0;
            let inside = in_space(place((south + share_north * (north - south)).clamp(south, north), lng));
            let corners: Vec<_> = area.extremes().into_iter().map(in_space).collect();
            for (axis, value) in inside.iter().enumerate() {
                let least = corners.iter().map(|corner| corner[axis]).fold(f64::MAX, f64::min);
                let most = corners.iter().map(|corner| corner[axis]).fold(f64::MIN, f64::max);
                prop_assert!((least - 1e-12..=most + 1e-12).contains(value), "axis {}", axis);
            }
        }
    }
}
