//! The box of a geographic list: `bbox`, as OGC API Features names it.

use portal_domain::bounding_box::BoundingBox;
use utoipa::IntoParams;

use crate::query::{FromQuery, QueryReader};

/// A box that a list may be narrowed to.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BoundsParameters {
    /// Only what lies in this box, borders included: `minLon,minLat,maxLon,maxLat` in degrees. A box whose `minLon` is more than
    /// its `maxLon` crosses the antimeridian.
    #[param(
        value_type = String, required = false, example = "-122.6,37.2,-121.7,38.1",
        pattern = r"^(-?(180(\.0+)?|(1[0-7][0-9]|[0-9]{1,2})(\.[0-9]+)?),-?(90(\.0+)?|[0-8]?[0-9](\.[0-9]+)?)),(-?(180(\.0+)?|(1[0-7][0-9]|[0-9]{1,2})(\.[0-9]+)?),-?(90(\.0+)?|[0-8]?[0-9](\.[0-9]+)?))$"
    )]
    bbox: Option<BoundingBox>,
}

impl FromQuery for BoundsParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        Some(Self {
            bbox: query.one("bbox"),
        })
    }
}

impl BoundsParameters {
    /// The box, when one is given.
    #[must_use]
    pub const fn bounds(self) -> Option<BoundingBox> {
        self.bbox
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Option<BoundingBox>, crate::Problem> {
        let mut query = QueryReader::parse(text).unwrap();
        let read = BoundsParameters::read(&mut query);
        query.finish().map(|()| read.unwrap().bounds())
    }

    #[test]
    fn a_box_is_read_or_named_in_the_refusal() {
        assert_eq!(read("").unwrap(), None);
        let across = read("bbox=170,-10,-170,10").unwrap().unwrap();
        assert_eq!(across.degrees(), [170.0, -10.0, -170.0, 10.0]);
        for bad in [
            "bbox=",
            "bbox=1,2,3",
            "bbox=1,2,3,4,5,6",
            "bbox=1,4,3,2",
            "bbox=200,1,2,3",
            "bbox=1,2,3,4&bbox=1,2,3,4",
        ] {
            let problem = read(bad).unwrap_err();
            assert_eq!(problem.faults()[0].pointer, "/query/bbox", "{bad}");
        }
    }
}
