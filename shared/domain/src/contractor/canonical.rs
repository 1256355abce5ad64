//! The canonical text of a record: what the fingerprint is taken over, and what is loaded.

use sha2::{Digest, Sha256};
use time::Date;
use uuid::Uuid;

use super::classification::Classification;
use super::record::{Bond, ContractorRecord, Text};

/// The version of the normalisation. Raise it whenever [`super::normalise`] gives another record for the same row: every stored
/// fingerprint then differs, and the next import compares all rows anew.
pub const NORMALISER_VERSION: u32 = 1;

/// The columns of the canonical text, in order, by their names in the database.
#[rustfmt::skip]
pub const CANONICAL_COLUMNS: [&str; 55] = [
    "license_number", "region", "business_name", "full_business_name", "dba_name", "business_type", "address", "city", "state",
    "county", "zip_code", "country", "phone", "issue_date", "reissue_date", "expiration_date", "inactivation_date",
    "reactivation_date", "pending_suspension", "pending_class_removal", "pending_class_replace", "primary_status",
    "secondary_status", "in_good_standing", "classifications", "asbestos_registration", "wc_coverage_type",
    "wc_insurance_company", "wc_policy_number", "wc_effective_date", "wc_expiration_date", "wc_cancellation_date",
    "wc_suspend_date", "cb_surety_company", "cb_number", "cb_effective_date", "cb_cancellation_date", "cb_amount_cents",
    "wb_surety_company", "wb_number", "wb_effective_date", "wb_cancellation_date", "wb_amount_cents", "db_surety_company",
    "db_number", "db_effective_date", "db_cancellation_date", "db_amount_cents", "date_required", "discp_case_region",
    "db_bond_reason", "db_case_no", "name_tp_2", "longitude", "latitude",
];

/// 128 bits that tell a changed row from an unchanged one: the beginning of a SHA-256 over [`NORMALISER_VERSION`] and the
/// canonical text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint(Uuid);

impl Fingerprint {
    /// The fingerprint of a canonical text.
    #[must_use]
    pub fn of(canonical: &[u8]) -> Self {
        let digest = Sha256::new()
            .chain_update(NORMALISER_VERSION.to_be_bytes())
            .chain_update(canonical)
            .finalize();
        let mut bytes = [0; 16];
        for (byte, digest) in bytes.iter_mut().zip(digest) {
            *byte = digest;
        }
        Self(Uuid::from_bytes(bytes))
    }

    /// The bits in the shape that the database keeps them in.
    #[must_use]
    pub const fn as_uuid(self) -> Uuid {
        self.0
    }
}

impl ContractorRecord<'_> {
    /// Appends the record as one line without its end: values separated by tabs in the order of [`CANONICAL_COLUMNS`], `\N` for
    /// absent ones, backslash escapes for tabs, line ends and backslashes, dates in ISO 8601, lists as `{a,b}`. This is the text
    /// format that PostgreSQL's bulk loader reads.
    pub fn write_canonical(&self, line: &mut Vec<u8>) {
        let mut line = Line { line, started: false };
        line.plain(self.licence_number.as_str());
        line.plain(self.region.as_str());
        line.escaped(&self.business_name);
        line.text(&self.full_business_name);
        line.text(&self.dba_name);
        line.option(self.business_type.map(super::BusinessType::as_str));
        line.texts([&self.address, &self.city, &self.state, &self.county]);
        line.option(self.zip_code.map(|zip| zip.to_string()).as_deref());
        line.text(&self.country);
        line.option(self.phone.as_deref());
        line.dates([self.issue_date, self.reissue_date, self.expiration_date]);
        line.dates([self.inactivation_date, self.reactivation_date]);
        line.texts([
            &self.pending_suspension,
            &self.pending_class_removal,
            &self.pending_class_replace,
        ]);
        line.escaped(&self.primary_status);
        line.text(&self.secondary_status);
        line.plain(if self.in_good_standing { "t" } else { "f" });
        line.classes(&self.classifications);
        line.text(&self.asbestos_registration);
        let insurance = &self.workers_compensation;
        line.texts([
            &insurance.coverage_type,
            &insurance.insurance_company,
            &insurance.policy_number,
        ]);
        line.dates([insurance.effective_date, insurance.expiration_date]);
        line.dates([insurance.cancellation_date, insurance.suspend_date]);
        for bond in [&self.contractor_bond, &self.worker_bond, &self.disciplinary_bond] {
            line.bond(bond);
        }
        line.dates([self.date_required]);
        line.texts([
            &self.discp_case_region,
            &self.db_bond_reason,
            &self.db_case_no,
            &self.name_tp_2,
        ]);
        line.option(self.location.map(|point| point.longitude.to_string()).as_deref());
        line.option(self.location.map(|point| point.latitude.to_string()).as_deref());
    }
}

/// A canonical line in the making.
struct Line<'l> {
    line: &'l mut Vec<u8>,
    started: bool,
}

impl Line<'_> {
    fn separate(&mut self) {
        if self.started {
            self.line.push(b'\t');
        }
        self.started = true;
    }

    /// A value that holds nothing to escape.
    fn plain(&mut self, value: &str) {
        self.separate();
        self.line.extend_from_slice(value.as_bytes());
    }

    fn option(&mut self, value: Option<&str>) {
        self.plain(value.unwrap_or("\\N"));
    }

    fn escaped(&mut self, value: &str) {
        self.separate();
        for byte in value.bytes() {
            match byte {
                b'\\' => self.line.extend_from_slice(b"\\\\"),
                b'\t' => self.line.extend_from_slice(b"\\t"),
                b'\n' => self.line.extend_from_slice(b"\\n"),
                b'\r' => self.line.extend_from_slice(b"\\r"),
                _ => self.line.push(byte),
            }
        }
    }

    fn text(&mut self, value: &Text<'_>) {
        match value {
            Some(text) => self.escaped(text),
            None => self.option(None),
        }
    }

    fn texts<const N: usize>(&mut self, values: [&Text<'_>; N]) {
        for value in values {
            self.text(value);
        }
    }

    fn dates<const N: usize>(&mut self, dates: [Option<Date>; N]) {
        for date in dates {
            match date {
                Some(date) => {
                    let (year, month, day) = date.to_calendar_date();
                    self.plain(&format!("{year:04}-{:02}-{day:02}", u8::from(month)));
                }
                None => self.option(None),
            }
        }
    }

    /// A list; the spelling of a class holds nothing that a list would need quotes for.
    fn classes(&mut self, classes: &[Classification]) {
        let names: Vec<&str> = classes.iter().map(Classification::as_str).collect();
        self.plain(&format!("{{{}}}", names.join(",")));
    }

    fn bond(&mut self, bond: &Bond<'_>) {
        self.texts([&bond.surety_company, &bond.number]);
        self.dates([bond.effective_date, bond.cancellation_date]);
        self.option(bond.amount_cents.map(|cents| cents.to_string()).as_deref());
    }
}

#[cfg(test)]
#[path = "canonical_tests.rs"]
mod tests;
