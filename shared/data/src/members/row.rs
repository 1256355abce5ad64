//! A row of the directory, and what it becomes.

use portal_domain::contractor::LicenceNumber;
use portal_domain::geo::Distance;
use portal_domain::listing::{Day, MemberListing};
use portal_domain::member::Skill;
use serde::de::DeserializeOwned;
use serde_json::Value;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::FoundMember;
use crate::DataError;
use crate::columns::Table;

/// Where the rows come from, for errors.
pub(super) const TABLE: Table = Table("users");

pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) company: Option<String>,
    pub(super) title: Option<String>,
    pub(super) member_type: String,
    pub(super) member_since: Option<Date>,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) street: Option<String>,
    pub(super) city: Option<String>,
    pub(super) state: Option<String>,
    pub(super) zip: Option<String>,
    pub(super) lat: Option<f64>,
    pub(super) lng: Option<f64>,
    pub(super) bio: Option<String>,
    pub(super) website: Option<String>,
    pub(super) linkedin: Option<String>,
    pub(super) profile_image_key: Option<String>,
    pub(super) certifications: Value,
    pub(super) languages: Vec<String>,
    pub(super) contractor_license: Option<String>,
    pub(super) skills: Value,
    pub(super) created_at: OffsetDateTime,
    pub(super) version: i32,
    /// Metres from the middle of the circle; absent where there is none.
    pub(super) distance: Option<f64>,
}

impl TryFrom<Row> for FoundMember {
    type Error = DataError;

    fn try_from(row: Row) -> Result<Self, DataError> {
        let member = MemberListing {
            id: row.id.into(),
            first_name: row.first_name,
            last_name: row.last_name,
            company: row.company,
            title: row.title,
            member_type: TABLE.word(&row.member_type)?,
            member_since: row.member_since.map(Day),
            email: row.email,
            phone: row.phone,
            street: row.street,
            city: row.city,
            state: row.state,
            zip: row.zip,
            coordinates: crate::place::from_columns(TABLE.0, row.lat, row.lng)?,
            bio: row.bio,
            website: row.website,
            linkedin: row.linkedin,
            profile_image_key: row.profile_image_key,
            certifications: readable(row.certifications),
            languages: row.languages,
            contractor_license: license(row.contractor_license.as_deref())?,
            skills: skills(row.skills)?,
        };
        Ok(Self {
            member,
            version: row.version,
            created_at: row.created_at,
            distance: row.distance.map(Distance::from_metres),
        })
    }
}

/// Entries that can be read; what others have written into the array is not shown.
fn readable<T: DeserializeOwned>(entries: Value) -> Vec<T> {
    match entries {
        Value::Array(entries) => entries
            .into_iter()
            .filter_map(|entry| serde_json::from_value(entry).ok())
            .collect(),
        _ => Vec::new(),
    }
}

pub(super) fn license(number: Option<&str>) -> Result<Option<LicenceNumber>, DataError> {
    number.map(|text| TABLE.word(text)).transpose()
}

pub(super) fn skills(skills: Value) -> Result<Vec<Skill>, DataError> {
    serde_json::from_value(skills).map_err(|error| TABLE.corrupt(&error))
}
