//! Places on their way into and out of SQL.

use portal_domain::bounding_box::BoundingBox;
use portal_domain::geo::LatLng;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::DataError;

/// A place as text that PostgreSQL casts to a geography; the digits are those that read back as the same numbers.
pub(crate) fn as_geography(place: LatLng) -> String {
    format!("POINT({} {})", place.lng(), place.lat())
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
}
