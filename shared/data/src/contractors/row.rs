//! A row of a list, and what it becomes.

use portal_domain::contractor::{BusinessType, Classification, LicenceNumber};
use portal_domain::listing::{ContractorListing, Day};
use time::Date;

use crate::DataError;

/// Where the rows come from, for errors.
pub(super) const TABLE: &str = "california_contractors";

/// The columns that a list shows.
pub(super) struct Row {
    pub(super) license_number: String,
    pub(super) display_name: String,
    pub(super) business_name: String,
    pub(super) full_business_name: Option<String>,
    pub(super) dba_name: Option<String>,
    pub(super) business_type: Option<String>,
    pub(super) address: Option<String>,
    pub(super) city: Option<String>,
    pub(super) state: Option<String>,
    pub(super) county: Option<String>,
    pub(super) zip_code: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) issue_date: Option<Date>,
    pub(super) expiration_date: Option<Date>,
    pub(super) primary_status: String,
    pub(super) secondary_status: Option<String>,
    pub(super) in_good_standing: bool,
    pub(super) classifications: Vec<String>,
    pub(super) is_namc_member: bool,
    pub(super) removed_from_source_on: Option<Date>,
    pub(super) lat: Option<f64>,
    pub(super) lng: Option<f64>,
    /// Metres from the middle of the circle; absent in lists by name.
    pub(super) distance: Option<f64>,
}

impl TryFrom<Row> for ContractorListing {
    type Error = DataError;

    fn try_from(row: Row) -> Result<Self, DataError> {
        Ok(Self {
            coordinates: crate::place::from_columns(TABLE, row.lat, row.lng)?,
            license_number: read::<LicenceNumber>(&row.license_number)?,
            business_type: row
                .business_type
                .as_deref()
                .map(read::<BusinessType>)
                .transpose()?,
            classifications: row
                .classifications
                .iter()
                .map(|class| read::<Classification>(class))
                .collect::<Result<_, _>>()?,
            display_name: row.display_name,
            business_name: row.business_name,
            full_business_name: row.full_business_name,
            dba_name: row.dba_name,
            address: row.address,
            city: row.city,
            state: row.state,
            county: row.county,
            zip_code: row.zip_code,
            phone: row.phone,
            issue_date: row.issue_date.map(Day),
            expiration_date: row.expiration_date.map(Day),
            primary_status: row.primary_status,
            secondary_status: row.secondary_status,
            in_good_standing: row.in_good_standing,
            is_namc_member: row.is_namc_member,
            removed_from_source_on: row.removed_from_source_on.map(Day),
        })
    }
}

/// Reads a column that the table's checks should have kept readable.
pub(super) fn read<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, DataError> {
    text.parse().map_err(|error: T::Err| DataError::Corrupt {
        table: TABLE,
        reason: format!("{text:?}: {error}"),
    })
}
