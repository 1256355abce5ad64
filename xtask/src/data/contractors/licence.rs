//! One licence: everything that a row of the state's file says, as text, before it is laid out.

use anyhow::Result;
use time::Date;

use super::business::{BusinessNames, Form};
use super::cover::{Bond, WorkersCompensation};
use super::{address, classes, quirks};
use crate::data::dates::{FILE_DAY, american, day_between, month_end, shifted};
use crate::data::places::{Atlas, Spread};
use crate::data::random::Random;

/// The fields of a row, as they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Licence {
    pub(super) number: String,
    pub(super) names: BusinessNames,
    pub(super) address: String,
    pub(super) city: String,
    pub(super) state: String,
    pub(super) county: String,
    pub(super) zip: String,
    pub(super) country: String,
    pub(super) phone: String,
    pub(super) business_type: String,
    pub(super) issued: String,
    pub(super) reissued: String,
    pub(super) expires: String,
    pub(super) inactivated: String,
    pub(super) reactivated: String,
    pub(super) pending_suspension: String,
    pub(super) pending_class_removal: String,
    pub(super) pending_class_replace: String,
    pub(super) status: String,
    pub(super) secondary_status: String,
    pub(super) classes: String,
    pub(super) asbestos: String,
    pub(super) workers_compensation: WorkersCompensation,
    pub(super) contractor_bond: Bond,
    pub(super) workers_bond: Bond,
    pub(super) disciplinary_bond: Bond,
    pub(super) date_required: String,
    pub(super) disciplinary_region: String,
    pub(super) bond_reason: String,
    pub(super) case_number: String,
    pub(super) name_type: String,
}

/// The good standing of 95 rows in 100.
pub(super) const CLEAR: &str = "CLEAR";

/// Why the others are not in good standing.
pub(super) const SUSPENSIONS: &[(u32, &str)] = &[
    (34, "Contr Bond Susp"),
    (31, "Work Comp Susp"),
    (14, "SOS Suspension"),
    (9, "Susp - No Qualifier"),
    (5, "Liab Ins Susp"),
    (4, "Family Support Susp"),
    (3, "Inactive"),
];

impl Licence {
    /// The licence at `index`: always the same for the same seed, however many there are.
    ///
    /// # Errors
    /// When the built-in list of ZIP codes is empty.
    pub(super) fn draw(seed: u64, index: u64, atlas: &Atlas, spread: Spread) -> Result<Self> {
        let random = &mut Random::for_row(seed, "licence", index);
        let mut licence = Self {
            number: number(index, random),
            ..Self::default()
        };
        let classes = classes::draw(random);
        let form = Form::draw(random);
        licence.names = BusinessNames::draw(random, form, classes.first().copied().unwrap_or_default());
        licence.business_type = form.written().into();
        licence.classes = classes::written(&classes, random);
        licence.settle(random, atlas, spread)?;
        let issued = issue_date(random);
        licence.date(random, issued);
        licence.judge(random);
        licence.cover(random, form, issued);
        if classes.contains(&"ASB") || random.chance(5) {
            licence.asbestos = format!("{}", 100 + random.below(1_200));
        }
        if !licence.names.trading_as.is_empty() {
            licence.name_type = "DBA".into();
        }
        quirks::spoil(&mut licence, random);
        Ok(licence)
    }

    /// Gives the firm a place.
    pub(super) fn settle(&mut self, random: &mut Random, atlas: &Atlas, spread: Spread) -> Result<()> {
        let place = address::draw(random, atlas, spread)?;
        self.address = place.address;
        self.city = place.city;
        self.state = place.state;
        self.county = place.county;
        self.zip = place.zip;
        self.country = place.country;
        self.phone = place.phone;
        Ok(())
    }

    fn date(&mut self, random: &mut Random, issued: Date) {
        self.issued = american(issued);
        self.expires = american(month_end(shifted(FILE_DAY, random.between(0..=729))));
        if random.chance(70) {
            self.reissued = american(day_between(random, issued, FILE_DAY));
        }
        if random.chance(35) {
            let inactivated = day_between(random, issued, FILE_DAY);
            self.inactivated = american(inactivated);
            self.reactivated = american(day_between(random, inactivated, FILE_DAY));
        }
    }

    fn judge(&mut self, random: &mut Random) {
        if random.chance(950) {
            self.status = CLEAR.into();
            if random.chance(12) {
                self.pending_suspension = american(shifted(FILE_DAY, random.between(1..=45)));
            }
        } else {
            self.status = random.weighted(SUSPENSIONS).into();
            if random.chance(150) {
                self.secondary_status = random
                    .pick(&["Pending IFS", "Work Comp Susp", "SOS Suspension"])
                    .into();
            }
        }
        if random.chance(4) {
            self.pending_class_removal = random.pick(&["C10", "C-8", "C36", "HAZ"]).into();
        }
        if random.chance(2) {
            self.pending_class_replace = random.pick(&["B", "C20", "C-27"]).into();
        }
    }

    fn cover(&mut self, random: &mut Random, form: Form, issued: Date) {
        self.workers_compensation = WorkersCompensation::draw(random, form, issued);
        if self.status == "Work Comp Susp" {
            self.workers_compensation.suspended = american(shifted(FILE_DAY, -random.between(1..=300)));
        }
        self.contractor_bond = Bond::contractor(random, issued);
        if self.status == "Contr Bond Susp" {
            self.contractor_bond = Bond {
                cancelled: american(shifted(FILE_DAY, -40)),
                ..Bond::default()
            };
        }
        self.workers_bond = Bond::workers(random, form, issued);
        if random.chance(3) {
            self.disciplinary_bond = Bond::disciplinary(random);
            self.date_required = american(shifted(FILE_DAY, -random.between(30..=900)));
            self.disciplinary_region = random
                .pick(&["Norwalk", "Sacramento", "San Diego", "Fresno"])
                .into();
            self.bond_reason = random
                .pick(&["Citation", "Accusation", "Probation, 3 years"])
                .into();
            self.case_number = format!("N{} {}", 2015 + random.below(11), random.below(900));
        }
    }
}

/// Licence numbers rise through the file with small gaps; the first are six digits long, the three-millionth has seven.
fn number(index: u64, random: &mut Random) -> String {
    (100_001 + index * 3 + random.below(3)).to_string()
}

/// More licences are young than old; none is older than 1962.
fn issue_date(random: &mut Random) -> Date {
    let days = i64::try_from(random.skewed(23_300)).unwrap_or_default();
    shifted(FILE_DAY, -30 - days)
}

/// The number of the licence at `index` of a seed's file.
pub(crate) fn licence_number(seed: u64, index: u64) -> String {
    number(index, &mut Random::for_row(seed, "licence", index))
}
