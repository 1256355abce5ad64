//! Where a firm gets its mail: nearly all in California, one in fifty outside.

use anyhow::Result;

use crate::data::places::{Atlas, Spread};
use crate::data::random::Random;
use crate::data::streets::mailing_address;

/// The fields `MailingAddress` to `BusinessPhone`.
#[derive(Clone, Debug, Default)]
pub(super) struct Address {
    pub(super) address: String,
    pub(super) city: String,
    pub(super) state: String,
    pub(super) county: String,
    pub(super) zip: String,
    pub(super) country: String,
    pub(super) phone: String,
}

/// City, state, ZIP code and area code.
type Town = (&'static str, &'static str, &'static str, &'static str);

/// Homes of firms that work in California from elsewhere.
const ELSEWHERE: &[(u32, Town)] = &[
    (18, ("RENO", "NV", "89502", "775")),
    (14, ("LAS VEGAS", "NV", "89118", "702")),
    (12, ("PHOENIX", "AZ", "85034", "602")),
    (8, ("MEDFORD", "OR", "97504", "541")),
    (8, ("PORTLAND", "OR", "97217", "503")),
    (7, ("SEATTLE", "WA", "98108", "206")),
    (6, ("SALT LAKE CITY", "UT", "84104", "801")),
    (6, ("DENVER", "CO", "80216", "303")),
    (6, ("DALLAS", "TX", "75212", "214")),
    (5, ("HOUSTON", "TX", "77032", "713")),
    (4, ("BOISE", "ID", "83705", "208")),
    (3, ("CHICAGO", "IL", "60609", "312")),
    (3, ("NEW YORK", "NY", "10018", "212")),
    (2, ("ST. LOUIS", "MO", "63110", "314")),
    (2, ("HAGÅTÑA", "GU", "96910", "671")),
    (1, ("VANCOUVER", "BC", "V5K 0A1", "604")),
];

pub(super) fn draw(random: &mut Random, atlas: &Atlas, spread: Spread) -> Result<Address> {
    if random.chance(20) {
        Ok(elsewhere(random))
    } else {
        in_california(random, atlas, spread)
    }
}

fn in_california(random: &mut Random, atlas: &Atlas, spread: Spread) -> Result<Address> {
    let place = atlas.draw(random, spread)?;
    // Four clerks in five type capitals.
    let city = if random.chance(800) {
        place.city.to_uppercase()
    } else {
        place.city.to_owned()
    };
    // The county is left out now and then; the ZIP code still tells.
    let county = if random.chance(3) { "" } else { place.county.name };
    Ok(Address {
        address: mailing_address(random, place.boxes_only),
        city,
        state: "CA".into(),
        county: county.into(),
        zip: zip(random, place.zip),
        country: String::new(),
        phone: phone(random, place.county.area_codes),
    })
}

fn elsewhere(random: &mut Random) -> Address {
    let (city, state, code, area) = random.weighted(ELSEWHERE);
    let abroad = state == "BC";
    Address {
        address: mailing_address(random, false),
        city: city.into(),
        state: state.into(),
        county: if random.chance(500) {
            "Out Of State".into()
        } else {
            String::new()
        },
        zip: if abroad { code.into() } else { zip(random, code) },
        country: if abroad { "CANADA".into() } else { String::new() },
        phone: phone(random, &[area]),
    }
}

fn zip(random: &mut Random, code: &str) -> String {
    match random.below(100) {
        0..=17 => format!("{code}-{:04}", 1 + random.below(9_998)),
        18 => format!("{code}{:04}", 1 + random.below(9_998)),
        19 => format!("{code}-"),
        20 => format!("{code}-0000"),
        _ => code.to_owned(),
    }
}

/// `(916) 555 1234`; 555 rings nowhere. One firm in twenty-five gave no number.
fn phone(random: &mut Random, area_codes: &[&str]) -> String {
    if random.chance(40) {
        return String::new();
    }
    format!("({}) 555 {:04}", random.pick(area_codes), random.below(10_000))
}
