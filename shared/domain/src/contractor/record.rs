//! A contractor as one row of the source gives it, normalised.

use std::borrow::Cow;

use time::Date;

use super::business_type::BusinessType;
use super::centroid::Centroid;
use super::classification::Classification;
use super::licence_number::LicenceNumber;
use super::region::Region;
use super::zip::ZipCode;

/// Free text: trimmed, without control characters, at most [`super::MAX_TEXT_CHARACTERS`] long; absent rather than empty. It
/// borrows from the record that it was read from.
pub type Text<'a> = Option<Cow<'a, str>>;

/// A surety bond of one kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bond<'a> {
    /// The surety company.
    pub surety_company: Text<'a>,
    /// The number of the bond.
    pub number: Text<'a>,
    /// When it began.
    pub effective_date: Option<Date>,
    /// When it was, or will be, cancelled.
    pub cancellation_date: Option<Date>,
    /// Its amount in cents; county lists do not carry it.
    pub amount_cents: Option<i64>,
}

/// The workers' compensation insurance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorkersCompensation<'a> {
    /// `Exempt`, `Workers' Compensation Insurance`, `Self-Insured` and the like.
    pub coverage_type: Text<'a>,
    /// The insurer.
    pub insurance_company: Text<'a>,
    /// The number of the policy.
    pub policy_number: Text<'a>,
    /// When the cover, or the exemption, began.
    pub effective_date: Option<Date>,
    /// When it ends.
    pub expiration_date: Option<Date>,
    /// When it was cancelled.
    pub cancellation_date: Option<Date>,
    /// When the licence was, or will be, suspended for lack of cover.
    pub suspend_date: Option<Date>,
}

/// One row of the board's file, every value in its normal form.
///
/// The file's `LastUpdate` is not here: it is the same for every row and belongs to the import.
#[derive(Clone, Debug, PartialEq)]
pub struct ContractorRecord<'a> {
    /// The natural key.
    pub licence_number: LicenceNumber,
    /// Where the row is kept.
    pub region: Region,
    /// As published: surname first for sole owners.
    pub business_name: Cow<'a, str>,
    /// The name to show, where the board fills it.
    pub full_business_name: Text<'a>,
    /// The name that the firm does business as.
    pub dba_name: Text<'a>,
    /// The legal form.
    pub business_type: Option<BusinessType>,
    /// Street or post box.
    pub address: Text<'a>,
    /// City.
    pub city: Text<'a>,
    /// State, upper case.
    pub state: Text<'a>,
    /// County as published.
    pub county: Text<'a>,
    /// ZIP code.
    pub zip_code: Option<ZipCode>,
    /// Country; mostly absent.
    pub country: Text<'a>,
    /// Telephone in E.164.
    pub phone: Option<String>,
    /// When the licence was first issued.
    pub issue_date: Option<Date>,
    /// When it was issued again.
    pub reissue_date: Option<Date>,
    /// When it runs out.
    pub expiration_date: Option<Date>,
    /// When it was made inactive.
    pub inactivation_date: Option<Date>,
    /// When it was made active again.
    pub reactivation_date: Option<Date>,
    /// A suspension that has been announced.
    pub pending_suspension: Text<'a>,
    /// Classes that are about to be removed.
    pub pending_class_removal: Text<'a>,
    /// Classes that are about to be replaced.
    pub pending_class_replace: Text<'a>,
    /// `CLEAR` or the kind of suspension, as published; `UNKNOWN` where the file says nothing.
    pub primary_status: Cow<'a, str>,
    /// A further status.
    pub secondary_status: Text<'a>,
    /// Whether the primary status is `CLEAR`.
    pub in_good_standing: bool,
    /// Distinct classes in the order of the file.
    pub classifications: Vec<Classification>,
    /// The asbestos registration.
    pub asbestos_registration: Text<'a>,
    /// Workers' compensation.
    pub workers_compensation: WorkersCompensation<'a>,
    /// The contractor's bond (`CB`).
    pub contractor_bond: Bond<'a>,
    /// The bond of a worker under a limited liability company (`WB`).
    pub worker_bond: Bond<'a>,
    /// The disciplinary bond (`DB`).
    pub disciplinary_bond: Bond<'a>,
    /// When a disciplinary bond became required.
    pub date_required: Option<Date>,
    /// The region of the disciplinary case.
    pub discp_case_region: Text<'a>,
    /// Why the disciplinary bond was asked for.
    pub db_bond_reason: Text<'a>,
    /// The number of the disciplinary case.
    pub db_case_no: Text<'a>,
    /// The type of the second name.
    pub name_tp_2: Text<'a>,
    /// The centroid of a California ZIP code, degrees WGS 84; absent for other states and codes without a centroid.
    pub location: Option<Centroid>,
}
