//! From the fields of a source row to a record, or to the reason why not.

use std::borrow::Cow;
use std::str::FromStr;

use time::Date;

use super::amount::parse_cents;
use super::centroid::{Centroid, centroid_of};
use super::classification::Classification;
use super::date::parse_us_date;
use super::fields::Fields;
use super::layout::{Column, Layout};
use super::licence_number::LicenceNumber;
use super::phone::parse_phone;
use super::place::region_of;
use super::record::{Bond, ContractorRecord, Text, WorkersCompensation};
use super::region::Region;
use super::reject::RejectReason;
use super::text::clean;
use super::warning::{WarningCounts, WarningKind};
use super::zip::ZipCode;

/// What became of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Normalised<'a> {
    /// The row is taken.
    Record(Box<ContractorRecord<'a>>),
    /// The row is not taken.
    Rejected {
        /// Why.
        reason: RejectReason,
        /// The licence that the row speaks of, where that can be read: it has not vanished from the file.
        licence_number: Option<LicenceNumber>,
    },
}

/// Normalises one row. Values that cannot be read become absent and are counted in `warnings`; the row itself is rejected only
/// without a licence number, without any name, or with another number of fields than the header.
#[must_use]
pub fn normalise<'a>(layout: &Layout, fields: Fields<'a>, warnings: &mut WarningCounts) -> Normalised<'a> {
    let written = layout.field(fields, Column::LicenceNumber);
    let licence_number = written.parse::<LicenceNumber>().ok();
    if fields.len() != layout.width() {
        let reason = RejectReason::FieldCount {
            found: fields.len(),
            expected: layout.width(),
        };
        return Normalised::Rejected {
            reason,
            licence_number,
        };
    }
    let Some(licence_number) = licence_number else {
        let empty = written.trim().is_empty();
        let reason = if empty {
            RejectReason::MissingLicenceNumber
        } else {
            RejectReason::InvalidLicenceNumber
        };
        return Normalised::Rejected {
            reason,
            licence_number: None,
        };
    };
    let mut row = Row {
        layout,
        fields,
        warnings,
    };
    match row.record(licence_number) {
        Ok(record) => Normalised::Record(Box::new(record)),
        Err(licence_number) => Normalised::Rejected {
            reason: RejectReason::MissingName,
            licence_number: Some(licence_number),
        },
    }
}

/// The date that the file was made on, from any of its rows; none in county lists and where it cannot be read.
#[must_use]
pub fn last_update(layout: &Layout, fields: Fields<'_>) -> Option<Date> {
    parse_us_date(layout.field(fields, Column::LastUpdate)).ok()
}

/// Where the firm of a row sits.
struct Place<'a> {
    zip_code: Option<ZipCode>,
    state: Text<'a>,
    county: Text<'a>,
    country: Text<'a>,
    region: Region,
    location: Option<Centroid>,
}

/// One row on its way to a record.
struct Row<'r, 'a> {
    layout: &'r Layout,
    fields: Fields<'a>,
    warnings: &'r mut WarningCounts,
}

