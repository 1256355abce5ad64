//! Counties of California and the regions that contractors are kept by.

use std::fmt;
use std::str::FromStr;

/// The part of the country that a contractor is kept under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Region {
    /// Northern California: every county that is not one of the ten southern ones.
    North,
    /// The ten southern counties.
    South,
    /// Outside California.
    OutOfState,
}

impl Region {
    /// The name in the database and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::North => "NORTH",
            Self::South => "SOUTH",
            Self::OutOfState => "OUT_OF_STATE",
        }
    }
}

/// The text names no region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a region is NORTH, SOUTH or OUT_OF_STATE")]
pub struct UnknownRegion;

impl FromStr for Region {
    type Err = UnknownRegion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::North, Self::South, Self::OutOfState]
            .into_iter()
            .find(|region| region.as_str() == text)
            .ok_or(UnknownRegion)
    }
}

impl fmt::Display for Region {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// One of the 58 counties of California.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct County(&'static str);

/// The ten counties that count as Southern California.
const SOUTHERN: [&str; 10] = [
    "Imperial",
    "Kern",
    "Los Angeles",
    "Orange",
    "Riverside",
    "San Bernardino",
    "San Diego",
    "San Luis Obispo",
    "Santa Barbara",
    "Ventura",
];

/// The other 48.
#[rustfmt::skip]
const NORTHERN: [&str; 48] = [
    "Alameda", "Alpine", "Amador", "Butte", "Calaveras", "Colusa", "Contra Costa", "Del Norte", "El Dorado", "Fresno", "Glenn",
    "Humboldt", "Inyo", "Kings", "Lake", "Lassen", "Madera", "Marin", "Mariposa", "Mendocino", "Merced", "Modoc", "Mono", "Monterey",
    "Napa", "Nevada", "Placer", "Plumas", "Sacramento", "San Benito", "San Francisco", "San Joaquin", "San Mateo", "Santa Clara",
    "Santa Cruz", "Shasta", "Sierra", "Siskiyou", "Solano", "Sonoma", "Stanislaus", "Sutter", "Tehama", "Trinity", "Tulare",
    "Tuolumne", "Yolo", "Yuba",
];

impl County {
    /// The county of this name, whatever the case; a trailing `County` is allowed. None when California has no such county.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        let name = text.trim();
        let bare = name.len().checked_sub(" county".len()).and_then(|end| {
            let suffix = name.get(end..)?;
            suffix
                .eq_ignore_ascii_case(" county")
                .then(|| name.get(..end))
                .flatten()
        });
        let name = bare.unwrap_or(name);
        SOUTHERN
            .iter()
            .chain(&NORTHERN)
            .find(|county| county.eq_ignore_ascii_case(name))
            .map(|county| Self(county))
    }

    /// The plain name, such as `Contra Costa`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0
    }

    /// The region that the county belongs to.
    #[must_use]
    pub fn region(self) -> Region {
        if SOUTHERN.contains(&self.0) {
            Region::South
        } else {
            Region::North
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_counties_are_southern() {
        for name in SOUTHERN {
            assert_eq!(County::named(name).unwrap().region(), Region::South);
        }
        for name in NORTHERN {
            assert_eq!(County::named(name).unwrap().region(), Region::North);
        }
    }

    #[test]
    fn counties_are_found_whatever_the_case() {
        assert_eq!(County::named(" CONTRA COSTA ").unwrap().name(), "Contra Costa");
        assert_eq!(County::named("Kern County").unwrap().name(), "Kern");
        assert!(County::named("Clark").is_none());
        assert!(County::named("").is_none());
        assert!(County::named("Muñoz county").is_none());
    }

    #[test]
    fn regions_read_back() {
        for region in [Region::North, Region::South, Region::OutOfState] {
            assert_eq!(region.as_str().parse::<Region>(), Ok(region));
        }
        assert_eq!("EAST".parse::<Region>(), Err(UnknownRegion));
    }
}
