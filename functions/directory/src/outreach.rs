//! Outreach to firms that are not members yet, as staff see it.

use portal_data::contractors::Outreach;
use portal_domain::contractor::{LicenceNumber, OutreachStatus};
use portal_domain::ids::UserId;
use portal_domain::listing::Moment;
use portal_domain::text::Prose;
use portal_http::fields::{FieldReader, FromFields};
use serde::Serialize;
use utoipa::ToSchema;

/// The permission to look for firms that are not members yet.
pub(crate) const OUTREACH: &str = "contractors.outreach";

/// How far staff have come with one firm.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ContractorOutreach {
    /// The firm's licence.
    license_number: LicenceNumber,
    /// Where the talk stands.
    outreach_status: OutreachStatus,
    /// What staff have written about it.
    #[schema(required)]
    outreach_notes: Option<String>,
    /// When that was last changed.
    #[schema(required)]
    outreach_updated_at: Option<Moment>,
    /// By whom.
    #[schema(required)]
    outreach_updated_by: Option<UserId>,
}

impl From<Outreach> for ContractorOutreach {
    fn from(outreach: Outreach) -> Self {
        Self {
            license_number: outreach.license_number,
            outreach_status: outreach.status,
            outreach_notes: outreach.notes,
            outreach_updated_at: outreach.updated_at,
            outreach_updated_by: outreach.updated_by,
        }
    }
}

/// The part of it that staff write.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OutreachBody {
    /// Where the talk stands.
    pub(crate) outreach_status: OutreachStatus,
    /// What there is to know about it.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 5_000)]
    pub(crate) outreach_notes: Option<Prose<5_000>>,
}

impl FromFields for OutreachBody {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let outreach_status = fields.required("outreachStatus");
        let outreach_notes = fields.optional("outreachNotes");
        Some(Self {
            outreach_status: outreach_status?,
            outreach_notes,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "OutreachBody");
        assert_eq!(portal_http::fields::names::<OutreachBody>(), documented);
    }
}
