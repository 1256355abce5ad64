//! What firms call themselves.

use super::firm_name::{firm_name, words};
use crate::data::names::{Person, family_name};
use crate::data::random::Random;
use crate::data::text::{is_western, unaccented};

/// The forms a business takes, as the file writes them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Form {
    #[default]
    SoleOwner,
    Corporation,
    Partnership,
    LimitedLiability,
    JointVenture,
}

impl Form {
    /// Draws a form, as often as it is chosen.
    pub(super) fn draw(random: &mut Random) -> Self {
        random.weighted(&[
            (495, Self::SoleOwner),
            (405, Self::Corporation),
            (68, Self::LimitedLiability),
            (30, Self::Partnership),
            (2, Self::JointVenture),
        ])
    }

    /// The field `BusinessType`.
    pub(super) fn written(self) -> &'static str {
        match self {
            Self::SoleOwner => "Sole Owner",
            Self::Corporation => "Corporation",
            Self::Partnership => "Partnership",
            Self::LimitedLiability => "Limited Liability",
            Self::JointVenture => "JointVenture",
        }
    }
}

/// The three name fields of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct BusinessNames {
    /// `BusinessName`: family name first for a sole owner.
    pub(super) filed: String,
    /// `BUS-NAME-2`: the name on the truck.
    pub(super) trading_as: String,
    /// `FullBusinessName`: a person's name in reading order.
    pub(super) full: String,
}

impl BusinessNames {
    /// Names for a firm of this form that mostly does `trade`.
    pub(super) fn draw(random: &mut Random, form: Form, trade: &str) -> Self {
        let names = if form == Form::SoleOwner {
            sole_owner(random, trade)
        } else {
            firm(random, form, trade)
        };
        Self {
            filed: western(names.filed),
            trading_as: western(names.trading_as),
            full: western(names.full),
        }
    }
}

fn sole_owner(random: &mut Random, trade: &str) -> BusinessNames {
    let person = Person::draw(random);
    let trading_as = if random.chance(420) {
        firm_name(random, &person.family, trade).to_uppercase()
    } else {
        String::new()
    };
    // One in seven was filed before the board kept the reading order apart.
    let full = if random.chance(860) {
        person.given_first()
    } else {
        String::new()
    };
    BusinessNames {
        filed: person.family_first(),
        trading_as,
        full,
    }
}

fn firm(random: &mut Random, form: Form, trade: &str) -> BusinessNames {
    let family = family_name(random);
    let name = firm_name(random, &family, trade);
    let filed = match form {
        Form::Corporation => format!(
            "{name}{}",
            random.pick(&[" INC", " INC", ", INC", ", INC.", " CORP", " CORPORATION"])
        ),
        Form::LimitedLiability => format!("{name}{}", random.pick(&[" LLC", ", LLC", " L.L.C."])),
        Form::JointVenture => {
            let partner = family_name(random);
            format!("{name} / {} JV", firm_name(random, &partner, trade))
        }
        _ if random.chance(500) => {
            format!("{family} & {} {}", family_name(random), random.pick(words(trade)))
        }
        _ => name,
    };
    // A few were typed in as their owners write them: ABC Bldrs.
    let filed = if random.chance(60) {
        filed
    } else {
        filed.to_uppercase()
    };
    let trading_as = if random.chance(80) {
        firm_name(random, &family, trade).to_uppercase()
    } else {
        String::new()
    };
    BusinessNames {
        filed,
        trading_as,
        full: String::new(),
    }
}

/// Letters that no version of the state's file can hold give way to plain ones.
fn western(name: String) -> String {
    if is_western(&name) {
        name
    } else {
        unaccented(&name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_hold_what_files_stumble_over() {
        let mut random = Random::for_row(1, "firms", 0);
        let names: Vec<String> = (0..20_000)
            .map(|_| {
                let form = Form::draw(&mut random);
                BusinessNames::draw(&mut random, form, "B").filed
            })
            .collect();
        for wanted in ["\"", ", ", "'", "Ñ", "Á", "& SONS CONSTRUCTION INC", " Bldrs"] {
            assert!(
                names.iter().any(|name| name.contains(wanted)),
                "no name holds {wanted:?}"
            );
        }
        assert!(
            names
                .iter()
                .all(|name| is_western(name) && !name.trim().is_empty() && !name.starts_with('"'))
        );
    }
}
