//! A row of the list of bids, and what it becomes.

use portal_domain::application::Application;
use portal_domain::listing::Moment;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::DataError;
use crate::columns::Table;

/// Where the rows come from, for errors.
pub(super) const TABLE: Table = Table("project_applications");

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
            project_status: TABLE.word(&row.project_status.unwrap_or_default())?,
            user_id: row.user_id.into(),
            bidder_name: row.bidder_name.filter(|name| !name.is_empty()),
            bidder_company: row.bidder_company,
            bidder_license: row.bidder_license,
            is_eligible: row.is_eligible,
            bid_amount_cents: row
                .bid_amount_cents
                .map(|cents| TABLE.amount(cents))
                .transpose()?,
            currency: row.currency,
            cover_letter: row.cover_letter,
            proposal: row.proposal,
            status: TABLE.word(&row.status)?,
            submitted_at: Moment(row.submitted_at),
            withdrawn_at: row.withdrawn_at.map(Moment),
            reviewed_at: row.reviewed_at.map(Moment),
            notes: row.notes,
            addenda_to_acknowledge: row.addenda_to_acknowledge,
            history: serde_json::from_value(row.history).map_err(|error| TABLE.corrupt(&error))?,
            version: row.version,
        })
    }
}
