//! Places on their way into and out of SQL.

use portal_domain::bounding_box::BoundingBox;
use portal_domain::geo::{Distance, LatLng};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::DataError;

/// A place as text that PostgreSQL casts to a geography; the digits are those that read back as the same numbers. One place has one
/// text: 180 degrees west are written as 180 degrees east, and a pole without a longitude.
pub(crate) fn as_geography(place: LatLng) -> String {
    let at_pole = place.lat().abs() >= 90.0;
    let lng = if at_pole { 0.0 } else { place.lng() };
    let lng = if lng <= -180.0 { 180.0 } else { lng };
    format!("POINT({lng} {})", place.lat())
}

/// Within how many degrees of the antimeridian or a pole a list by distance is sorted without the spatial index: some ten metres.
const SEAM: f64 = 1e-4;

/// Whether places near this one cannot be walked in the order of the spatial index.
///
/// The index orders by a lower bound of the distance. At the antimeridian and the poles sines and cosines that should be 0 are not
/// quite: of two places that all but coincide the distance comes out below the bound, and PostgreSQL gives up ("index returned tuples
/// in wrong order"). Places there are few; they are all read and sorted.
pub(crate) fn is_at_seam(place: LatLng) -> bool {
    place.lng().abs() > 180.0 - SEAM || place.lat().abs() > 90.0 - SEAM
}

/// How far a circle reaches, in metres, as a statement takes it. At the antimeridian and the poles one place may be stored as
/// several points, which rounding puts nanometres apart: a circle there is no narrower than a micrometre.
pub(crate) fn reach((middle, radius): (LatLng, Distance)) -> f64 {
    let least = if is_at_seam(middle) { 1e-6 } else { 0.0 };
    radius.metres().max(least)
}

/// A box as the two arguments that a statement takes for it: `coordinates && $1::text::geography` asks the spatial index, and
/// `app.is_in_box(coordinates, $2)` settles what lies at the borders.
pub(crate) struct BoxArguments {
    pub(crate) cover: Option<String>,
    pub(crate) degrees: Option<Vec<f64>>,
}

impl BoxArguments {
    pub(crate) fn of(bounds: Option<BoundingBox>) -> Self {
        Self {
            cover: bounds.map(as_cover),
            degrees: bounds.map(|bounds| bounds.degrees().to_vec()),
        }
    }
}

/// Text that PostgreSQL casts to a geography whose box in space is that of a box of longitudes and latitudes.
pub(crate) fn as_cover(bounds: BoundingBox) -> String {
    let places: Vec<_> = bounds
        .extremes()
        .into_iter()
        .map(|place| format!("{} {}", place.lng(), place.lat()))
        .collect();
    format!("MULTIPOINT({})", places.join(","))
}

/// A place from the two columns that a query gives for it.
pub(crate) fn from_columns(
    table: &'static str,
    lat: Option<f64>,
    lng: Option<f64>,
) -> Result<Option<LatLng>, DataError> {
    let place = lat.zip(lng).map(|(lat, lng)| LatLng::new(lat, lng));
    place.transpose().map_err(|error| DataError::Corrupt {
        table,
        reason: error.to_string(),
    })
}

/// A number of metres in a cursor: written as its bits, since a decimal form may not read back as the same number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExactMetres(pub f64);

impl Serialize for ExactMetres {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.to_bits().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ExactMetres {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u64::deserialize(deserializer).map(|bits| Self(f64::from_bits(bits)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metres_read_back_to_the_last_bit() {
        for metres in [0.0, 0.1 + 0.2, 12_345.678_901_234_567, f64::MAX, 5e-324] {
            let text = serde_json::to_string(&ExactMetres(metres)).unwrap();
            let read: ExactMetres = serde_json::from_str(&text).unwrap();
            assert_eq!(read.0.to_bits(), metres.to_bits());
        }
    }

    #[test]
    fn longitude_comes_first_in_sql() {
        assert_eq!(
            as_geography(LatLng::new(37.5, -122.25).unwrap()),
            "POINT(-122.25 37.5)"
        );
        assert_eq!(
            as_geography(LatLng::new(0.0000001, 0.0).unwrap()),
            "POINT(0 0.0000001)"
        );
    }

    #[test]
    fn one_place_has_one_text_also_at_the_seams() {
        for (lat, lng, text) in [
            (52.0, -180.0, "POINT(180 52)"),
            (52.0, 180.0, "POINT(180 52)"),
            (90.0, -123.5, "POINT(0 90)"),
            (-90.0, 180.0, "POINT(0 -90)"),
        ] {
            let place = LatLng::new(lat, lng).unwrap();
            assert_eq!(as_geography(place), text);
            assert!(is_at_seam(place) && reach((place, Distance::from_metres(0.0))) > 0.0);
        }
        for (lat, lng) in [(89.999, 0.0), (52.0, 179.999), (-52.0, -179.999), (0.0, 0.0)] {
            assert!(!is_at_seam(LatLng::new(lat, lng).unwrap()));
        }
    }
}
