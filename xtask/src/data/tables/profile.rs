//! What members tell about themselves, and how their accounts stand.

use serde_json::{Value, json};

use crate::data::random::Random;
use crate::data::text::uncapitalised;
use crate::data::words::trades::{CERTIFICATES, LANGUAGES, Trade};

/// How an account stands.
pub(super) struct Standing {
    pub(super) active: bool,
    pub(super) verified: bool,
    pub(super) approved: bool,
    pub(super) suspended: bool,
    pub(super) deleted: bool,
}

impl Standing {
    /// The standing of the account at `index`; the first `staff` ones are never in trouble.
    pub(super) fn draw(random: &mut Random, index: u64, staff: u64) -> Self {
        let good = Self {
            active: true,
            verified: true,
            approved: true,
            suspended: false,
            deleted: false,
        };
        match random.below(1000) {
            _ if index < staff => good,
            0..=29 => Self {
                verified: false,
                approved: false,
                ..good
            },
            30..=49 => Self {
                approved: false,
                ..good
            },
            50..=74 => Self {
                active: false,
                suspended: true,
                ..good
            },
            75..=94 => Self {
                active: false,
                deleted: true,
                ..good
            },
            _ => good,
        }
    }
}

/// A few words about oneself.
pub(super) fn bio(random: &mut Random, trade: Trade, county: &str) -> String {
    let years = 2 + random.skewed(40);
    let skills: Vec<String> = random
        .several(trade.skills, 2)
        .into_iter()
        .map(uncapitalised)
        .collect();
    let skills = skills.join(" and ");
    let trade = trade.name;
    match random.below(3) {
        0 => format!(
            "{years} years in {trade} work across {county} County. Family business; we care about {skills}."
        ),
        1 => format!(
            "Second-generation {trade} contractor. Union shop, bonded to $2 million, known for {skills}."
        ),
        _ => format!(
            "We started with one truck {years} years ago. Today our crew does {skills} all over {county} County."
        ),
    }
}

/// Certificates and their years, an array.
pub(super) fn certificates(random: &mut Random) -> Value {
    let count = usize::try_from(random.skewed(4)).unwrap_or_default();
    let certificates = random.several(CERTIFICATES, count);
    Value::Array(
        certificates
            .iter()
            .map(|name| json!({"name": name, "year": 2015 + random.below(11)}))
            .collect(),
    )
}

/// English and perhaps another.
pub(super) fn languages(random: &mut Random) -> Vec<&'static str> {
    let mut languages = vec!["English"];
    if random.chance(480) {
        languages.push(random.weighted(LANGUAGES));
    }
    languages
}

/// Who sees what: `field_visibility`.
pub(super) fn visibility(random: &mut Random) -> Value {
    match random.below(10) {
        0..=4 => json!({}),
        5 | 6 => json!({"email": "EVERYONE", "phone": "EVERYONE"}),
        7 => json!({"address": "NOBODY"}),
        8 => json!({"phone": "NOBODY", "address": "NOBODY"}),
        _ => json!({"email": "NOBODY", "phone": "NOBODY", "address": "NOBODY"}),
    }
}
