//! Centroids of California's ZIP codes: GeoNames (geonames.org), CC BY 4.0; see `data/README.md`.

use std::sync::LazyLock;

use super::region::County;
use super::zip::ZipCode;

/// A point in degrees, WGS 84.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Centroid {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east; California's are negative.
    pub longitude: f64,
}

/// The shipped table as text: `zip,city,county,county_fips,latitude,longitude`, no quoting.
const SOURCE: &str = include_str!("../../data/california_zip_centroids.csv");

/// Where one ZIP code lies.
struct Place {
    zip: u32,
    county: County,
    centroid: Centroid,
}

/// The table, sorted by ZIP code; read once, at the first question.
static PLACES: LazyLock<Vec<Place>> = LazyLock::new(|| {
    let mut places: Vec<Place> = SOURCE.lines().skip(1).filter_map(read_place).collect();
    places.sort_unstable_by_key(|place| place.zip);
    places
});

fn read_place(line: &str) -> Option<Place> {
    let mut fields = line.split(',');
    let zip = fields.next()?.parse().ok()?;
    let county = County::named(fields.nth(1)?)?;
    let latitude = fields.nth(1)?.parse().ok()?;
    let longitude = fields.next()?.parse().ok()?;
    Some(Place {
        zip,
        county,
        centroid: Centroid { latitude, longitude },
    })
}

fn place_of(zip: ZipCode) -> Option<&'static Place> {
    let index = PLACES.binary_search_by_key(&zip.five(), |place| place.zip).ok()?;
    PLACES.get(index)
}

/// The centroid of a ZIP code; none when California has no such code.
#[must_use]
pub fn centroid_of(zip: ZipCode) -> Option<Centroid> {
    place_of(zip).map(|place| place.centroid)
}

/// The county that a ZIP code lies in; none when California has no such code.
#[must_use]
pub fn county_of_zip(zip: ZipCode) -> Option<County> {
    place_of(zip).map(|place| place.county)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_shipped_table_is_read() {
        assert_eq!(PLACES.len(), SOURCE.lines().count() - 1);
        assert!(
            PLACES.windows(2).all(|pair| pair[0].zip < pair[1].zip),
            "ZIP codes are distinct"
        );
        for place in PLACES.iter() {
            assert!((32.0..43.0).contains(&place.centroid.latitude), "{}", place.zip);
            assert!(
                (-125.0..-114.0).contains(&place.centroid.longitude),
                "{}",
                place.zip
            );
        }
    }

    #[test]
    fn oakland_is_where_it_is() {
        let zip = "94607-1234".parse().unwrap();
        let centroid = centroid_of(zip).unwrap();
        assert!((centroid.latitude - 37.8).abs() < 0.05 && (centroid.longitude + 122.3).abs() < 0.05);
        assert_eq!(county_of_zip(zip).unwrap().name(), "Alameda");
    }

    #[test]
    fn other_states_have_no_centroid() {
        assert_eq!(centroid_of("89501".parse().unwrap()), None);
        assert!(county_of_zip("10001".parse().unwrap()).is_none());
    }
}
