//! How many people live where, so that made-up firms and members are as thick on the ground as real ones.

/// One county of California.
#[derive(Clone, Copy, Debug)]
pub(crate) struct County {
    pub(crate) name: &'static str,
    /// Thousands of people, census of 2020.
    pub(crate) thousands: u32,
    /// Telephone area codes.
    pub(crate) area_codes: &'static [&'static str],
}

const fn county(name: &'static str, thousands: u32, area_codes: &'static [&'static str]) -> County {
    County {
        name,
        thousands,
        area_codes,
    }
}

impl County {
    /// The county's share of a statewide data set.
    pub(crate) fn statewide_weight(&self) -> u64 {
        u64::from(self.thousands)
    }

    /// The county's share of what an association of the north has: all of the north, one in forty from the south.
    pub(crate) fn northern_weight(&self) -> u64 {
        let thousands = u64::from(self.thousands);
        if SOUTHERN.contains(&self.name) {
            thousands.div_ceil(40)
        } else {
            thousands
        }
    }

    /// The county's share of the demonstration: most of it near San Francisco, Oakland and Sacramento, a little everywhere else.
    pub(crate) fn demo_weight(&self) -> u64 {
        match self.name {
            "San Francisco" => 6_000,
            "Alameda" => 5_500,
            "Sacramento" => 5_000,
            "Contra Costa" | "Santa Clara" => 2_000,
            "San Mateo" | "Solano" | "Yolo" | "Placer" | "Marin" => 1_000,
            _ => u64::from(self.thousands / 12).max(4),
        }
    }
}

/// The ten counties of the southern region.
#[rustfmt::skip]
const SOUTHERN: &[&str] = &[
    "Imperial", "Kern", "Los Angeles", "Orange", "Riverside", "San Bernardino", "San Diego", "San Luis Obispo",
    "Santa Barbara", "Ventura",
];

pub(crate) const COUNTIES: &[County] = &[
    county("Alameda", 1682, &["510", "341", "925"]),
    county("Alpine", 1, &["530"]),
    county("Amador", 40, &["209"]),
    county("Butte", 212, &["530"]),
    county("Calaveras", 45, &["209"]),
    county("Colusa", 22, &["530"]),
    county("Contra Costa", 1166, &["925", "510"]),
    county("Del Norte", 28, &["707"]),
    county("El Dorado", 191, &["530", "916"]),
    county("Fresno", 1009, &["559"]),
    county("Glenn", 29, &["530"]),
    county("Humboldt", 136, &["707"]),
    county("Imperial", 180, &["760", "442"]),
    county("Inyo", 19, &["760"]),
    county("Kern", 909, &["661"]),
    county("Kings", 152, &["559"]),
    county("Lake", 68, &["707"]),
    county("Lassen", 33, &["530"]),
    county(
        "Los Angeles",
        10014,
        &["213", "310", "323", "424", "562", "626", "747", "818"],
    ),
    county("Madera", 156, &["559"]),
    county("Marin", 262, &["415"]),
    county("Mariposa", 17, &["209"]),
    county("Mendocino", 92, &["707"]),
    county("Merced", 281, &["209"]),
    county("Modoc", 9, &["530"]),
    county("Mono", 13, &["760"]),
    county("Monterey", 439, &["831"]),
    county("Napa", 138, &["707"]),
    county("Nevada", 102, &["530"]),
    county("Orange", 3187, &["714", "949", "657"]),
    county("Placer", 405, &["916", "530"]),
    county("Plumas", 20, &["530"]),
    county("Riverside", 2418, &["951", "760"]),
    county("Sacramento", 1585, &["916", "279"]),
    county("San Benito", 64, &["831"]),
    county("San Bernardino", 2182, &["909", "760"]),
    county("San Diego", 3299, &["619", "858", "760"]),
    county("San Francisco", 874, &["415", "628"]),
    county("San Joaquin", 779, &["209"]),
    county("San Luis Obispo", 282, &["805"]),
    county("San Mateo", 764, &["650"]),
    county("Santa Barbara", 448, &["805"]),
    county("Santa Clara", 1936, &["408", "669"]),
    county("Santa Cruz", 271, &["831"]),
    county("Shasta", 182, &["530"]),
    county("Sierra", 3, &["530"]),
    county("Siskiyou", 44, &["530"]),
    county("Solano", 453, &["707"]),
    county("Sonoma", 489, &["707"]),
    county("Stanislaus", 553, &["209"]),
    county("Sutter", 100, &["530"]),
    county("Tehama", 66, &["530"]),
    county("Trinity", 16, &["530"]),
    county("Tulare", 473, &["559"]),
    county("Tuolumne", 55, &["209"]),
    county("Ventura", 844, &["805"]),
    county("Yolo", 216, &["530"]),
    county("Yuba", 82, &["530"]),
];
