//! Licensed contractors as the Contractors State License Board publishes them: the layout of its files, the meaning of each
//! column, and the normalised record that the portal keeps.

mod amount;
mod business_type;
mod canonical;
mod centroid;
mod classification;
mod date;
mod fields;
mod import_state;
mod layout;
mod licence_number;
mod normalise;
mod outreach;
mod phone;
mod place;
mod record;
mod region;
mod reject;
#[cfg(test)]
mod samples;
mod text;
mod warning;
mod zip;

pub use amount::{InvalidAmount, parse_cents};
pub use business_type::{BusinessType, UnknownBusinessType};
pub use canonical::{CANONICAL_COLUMNS, Fingerprint, NORMALISER_VERSION};
pub use centroid::{Centroid, centroid_of, county_of_zip};
pub use classification::{Classification, InvalidClassification};
pub use date::{InvalidDate, parse_us_date};
pub use fields::Fields;
pub use import_state::{ImportState, UnknownImportState};
pub use layout::{Column, HeaderError, Layout, SourceFormat, UnknownSourceFormat};
pub use licence_number::{InvalidLicenceNumber, LicenceNumber};
pub use normalise::{Normalised, last_update, normalise};
pub use outreach::OutreachStatus;
pub use phone::{InvalidPhone, parse_phone};
pub use record::{Bond, ContractorRecord, Text, WorkersCompensation};
pub use region::{County, Region, UnknownRegion};
pub use reject::RejectReason;
pub use text::MAX_TEXT_CHARACTERS;
pub use warning::{WarningCounts, WarningKind};
pub use zip::{InvalidZipCode, ZipCode};
