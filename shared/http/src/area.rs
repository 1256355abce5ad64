//! The circle of a geographic list: `near` and `radiusMiles`.

use portal_domain::geo::{Distance, LatLng};
use utoipa::IntoParams;

use crate::query::{FromQuery, QueryReader};

/// The radius in miles when only the middle is given: a day's drive to a site and back.
const DEFAULT_MILES: f64 = 25.0;

/// The largest radius in miles. California is not 800 miles long, and a list that shows all of it needs no circle.
const MOST_MILES: f64 = 500.0;

/// A circle that a list may be narrowed to.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct AreaParameters {
    /// The middle of a circle as latitude and longitude in degrees; the items of the list then tell their distance from it.
    #[param(
        value_type = String, required = false, example = "37.7749,-122.4194",
        pattern = r"^-?(90(\.0+)?|[0-8]?[0-9](\.[0-9]+)?),-?(180(\.0+)?|(1[0-7][0-9]|[0-9]{1,2})(\.[0-9]+)?)$"
    )]
    near: Option<LatLng>,
    /// The radius of the circle in miles; only with `near`.
    #[param(value_type = f64, required = false, minimum = 0, maximum = 500, default = 25)]
    radius_miles: Distance,
}

/// The circle of a list that always has one.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub struct CircleParameters {
    /// The middle of the circle as latitude and longitude in degrees.
    #[param(
        value_type = String, example = "37.7749,-122.4194",
        pattern = r"^-?(90(\.0+)?|[0-8]?[0-9](\.[0-9]+)?),-?(180(\.0+)?|(1[0-7][0-9]|[0-9]{1,2})(\.[0-9]+)?)$"
    )]
    near: LatLng,
    /// The radius of the circle in miles.
    #[param(value_type = f64, required = false, minimum = 0, maximum = 500, default = 25)]
    radius_miles: Distance,
}

impl FromQuery for AreaParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        let near = query.one("near");
        let radius = radius(query);
        if radius.is_some() && !query.has("near") {
            query.fault("radiusMiles", "takes near, the middle of the circle");
        }
        Some(Self {
            near,
            radius_miles: Distance::from_miles(radius.unwrap_or(DEFAULT_MILES)),
        })
    }
}

impl FromQuery for CircleParameters {
    fn read(query: &mut QueryReader) -> Option<Self> {
        let near = query.required("near");
        let radius = radius(query).unwrap_or(DEFAULT_MILES);
        Some(Self {
            near: near?,
            radius_miles: Distance::from_miles(radius),
        })
    }
}

impl AreaParameters {
    /// The middle and the radius, when a middle is given.
    #[must_use]
    pub fn circle(self) -> Option<(LatLng, Distance)> {
        self.near.map(|near| (near, self.radius_miles))
    }
}

impl CircleParameters {
    /// The middle and the radius.
    #[must_use]
    pub const fn circle(self) -> (LatLng, Distance) {
        (self.near, self.radius_miles)
    }
}

fn radius(query: &mut QueryReader) -> Option<f64> {
    query.number("radiusMiles", 0.0, MOST_MILES, "miles")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<F: FromQuery>(text: &str) -> Result<F, Vec<String>> {
        let mut query = QueryReader::parse(text).unwrap();
        let area = F::read(&mut query);
        let faults = |problem: crate::Problem| {
            problem
                .faults()
                .iter()
                .map(|fault| fault.pointer.clone())
                .collect()
        };
        query.finish().map_err(faults).map(|()| area.unwrap())
    }

    #[test]
    fn a_radius_takes_a_middle() {
        assert_eq!(
            read::<AreaParameters>("radiusMiles=5").unwrap_err(),
            ["/query/radiusMiles"]
        );
        assert!(read::<AreaParameters>("").unwrap().circle().is_none());
        let (_, radius) = read::<AreaParameters>("near=1,2").unwrap().circle().unwrap();
        assert!((radius.miles() - DEFAULT_MILES).abs() < 1e-9);
    }

    #[test]
    fn every_fault_of_a_circle_is_named() {
        assert_eq!(
            read::<CircleParameters>("radiusMiles=-1").unwrap_err(),
            ["/query/near", "/query/radiusMiles"]
        );
        assert_eq!(
            read::<AreaParameters>("near=x&radiusMiles=501").unwrap_err(),
            ["/query/near", "/query/radiusMiles"]
        );
        let (near, radius) = read::<CircleParameters>("near=0,180&radiusMiles=0")
            .unwrap()
            .circle();
        assert_eq!((near.lng(), radius.metres()), (180.0, 0.0));
    }
}
