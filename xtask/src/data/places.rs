//! Where firms, members, projects and events are: California's ZIP codes, weighted by how many people live there.
//!
//! The ZIP codes are GeoNames' (geonames.org, CC BY 4.0).

use std::collections::HashMap;

use anyhow::{Context as _, Result, bail};

use super::counties::{COUNTIES, County};
use super::random::Random;

const ZIPS: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../shared/domain/data/california_zip_centroids.csv"
));

/// How places are spread over the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spread {
    /// As people live.
    Statewide,
    /// As people live in the north, with a few in the south.
    Northern,
    /// Crowded around San Francisco, Oakland and Sacramento.
    Demo,
}

/// One ZIP code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) zip: &'static str,
    pub(crate) city: &'static str,
    pub(crate) county: County,
    /// WGS84 degrees of the centroid.
    pub(crate) latitude: f64,
    pub(crate) longitude: f64,
    /// Nobody lives in such a ZIP code: it is a wall of boxes at a post office.
    pub(crate) boxes_only: bool,
}

impl Place {
    /// A point within about two miles of the centroid, as (longitude, latitude), to a metre.
    pub(crate) fn point(&self, random: &mut Random) -> (f64, f64) {
        let mut near = |degrees: f64| ((degrees + (random.fraction() - 0.5) * 0.05) * 1e5).round() / 1e5;
        let latitude = near(self.latitude);
        (near(self.longitude), latitude)
    }

    /// `+14155550123`: a number that cannot ring, since its exchange is kept for fiction.
    pub(crate) fn phone(&self, random: &mut Random) -> String {
        format!(
            "+1{}555{:04}",
            random.pick(self.county.area_codes),
            random.below(10_000)
        )
    }
}

/// All ZIP codes, ready to be drawn from.
pub(crate) struct Atlas {
    places: Vec<Place>,
    statewide: Vec<u64>,
    northern: Vec<u64>,
    demo: Vec<u64>,
}

impl Atlas {
    /// Reads the built-in list.
    ///
    /// # Errors
    /// When a line of the list is not `zip,city,county,county_fips,latitude,longitude` with a county of California.
    pub(crate) fn load() -> Result<Self> {
        let mut places = ZIPS.lines().skip(1).map(place).collect::<Result<Vec<_>>>()?;
        let mut at_point: HashMap<(u64, u64), u32> = HashMap::new();
        for place in &mut places {
            // Post office boxes are listed at their town's centre, after the town's own ZIP code.
            let sharing = at_point
                .entry((place.latitude.to_bits(), place.longitude.to_bits()))
                .or_default();
            place.boxes_only = *sharing > 0;
            *sharing += 1;
        }
        let statewide = cumulated(&places, County::statewide_weight);
        let northern = cumulated(&places, County::northern_weight);
        let demo = cumulated(&places, County::demo_weight);
        Ok(Self {
            places,
            statewide,
            northern,
            demo,
        })
    }

    /// Draws a ZIP code.
    pub(crate) fn draw(&self, random: &mut Random, spread: Spread) -> Result<&Place> {
        let sums = match spread {
            Spread::Statewide => &self.statewide,
            Spread::Northern => &self.northern,
            Spread::Demo => &self.demo,
        };
        let drawn = random.below(sums.last().copied().unwrap_or_default());
        let at = sums.partition_point(|sum| *sum <= drawn);
        self.places.get(at).context("the list of ZIP codes is empty")
    }
}

fn place(line: &'static str) -> Result<Place> {
    let fields: Vec<&str> = line.trim_end().split(',').collect();
    let &[zip, city, county_name, _, latitude, longitude] = fields.as_slice() else {
        bail!("not a line of the list of ZIP codes: {line:?}");
    };
    let county = COUNTIES
        .iter()
        .find(|county| county.name == county_name)
        .with_context(|| format!("the list of ZIP codes names an unknown county: {line:?}"))?;
    Ok(Place {
        zip,
        city,
        county: *county,
        latitude: latitude
            .parse()
            .with_context(|| format!("not a latitude: {line:?}"))?,
        longitude: longitude
            .parse()
            .with_context(|| format!("not a longitude: {line:?}"))?,
        boxes_only: false,
    })
}

/// Running sums of the places' weights: each county's weight shared out among its ZIP codes, unevenly but always the same.
fn cumulated(places: &[Place], weight: impl Fn(&County) -> u64) -> Vec<u64> {
    let mut shares: HashMap<&str, u64> = HashMap::new();
    for place in places {
        *shares.entry(place.county.name).or_default() += share(place);
    }
    let mut sum = 0;
    places
        .iter()
        .map(|place| {
            let county = shares.get(place.county.name).copied().unwrap_or(1).max(1);
            sum += weight(&place.county) * 1_000_000 * share(place) / county;
            sum
        })
        .collect()
}

fn share(place: &Place) -> u64 {
    if place.boxes_only {
        return 1;
    }
    5 + Random::for_row(0, place.zip, 0).below(40)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(spread: Spread, county: &str) -> usize {
        let atlas = Atlas::load().unwrap();
        let mut random = Random::for_row(1, "places", 0);
        (0..10_000)
            .filter(|_| atlas.draw(&mut random, spread).unwrap().county.name == county)
            .count()
    }

    #[test]
    fn people_live_where_they_live() {
        let (angeles, alpine) = (
            count(Spread::Statewide, "Los Angeles"),
            count(Spread::Statewide, "Alpine"),
        );
        assert!(
            (2400..2650).contains(&angeles),
            "{angeles} of 10,000 in Los Angeles"
        );
        assert!(alpine < 5);
    }

    #[test]
    fn the_demonstration_is_around_the_bay_and_the_capital() {
        let near: usize = ["San Francisco", "Alameda", "Sacramento"]
            .iter()
            .map(|county| count(Spread::Demo, county))
            .sum();
        assert!(near > 4500, "{near} of 10,000");
    }

    #[test]
    fn points_are_near_their_centroid_and_phones_never_ring() {
        let atlas = Atlas::load().unwrap();
        let mut random = Random::for_row(1, "points", 0);
        for _ in 0..100 {
            let place = atlas.draw(&mut random, Spread::Statewide).unwrap();
            let (longitude, latitude) = place.point(&mut random);
            assert!((longitude - place.longitude).abs() < 0.03 && (latitude - place.latitude).abs() < 0.03);
            let phone = place.phone(&mut random);
            assert_eq!(phone.len(), 12);
            assert_eq!(&phone[5..8], "555");
        }
    }
}
