//! A contractor's licence as the directory shows it.

use serde::Serialize;
use utoipa::ToSchema;

use super::Day;
use crate::contractor::{BusinessType, Classification, LicenceNumber};
use crate::geo::LatLng;

/// A contractor in a list.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContractorListing {
    /// The number of the licence.
    pub license_number: LicenceNumber,
    /// The name to show: the full business name where the state gives one.
    pub display_name: String,
    /// The name as the state publishes it: surname first for sole owners.
    pub business_name: String,
    /// The full business name, where the state gives one.
    #[schema(required)]
    pub full_business_name: Option<String>,
    /// The name that the firm does business as.
    #[schema(required)]
    pub dba_name: Option<String>,
    /// The legal form.
    #[schema(required)]
    pub business_type: Option<BusinessType>,
    /// Street or post box.
    #[schema(required)]
    pub address: Option<String>,
    /// City.
    #[schema(required)]
    pub city: Option<String>,
    /// State.
    #[schema(required)]
    pub state: Option<String>,
    /// County.
    #[schema(required)]
    pub county: Option<String>,
    /// ZIP code, with or without its extension.
    #[schema(required)]
    pub zip_code: Option<String>,
    /// Telephone in E.164.
    #[schema(required)]
    pub phone: Option<String>,
    /// When the licence was first issued.
    #[schema(required)]
    pub issue_date: Option<Day>,
    /// When it runs out.
    #[schema(required)]
    pub expiration_date: Option<Day>,
    /// `CLEAR`, or the kind of suspension as published.
    pub primary_status: String,
    /// A further status.
    #[schema(required)]
    pub secondary_status: Option<String>,
    /// Whether the primary status is `CLEAR`.
    pub in_good_standing: bool,
    /// The classes of work that the licence covers.
    pub classifications: Vec<Classification>,
    /// Whether the firm belongs to the association.
    pub is_namc_member: bool,
    /// Since when the licence has been missing from the state's file: it was revoked or cancelled.
    #[schema(required)]
    pub removed_from_source_on: Option<Day>,
    /// The centre of the ZIP code; null outside California.
    #[schema(required)]
    pub coordinates: Option<LatLng>,
}

/// A contractor with everything that the state publishes about the licence.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContractorDetails {
    /// What lists show.
    #[serde(flatten)]
    pub listing: ContractorListing,
    /// Country; mostly absent.
    #[schema(required)]
    pub country: Option<String>,
    /// When the licence was issued again.
    #[schema(required)]
    pub reissue_date: Option<Day>,
    /// When it was made inactive.
    #[schema(required)]
    pub inactivation_date: Option<Day>,
    /// When it was made active again.
    #[schema(required)]
    pub reactivation_date: Option<Day>,
    /// A suspension that has been announced.
    #[schema(required)]
    pub pending_suspension: Option<String>,
    /// Classes that are about to be removed.
    #[schema(required)]
    pub pending_class_removal: Option<String>,
    /// Classes that are about to be replaced.
    #[schema(required)]
    pub pending_class_replace: Option<String>,
    /// The asbestos registration.
    #[schema(required)]
    pub asbestos_registration: Option<String>,
    /// Workers' compensation: `Exempt`, `Workers' Compensation Insurance`, `Self-Insured` and the like.
    #[schema(required)]
    pub wc_coverage_type: Option<String>,
    /// The insurer.
    #[schema(required)]
    pub wc_insurance_company: Option<String>,
    /// The number of the policy.
    #[schema(required)]
    pub wc_policy_number: Option<String>,
    /// When the cover, or the exemption, began.
    #[schema(required)]
    pub wc_effective_date: Option<Day>,
    /// When it ends.
    #[schema(required)]
    pub wc_expiration_date: Option<Day>,
    /// When it was cancelled.
    #[schema(required)]
    pub wc_cancellation_date: Option<Day>,
    /// When the licence was, or will be, suspended for lack of cover.
    #[schema(required)]
    pub wc_suspend_date: Option<Day>,
    /// The contractor's bond: the surety company.
    #[schema(required)]
    pub cb_surety_company: Option<String>,
    /// The number of that bond.
    #[schema(required)]
    pub cb_number: Option<String>,
    /// When it began.
    #[schema(required)]
    pub cb_effective_date: Option<Day>,
    /// When it was, or will be, cancelled.
    #[schema(required)]
    pub cb_cancellation_date: Option<Day>,
    /// Its amount in cents of US dollars.
    #[schema(required, minimum = 0)]
    pub cb_amount_cents: Option<i64>,
    /// The bond of a worker under a limited liability company: the surety company.
    #[schema(required)]
    pub wb_surety_company: Option<String>,
    /// The number of that bond.
    #[schema(required)]
    pub wb_number: Option<String>,
    /// When it began.
    #[schema(required)]
    pub wb_effective_date: Option<Day>,
    /// When it was, or will be, cancelled.
    #[schema(required)]
    pub wb_cancellation_date: Option<Day>,
    /// Its amount in cents of US dollars.
    #[schema(required, minimum = 0)]
    pub wb_amount_cents: Option<i64>,
    /// The disciplinary bond: the surety company.
    #[schema(required)]
    pub db_surety_company: Option<String>,
    /// The number of that bond.
    #[schema(required)]
    pub db_number: Option<String>,
    /// When it began.
    #[schema(required)]
    pub db_effective_date: Option<Day>,
    /// When it was, or will be, cancelled.
    #[schema(required)]
    pub db_cancellation_date: Option<Day>,
    /// Its amount in cents of US dollars.
    #[schema(required, minimum = 0)]
    pub db_amount_cents: Option<i64>,
    /// When a disciplinary bond became required.
    #[schema(required)]
    pub date_required: Option<Day>,
    /// The region of the disciplinary case.
    #[schema(required)]
    pub discp_case_region: Option<String>,
    /// Why the disciplinary bond was asked for.
    #[schema(required)]
    pub db_bond_reason: Option<String>,
    /// The number of the disciplinary case.
    #[schema(required)]
    pub db_case_no: Option<String>,
    /// The type of the second name.
    #[schema(required)]
    pub name_tp_2: Option<String>,
}