impl<'a> Row<'_, 'a> {
    /// The record, or the licence number back when the row has no name.
    fn record(&mut self, licence_number: LicenceNumber) -> Result<ContractorRecord<'a>, LicenceNumber> {
        let Some((business_name, full_business_name, dba_name)) = self.names() else {
            return Err(licence_number);
        };
        let place = self.place();
        let primary_status = self.status();
        Ok(ContractorRecord {
            licence_number,
            region: place.region,
            business_name,
            full_business_name,
            dba_name,
            business_type: self.parsed(Column::BusinessType, WarningKind::UnknownBusinessType, str::parse),
            address: self.text(Column::Address),
            city: self.text(Column::City),
            state: place.state,
            county: place.county,
            zip_code: place.zip_code,
            country: place.country,
            phone: self.parsed(Column::Phone, WarningKind::MalformedPhone, parse_phone),
            issue_date: self.date(Column::IssueDate),
            reissue_date: self.date(Column::ReissueDate),
            expiration_date: self.date(Column::ExpirationDate),
            inactivation_date: self.date(Column::InactivationDate),
            reactivation_date: self.date(Column::ReactivationDate),
            pending_suspension: self.text(Column::PendingSuspension),
            pending_class_removal: self.text(Column::PendingClassRemoval),
            pending_class_replace: self.text(Column::PendingClassReplace),
            in_good_standing: primary_status.eq_ignore_ascii_case("CLEAR"),
            primary_status,
            secondary_status: self.text(Column::SecondaryStatus),
            classifications: self.classifications(),
            asbestos_registration: self.text(Column::AsbestosRegistration),
            workers_compensation: self.workers_compensation(),
            contractor_bond: self.bond(CONTRACTOR_BOND),
            worker_bond: self.bond(WORKER_BOND),
            disciplinary_bond: self.bond(DISCIPLINARY_BOND),
            date_required: self.date(Column::DateRequired),
            discp_case_region: self.text(Column::DiscpCaseRegion),
            db_bond_reason: self.text(Column::DbBondReason),
            db_case_no: self.text(Column::DbCaseNumber),
            name_tp_2: self.text(Column::NameTp2),
            location: place.location,
        })
    }

    fn place(&mut self) -> Place<'a> {
        let zip_code = self.parsed(Column::ZipCode, WarningKind::MalformedZipCode, ZipCode::from_str);
        let state = self.text(Column::State).map(upper);
        let county = self.text(Column::County);
        let country = self.text(Column::Country);
        let region = region_of(
            state.as_deref(),
            county.as_deref(),
            country.as_deref(),
            zip_code,
            self.warnings,
        );
        let location = zip_code
            .filter(|_| region != Region::OutOfState)
            .and_then(centroid_of);
        if region != Region::OutOfState && zip_code.is_some() && location.is_none() {
            self.warnings.add(WarningKind::ZipCodeWithoutCentroid, 1);
        }
        Place {
            zip_code,
            state,
            county,
            country,
            region,
            location,
        }
    }

    /// Business name, full business name and second name; none when the row has no name at all.
    fn names(&mut self) -> Option<(Cow<'a, str>, Text<'a>, Text<'a>)> {
        let business_name = self.text(Column::BusinessName);
        let full = self.text(Column::FullBusinessName);
        let dba = self.text(Column::DbaName);
        let name = business_name.or_else(|| {
            let other = full.clone().or_else(|| dba.clone())?;
            self.warnings.add(WarningKind::MissingBusinessName, 1);
            Some(other)
        });
        name.map(|name| (name, full, dba))
    }

    fn status(&mut self) -> Cow<'a, str> {
        self.text(Column::PrimaryStatus).unwrap_or_else(|| {
            self.warnings.add(WarningKind::MissingStatus, 1);
            Cow::Borrowed("UNKNOWN")
        })
    }

    fn classifications(&mut self) -> Vec<Classification> {
        let (classes, malformed) = Classification::parse_list(self.field(Column::Classifications));
        self.warnings.add(WarningKind::MalformedClassification, malformed);
        classes
    }

    fn workers_compensation(&mut self) -> WorkersCompensation<'a> {
        WorkersCompensation {
            coverage_type: self.text(Column::WcCoverageType),
            insurance_company: self.text(Column::WcInsuranceCompany),
            policy_number: self.text(Column::WcPolicyNumber),
            effective_date: self.date(Column::WcEffectiveDate),
            expiration_date: self.date(Column::WcExpirationDate),
            cancellation_date: self.date(Column::WcCancellationDate),
            suspend_date: self.date(Column::WcSuspendDate),
        }
    }

    fn bond(&mut self, [company, number, effective, cancellation, amount]: [Column; 5]) -> Bond<'a> {
        Bond {
            surety_company: self.text(company),
            number: self.text(number),
            effective_date: self.date(effective),
            cancellation_date: self.date(cancellation),
            amount_cents: self.parsed(amount, WarningKind::MalformedAmount, parse_cents),
        }
    }

    fn field(&self, column: Column) -> &'a str {
        self.layout.field(self.fields, column)
    }

    fn text(&mut self, column: Column) -> Text<'a> {
        clean(self.field(column), self.warnings)
    }

    fn date(&mut self, column: Column) -> Option<Date> {
        self.parsed(column, WarningKind::MalformedDate, parse_us_date)
    }

    /// The value of an optional column: absent when empty, absent and counted when it cannot be read.
    fn parsed<T, E>(
        &mut self,
        column: Column,
        kind: WarningKind,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Option<T> {
        let written = self.field(column).trim();
        if written.is_empty() {
            return None;
        }
        let value = parse(written).ok();
        if value.is_none() {
            self.warnings.add(kind, 1);
        }
        value
    }
}

const CONTRACTOR_BOND: [Column; 5] = [
    Column::CbSuretyCompany,
    Column::CbNumber,
    Column::CbEffectiveDate,
    Column::CbCancellationDate,
    Column::CbAmount,
];
const WORKER_BOND: [Column; 5] = [
    Column::WbSuretyCompany,
    Column::WbNumber,
    Column::WbEffectiveDate,
    Column::WbCancellationDate,
    Column::WbAmount,
];
const DISCIPLINARY_BOND: [Column; 5] = [
    Column::DbSuretyCompany,
    Column::DbNumber,
    Column::DbEffectiveDate,
    Column::DbCancellationDate,
    Column::DbAmount,
];

/// The text in upper case, without a copy where it is already.
fn upper(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.chars().any(char::is_lowercase) {
        Cow::Owned(text.to_uppercase())
    } else {
        text
    }
}

#[cfg(test)]
#[path = "normalise_tests.rs"]
mod tests;
