//! Places and distances on the earth, measured as PostGIS measures a geography on the sphere.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use crate::object::Object;

/// Radius in metres of the mean sphere of WGS 84, `(2a + b) / 3`: what PostGIS uses for `<->` on a geography and for
/// `ST_Distance(a, b, false)` (6371008.7714150598, as a double-precision number holds it).
pub const EARTH_RADIUS_METRES: f64 = 6_371_008.771_415_06;

/// Metres in an international mile.
const METRES_PER_MILE: f64 = 1_609.344;

/// Why a pair of numbers is no place on the earth.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum PlaceError {
    /// The latitude is not a number between -90 and 90.
    #[error("the latitude must be a number from -90 to 90")]
    Latitude,
    /// The longitude is not a number between -180 and 180.
    #[error("the longitude must be a number from -180 to 180")]
    Longitude,
    /// The text is not two numbers with a comma between.
    #[error(
        "write the latitude and the longitude in degrees with a comma between, such as 37.7749,-122.4194"
    )]
    Form,
}

/// A place on the earth in degrees of WGS 84.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "Object<UncheckedPlace>")]
pub struct LatLng {
    /// Degrees north of the equator.
    #[schema(minimum = -90, maximum = 90, example = 37.7749)]
    lat: f64,
    /// Degrees east of Greenwich.
    #[schema(minimum = -180, maximum = 180, example = -122.4194)]
    lng: f64,
}

/// The two numbers as they come from outside.
#[derive(Deserialize)]
struct UncheckedPlace {
    lat: f64,
    lng: f64,
}

impl TryFrom<Object<UncheckedPlace>> for LatLng {
    type Error = PlaceError;

    fn try_from(Object(place): Object<UncheckedPlace>) -> Result<Self, PlaceError> {
        Self::new(place.lat, place.lng)
    }
}

impl LatLng {
    /// A place from degrees.
    ///
    /// # Errors
    /// When a number is not finite or out of range.
    pub fn new(lat: f64, lng: f64) -> Result<Self, PlaceError> {
        if !(-90.0..=90.0).contains(&lat) {
            return Err(PlaceError::Latitude);
        }
        if !(-180.0..=180.0).contains(&lng) {
            return Err(PlaceError::Longitude);
        }
        Ok(Self { lat, lng })
    }

    /// Degrees north of the equator.
    #[must_use]
    pub const fn lat(self) -> f64 {
        self.lat
    }

    /// Degrees east of Greenwich.
    #[must_use]
    pub const fn lng(self) -> f64 {
        self.lng
    }

    /// The great-circle distance to another place on the mean sphere.
    ///
    /// Vincenty's formula for a sphere: unlike the haversine it stays exact for places that lie close together and for
    /// antipodes (T. Vincenty, Survey Review 23, 1975, with the flattening zero).
    #[must_use]
    pub fn distance_to(self, other: Self) -> Distance {
        let (from, to) = (self.lat.to_radians(), other.lat.to_radians());
        let turn = (other.lng - self.lng).to_radians();
        let east = to.cos() * turn.sin();
        let north = from.cos() * to.sin() - from.sin() * to.cos() * turn.cos();
        let towards = from.sin() * to.sin() + from.cos() * to.cos() * turn.cos();
        Distance {
            metres: EARTH_RADIUS_METRES * east.hypot(north).atan2(towards),
        }
    }
}

impl std::str::FromStr for LatLng {
    type Err = PlaceError;

    /// Reads `lat,lng`, as query parameters carry a place.
    fn from_str(text: &str) -> Result<Self, PlaceError> {
        let (lat, lng) = text.split_once(',').ok_or(PlaceError::Form)?;
        Self::new(degrees(lat)?, degrees(lng)?)
    }
}

/// Reads plain decimal degrees; neither exponents nor words such as `inf` or `nan`.
fn degrees(text: &str) -> Result<f64, PlaceError> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.ends_with(|last: char| last.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if plain {
        text.parse().map_err(|_| PlaceError::Form)
    } else {
        Err(PlaceError::Form)
    }
}

/// A length along the earth's surface, kept in metres.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Distance {
    metres: f64,
}

impl Distance {
    /// A distance in metres, as the database measures it.
    #[must_use]
    pub const fn from_metres(metres: f64) -> Self {
        Self { metres }
    }

    /// A distance in international miles, as the members think of it.
    #[must_use]
    pub const fn from_miles(miles: f64) -> Self {
        Self {
            metres: miles * METRES_PER_MILE,
        }
    }

    /// The distance in metres.
    #[must_use]
    pub const fn metres(self) -> f64 {
        self.metres
    }

    /// The distance in international miles.
    #[must_use]
    pub const fn miles(self) -> f64 {
        self.metres / METRES_PER_MILE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(lat: f64, lng: f64) -> LatLng {
        LatLng::new(lat, lng).unwrap()
    }

    #[test]
    fn reads_a_place_and_names_what_is_wrong_with_one() {
        assert_eq!("37.5,-122".parse(), Ok(place(37.5, -122.0)));
        assert_eq!("90.0001,0".parse::<LatLng>(), Err(PlaceError::Latitude));
        assert_eq!("0,180.5".parse::<LatLng>(), Err(PlaceError::Longitude));
        for text in [
            "", "abc", "1", "1,", ",1", "1e1,2", "nan,0", "inf,0", "1,2,3", "1 ,2", "+1,2", "1..2,3", ".5,1",
            "5.,1",
        ] {
            assert_eq!(text.parse::<LatLng>(), Err(PlaceError::Form), "{text:?}");
        }
    }

    #[test]
    fn refuses_json_out_of_range() {
        assert!(serde_json::from_str::<LatLng>(r#"{"lat":91,"lng":0}"#).is_err());
        assert_eq!(
            serde_json::from_str::<LatLng>(r#"{"lat":1,"lng":2}"#).unwrap(),
            place(1.0, 2.0)
        );
    }

    #[test]
    fn measures_known_arcs() {
        let quarter = std::f64::consts::FRAC_PI_2 * EARTH_RADIUS_METRES;
        let pole = place(0.0, 0.0).distance_to(place(90.0, 0.0)).metres();
        assert!((pole - quarter).abs() < 1e-6);
        let antipode = place(10.0, 20.0).distance_to(place(-10.0, -160.0)).metres();
        assert!((antipode - 2.0 * quarter).abs() < 1e-6);
        let across = place(0.0, 179.5).distance_to(place(0.0, -179.5)).metres();
        assert!((across - quarter / 90.0).abs() < 1e-6);
        assert!(
            place(37.0, -122.0)
                .distance_to(place(37.0, -122.0))
                .metres()
                .abs()
                < 1e-9
        );
    }

    #[test]
    fn miles_and_metres_agree() {
        assert!((Distance::from_miles(20.0).metres() - 32_186.88).abs() < 1e-9);
        assert!((Distance::from_metres(1_609.344).miles() - 1.0).abs() < 1e-15);
    }
}
