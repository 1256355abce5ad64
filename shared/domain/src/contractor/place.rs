//! Which region a row belongs to.

use super::centroid::county_of_zip;
use super::region::{County, Region};
use super::warning::{WarningCounts, WarningKind};
use super::zip::ZipCode;

/// Where a firm sits. The state decides whether in California; where it is empty, a foreign country, the ZIP code or the county
/// do. In California the county, or else that of the ZIP code, tells north from south.
pub(super) fn region_of(
    state: Option<&str>,
    county: Option<&str>,
    country: Option<&str>,
    zip: Option<ZipCode>,
    warnings: &mut WarningCounts,
) -> Region {
    let zip_county = zip.and_then(county_of_zip);
    let county = county.and_then(County::named).or(zip_county);
    let abroad =
        country.is_some_and(|name| !["US", "USA", "UNITED STATES"].contains(&name.to_uppercase().as_str()));
    let in_california = match state {
        Some(state) => state == "CA" || state == "CALIFORNIA",
        None if abroad => false,
        None if county.is_some() => true,
        None => {
            warnings.add(WarningKind::UnknownState, 1);
            false
        }
    };
    match county {
        _ if !in_california => Region::OutOfState,
        Some(county) => county.region(),
        None => {
            warnings.add(WarningKind::UnknownCounty, 1);
            Region::North
        }
    }
}
