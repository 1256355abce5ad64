//! One contractor with everything that is published about the licence.

use portal_domain::contractor::LicenceNumber;
use portal_domain::listing::{ContractorDetails, Day};

use super::row::Row;
use crate::{DataError, Tx};

/// A contractor as one caller sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct VersionedContractor {
    /// What is shown.
    pub contractor: ContractorDetails,
    /// Counts the row's changes.
    pub version: i32,
}

/// The contractor with a licence number, if there is one.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn lookup(tx: &mut Tx, number: &LicenceNumber) -> Result<Option<VersionedContractor>, DataError> {
    let row = sqlx::query_file!("src/contractors/show.sql", number.as_str())
        .fetch_optional(&mut *tx)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let listing = Row {
        license_number: row.license_number,
        display_name: row.display_name,
        business_name: row.business_name,
        full_business_name: row.full_business_name,
        dba_name: row.dba_name,
        business_type: row.business_type,
        address: row.address,
        city: row.city,
        state: row.state,
        county: row.county,
        zip_code: row.zip_code,
        phone: row.phone,
        issue_date: row.issue_date,
        expiration_date: row.expiration_date,
        primary_status: row.primary_status,
        secondary_status: row.secondary_status,
        in_good_standing: row.in_good_standing,
        classifications: row.classifications,
        is_namc_member: row.is_namc_member,
        removed_from_source_on: row.removed_from_source_on,
        lat: row.lat,
        lng: row.lng,
        distance: None,
    };
    let contractor = ContractorDetails {
        listing: listing.try_into()?,
        country: row.country,
        reissue_date: row.reissue_date.map(Day),
        inactivation_date: row.inactivation_date.map(Day),
        reactivation_date: row.reactivation_date.map(Day),
        pending_suspension: row.pending_suspension,
        pending_class_removal: row.pending_class_removal,
        pending_class_replace: row.pending_class_replace,
        asbestos_registration: row.asbestos_registration,
        wc_coverage_type: row.wc_coverage_type,
        wc_insurance_company: row.wc_insurance_company,
        wc_policy_number: row.wc_policy_number,
        wc_effective_date: row.wc_effective_date.map(Day),
        wc_expiration_date: row.wc_expiration_date.map(Day),
        wc_cancellation_date: row.wc_cancellation_date.map(Day),
        wc_suspend_date: row.wc_suspend_date.map(Day),
        cb_surety_company: row.cb_surety_company,
        cb_number: row.cb_number,
        cb_effective_date: row.cb_effective_date.map(Day),
        cb_cancellation_date: row.cb_cancellation_date.map(Day),
        cb_amount_cents: row.cb_amount_cents,
        wb_surety_company: row.wb_surety_company,
        wb_number: row.wb_number,
        wb_effective_date: row.wb_effective_date.map(Day),
        wb_cancellation_date: row.wb_cancellation_date.map(Day),
        wb_amount_cents: row.wb_amount_cents,
        db_surety_company: row.db_surety_company,
        db_number: row.db_number,
        db_effective_date: row.db_effective_date.map(Day),
        db_cancellation_date: row.db_cancellation_date.map(Day),
        db_amount_cents: row.db_amount_cents,
        date_required: row.date_required.map(Day),
        discp_case_region: row.discp_case_region,
        db_bond_reason: row.db_bond_reason,
        db_case_no: row.db_case_no,
        name_tp_2: row.name_tp_2,
    };
    Ok(Some(VersionedContractor {
        contractor,
        version: row.version,
    }))
}
