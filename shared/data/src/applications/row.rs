//! A row of the list of bids, and what it becomes.

use portal_domain::application::Application;
use portal_domain::listing::Moment;
use portal_domain::money::Cents;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::DataError;

pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) project_id: Uuid,
    pub(super) project_title: Option<String>,
    pub(super) project_status: Option<String>,
    pub(super) user_id: Uuid,
    pub(super) bidder_name: Option<String>,
    pub(super) bidder_company: Option<String>,
    pub(super) bidder_license: Option<String>,
    pub(super) is_eligible: bool,
    pub(super) bid_amount_cents: Option<i64>,
    pub(super) currency: String,
    pub(super) cover_letter: String,
    pub(super) proposal: String,
    pub(super) status: String,
    pub(super) submitted_at: OffsetDateTime,
    pub(super) withdrawn_at: Option<OffsetDateTime>,
    pub(super) reviewed_at: Option<OffsetDateTime>,
    pub(super) notes: Option<String>,
    pub(super) addenda_to_acknowledge: i64,
    pub(super) history: serde_json::Value,
    pub(super) version: i32,
}

impl TryFrom<Row> for Application {
    type Error = DataError;

    fn try_from(row: Row) -> Result<Self, DataError> {
        Ok(Self {
            id: row.id.into(),
            project_id: row.project_id.into(),
            project_title: row.project_title.unwrap_or_default(),
            project_status: word(&row.project_status.unwrap_or_default())?,
            user_id: row.user_id.into(),
            bidder_name: row.bidder_name.filter(|name| !name.is_empty()),
            bidder_company: row.bidder_company,
            bidder_license: row.bidder_license,
            is_eligible: row.is_eligible,
            bid_amount_cents: row.bid_amount_cents.map(amount).transpose()?,
            currency: row.currency,
            cover_letter: row.cover_letter,
            proposal: row.proposal,
            status: word(&row.status)?,
            submitted_at: Moment(row.submitted_at),
            withdrawn_at: row.withdrawn_at.map(Moment),
            reviewed_at: row.reviewed_at.map(Moment),
            notes: row.notes,
            addenda_to_acknowledge: row.addenda_to_acknowledge,
            history: serde_json::from_value(row.history).map_err(|error| corrupt(&error.to_string()))?,
            version: row.version,
        })
    }
}

/// A word of one of the domain's sets.
pub(super) fn word<T: std::str::FromStr<Err: ToString>>(text: &str) -> Result<T, DataError> {
    text.parse().map_err(|error: T::Err| corrupt(&error.to_string()))
}

pub(super) fn amount(cents: i64) -> Result<Cents, DataError> {
    cents.try_into().map_err(|_| corrupt("the bid is no amount"))
}

fn corrupt(reason: &str) -> DataError {
    DataError::Corrupt {
        table: "project_applications",
        reason: reason.to_owned(),
    }
}
