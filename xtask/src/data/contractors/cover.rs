//! Workers' compensation and bonds: the right-hand half of a row.

use time::Date;

use super::business::Form;
use crate::data::dates::{FILE_DAY, american, day_between, shifted};
use crate::data::random::Random;

/// The fields `WorkersCompCoverageType` to `WCSuspendDate`, as they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct WorkersCompensation {
    pub(super) coverage: String,
    pub(super) company: String,
    pub(super) policy: String,
    pub(super) effective: String,
    pub(super) expires: String,
    pub(super) cancelled: String,
    pub(super) suspended: String,
}

/// The five fields of one bond, as they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bond {
    pub(super) company: String,
    pub(super) number: String,
    pub(super) effective: String,
    pub(super) cancelled: String,
    /// Whole dollars.
    pub(super) amount: String,
}

/// Insurers; all but the state's own fund are invented.
const INSURERS: &[(u32, &str)] = &[
    (30, "STATE COMPENSATION INSURANCE FUND"),
    (12, "SAMPLE CASUALTY COMPANY"),
    (12, "REDWOOD EXAMPLE INDEMNITY COMPANY"),
    (10, "GOLDEN POPPY INSURANCE COMPANY"),
    (9, "INVENTED MUTUAL FIRE, MARINE AND CASUALTY"),
    (7, "BAYSHORE SPECIMEN INSURANCE CO"),
    (6, "MERIDIAN PLACEHOLDER UNDERWRITERS"),
    (5, "SIERRA SPECIMEN NATIONAL"),
];

const SURETIES: &[(u32, &str)] = &[
    (30, "EXAMPLE SURETY COMPANY"),
    (20, "SPECIMEN CONTRACTORS INDEMNITY COMPANY"),
    (15, "SAMPLE BONDING AND INSURANCE COMPANY"),
    (10, "OLD PLACEHOLDER SURETY COMPANY"),
    (8, "WESTERN INVENTED SURETY"),
    (5, "SURETY, FIDELITY & GUARANTY SAMPLE CO"),
];

impl WorkersCompensation {
    /// Cover of a firm licensed since `issued`.
    pub(super) fn draw(random: &mut Random, form: Form, issued: Date) -> Self {
        let exempt = if form == Form::SoleOwner { 680 } else { 330 };
        if random.chance(exempt) {
            let since = american(day_between(random, issued, FILE_DAY));
            return Self {
                coverage: "Exempt".into(),
                effective: since,
                ..Self::default()
            };
        }
        if random.chance(8) {
            return Self {
                coverage: "Self-Insured".into(),
                ..Self::default()
            };
        }
        if random.chance(15) {
            return Self::default();
        }
        let effective = shifted(FILE_DAY, -random.between(1..=360));
        let cancelled = random.chance(30);
        Self {
            coverage: "Workers' Compensation Insurance".into(),
            company: random.weighted(INSURERS).into(),
            policy: policy_number(random),
            effective: american(effective),
            expires: american(shifted(effective, 365 + random.below(3).cast_signed() * 365)),
            cancelled: if cancelled {
                american(shifted(FILE_DAY, random.between(1..=60)))
            } else {
                String::new()
            },
            suspended: String::new(),
        }
    }
}

/// A policy's number: digits, or letters and digits, some with leading zeros that must survive.
pub(super) fn policy_number(random: &mut Random) -> String {
    match random.below(4) {
        0 => format!("{:07}", 9_000_000 + random.below(999_999)),
        1 => format!("WC{:09}", random.below(999_999_999)),
        2 => format!(
            "{}WEC {:06}-{:02}",
            random.pick(&["57", "72", "SPE"]),
            random.below(999_999),
            random.below(26)
        ),
        _ => format!("{:010}", random.below(99_999_999)),
    }
}

impl Bond {
    /// The bond that every firm must have; 25,000 dollars since 2023, 15,000 before.
    pub(super) fn contractor(random: &mut Random, issued: Date) -> Self {
        let effective = day_between(random, issued.max(shifted(FILE_DAY, -3650)), FILE_DAY);
        let amount = if effective.year() >= 2023 || random.chance(900) {
            "25000"
        } else {
            "15000"
        };
        Self::new(random, effective, amount)
    }

    /// The bond for the workers of a limited liability company.
    pub(super) fn workers(random: &mut Random, form: Form, issued: Date) -> Self {
        if form != Form::LimitedLiability || random.chance(100) {
            return Self::default();
        }
        let effective = day_between(random, issued, FILE_DAY);
        Self::new(random, effective, "100000")
    }

    /// The bond that a disciplined firm must add.
    pub(super) fn disciplinary(random: &mut Random) -> Self {
        let effective = shifted(FILE_DAY, -random.between(30..=700));
        let amount = random.pick(&["25000", "50000", "150000"]);
        Self::new(random, effective, amount)
    }

    fn new(random: &mut Random, effective: Date, amount: &str) -> Self {
        let cancelled = random.chance(20);
        Self {
            company: random.weighted(SURETIES).into(),
            number: bond_number(random),
            effective: american(effective),
            cancelled: if cancelled {
                american(shifted(FILE_DAY, random.between(-20..=60)))
            } else {
                String::new()
            },
            amount: amount.into(),
        }
    }
}

fn bond_number(random: &mut Random) -> String {
    match random.below(3) {
        0 => format!("B{:06}", random.below(999_999)),
        1 => format!("SC{:07}", random.below(9_999_999)),
        _ => format!("{:08}", random.below(99_999_999)),
    }
}
