//! What is wrong with a real file's rows, and how a row differs the day after.

use anyhow::Result;

use super::cover::policy_number;
use super::licence::{CLEAR, Licence, SUSPENSIONS};
use crate::data::dates::{FILE_DAY, american, month_end, shifted};
use crate::data::places::{Atlas, Spread};
use crate::data::random::Random;

/// Days that are none.
const NO_DAYS: &[&str] = &[
    "00/00/0000",
    "13/45/2021",
    "02/30/2024",
    "N/A",
    "2021-06-01T00",
    "1/1/",
    "99/99/9999",
];
/// Numbers that nobody can call.
const NO_PHONES: &[&str] = &[
    "(000) 000 0000",
    "555",
    "UNLISTED",
    "(916) 555",
    "916 555 12345678",
];
/// Amounts that are none.
const NO_AMOUNTS: &[&str] = &["N/A", "TWENTY-FIVE THOUSAND", "-", "25000 USD"];
/// ZIP codes that are none.
const NO_ZIPS: &[&str] = &["9460", "00000", "CA", "9460A", "UNKNOWN"];

/// Damages one row in two hundred in an optional field, and leaves stray blanks in one in fifty.
pub(super) fn spoil(licence: &mut Licence, random: &mut Random) {
    if random.chance(20) {
        licence.names.filed.push_str(random.pick(&[" ", "  "]));
        licence.city.insert(0, ' ');
    }
    if !random.chance(5) {
        return;
    }
    match random.below(8) {
        0 => licence.issued = random.pick(NO_DAYS).into(),
        1 => licence.expires = random.pick(NO_DAYS).into(),
        2 => licence.workers_compensation.effective = random.pick(NO_DAYS).into(),
        3 => licence.contractor_bond.effective = random.pick(NO_DAYS).into(),
        4 => licence.contractor_bond.amount = random.pick(NO_AMOUNTS).into(),
        5 => licence.zip = random.pick(NO_ZIPS).into(),
        6 => licence.business_type = random.pick(&["Unknown", "SOLE PROP"]).into(),
        _ => licence.phone = random.pick(NO_PHONES).into(),
    }
}

/// Changes one thing that the state would change overnight; the row always differs afterwards.
pub(super) fn change(
    licence: &mut Licence,
    random: &mut Random,
    atlas: &Atlas,
    spread: Spread,
) -> Result<()> {
    match random.below(8) {
        0 | 1 => {
            licence.expires = american(month_end(shifted(FILE_DAY, 731 + random.below(60).cast_signed())));
        }
        2 => suspend_or_clear(licence, random),
        3 => {
            licence.workers_compensation.coverage = "Workers' Compensation Insurance".into();
            licence.workers_compensation.policy = format!("N{}", policy_number(random));
        }
        4 => licence.phone = format!("(279) 555 {}", other_digits(&licence.phone, random)),
        5 => licence.names.trading_as = format!("NEW {}", licence.names.filed.trim().to_uppercase()),
        6 => move_away(licence, random, atlas, spread)?,
        _ => {
            licence.contractor_bond.number = format!("R{}", licence.contractor_bond.number);
            licence.contractor_bond.amount = "25000".into();
        }
    }
    Ok(())
}

fn suspend_or_clear(licence: &mut Licence, random: &mut Random) {
    licence.status = if licence.status == CLEAR {
        random.weighted(SUSPENSIONS).into()
    } else {
        CLEAR.to_owned()
    };
    licence.secondary_status.clear();
}

/// A move to another county: some firms change the region with it, and so the partition of their row.
fn move_away(licence: &mut Licence, random: &mut Random, atlas: &Atlas, spread: Spread) -> Result<()> {
    let before = (licence.county.clone(), licence.zip.clone());
    for _ in 0..100 {
        licence.settle(random, atlas, spread)?;
        if licence.county != before.0 && licence.zip != before.1 {
            break;
        }
    }
    Ok(())
}

fn other_digits(phone: &str, random: &mut Random) -> String {
    let digits = random.below(10_000);
    let digits = if phone.ends_with(&format!("{digits:04}")) {
        (digits + 1) % 10_000
    } else {
        digits
    };
    format!("{digits:04}")
}
