//! A contractor in a list.

use portal_data::contractors::Outreach;
use portal_domain::contractor::OutreachStatus;
use portal_domain::geo::{Distance, LatLng};
use portal_domain::listing::{ContractorListing, Moment};
use portal_http::csv::{Cell, Tabular};
use portal_http::geojson::Located;
use serde::Serialize;
use utoipa::ToSchema;

/// A contractor in a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ContractorItem {
    #[serde(flatten)]
    pub(crate) contractor: ContractorListing,
    /// The great-circle distance from `near`, when that is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, nullable = false)]
    distance_miles: Option<f64>,
    /// How far staff have come with the firm; for staff, with `notMember`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    outreach_status: Option<OutreachStatus>,
    /// What staff have written about it, the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    outreach_notes: Option<String>,
    /// When that was last changed, the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    outreach_updated_at: Option<Moment>,
}

impl ContractorItem {
    pub(crate) fn new(contractor: ContractorListing, distance: Option<Distance>) -> Self {
        Self {
            contractor,
            distance_miles: distance.map(Distance::miles),
            outreach_status: None,
            outreach_notes: None,
            outreach_updated_at: None,
        }
    }

    /// The same with what staff know.
    pub(crate) fn with_outreach(self, outreach: Option<&Outreach>) -> Self {
        Self {
            outreach_status: outreach.map(|outreach| outreach.status),
            outreach_notes: outreach.and_then(|outreach| outreach.notes.clone()),
            outreach_updated_at: outreach.and_then(|outreach| outreach.updated_at),
            ..self
        }
    }
}

impl Located for ContractorItem {
    fn feature_id(&self) -> String {
        self.contractor.license_number.to_string()
    }

    fn place(&self) -> Option<LatLng> {
        self.contractor.coordinates
    }
}

impl Tabular for ContractorItem {
    const COLUMNS: &'static [&'static str] = &[
        "licenseNumber",
        "displayName",
        "businessName",
        "dbaName",
        "businessType",
        "address",
        "city",
        "state",
        "county",
        "zipCode",
        "phone",
        "issueDate",
        "expirationDate",
        "primaryStatus",
        "secondaryStatus",
        "inGoodStanding",
        "classifications",
        "isNamcMember",
        "removedFromSourceOn",
        "lat",
        "lng",
        "distanceMiles",
        "outreachStatus",
        "outreachNotes",
    ];

    fn cells(&self) -> Vec<Cell> {
        let firm = &self.contractor;
        let classes: Vec<_> = firm.classifications.iter().map(ToString::to_string).collect();
        vec![
            Cell::text(Some(firm.license_number.as_str())),
            Cell::text(Some(&firm.display_name)),
            Cell::text(Some(&firm.business_name)),
            Cell::text(firm.dba_name.as_ref()),
            Cell::plain(
                firm.business_type
                    .map(portal_domain::contractor::BusinessType::as_str),
            ),
            Cell::text(firm.address.as_ref()),
            Cell::text(firm.city.as_ref()),
            Cell::text(firm.state.as_ref()),
            Cell::text(firm.county.as_ref()),
            Cell::text(firm.zip_code.as_ref()),
            Cell::text(firm.phone.as_ref()),
            Cell::plain(firm.issue_date.map(|day| day.0)),
            Cell::plain(firm.expiration_date.map(|day| day.0)),
            Cell::text(Some(&firm.primary_status)),
            Cell::text(firm.secondary_status.as_ref()),
            Cell::plain(Some(firm.in_good_standing)),
            Cell::text(Some(classes.join("; "))),
            Cell::plain(Some(firm.is_namc_member)),
            Cell::plain(firm.removed_from_source_on.map(|day| day.0)),
            Cell::plain(firm.coordinates.map(LatLng::lat)),
            Cell::plain(firm.coordinates.map(LatLng::lng)),
            Cell::plain(self.distance_miles),
            Cell::plain(self.outreach_status),
            Cell::text(self.outreach_notes.as_ref()),
        ]
    }
}
