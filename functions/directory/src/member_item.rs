//! A member in a list, and the counts beside it.

use std::collections::BTreeMap;

use portal_data::members::{FacetCounts, FoundMember};
use portal_domain::geo::{Distance, LatLng};
use portal_domain::listing::MemberListing;
use portal_http::csv::{Cell, Tabular};
use portal_http::geojson::{FeatureCollection, Located};
use portal_http::page::List;
use serde::Serialize;
use utoipa::ToSchema;

/// A member in a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MemberItem {
    #[serde(flatten)]
    pub(crate) member: MemberListing,
    /// The great-circle distance from `near`, when that is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, nullable = false)]
    pub(crate) distance_miles: Option<f64>,
}

impl From<FoundMember> for MemberItem {
    fn from(found: FoundMember) -> Self {
        Self {
            member: found.member,
            distance_miles: found.distance.map(Distance::miles),
        }
    }
}

impl Located for MemberItem {
    fn feature_id(&self) -> String {
        self.member.id.to_string()
    }

    fn place(&self) -> Option<LatLng> {
        self.member.coordinates
    }
}

impl Tabular for MemberItem {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "firstName",
        "lastName",
        "company",
        "title",
        "memberType",
        "memberSince",
        "email",
        "phone",
        "street",
        "city",
        "state",
        "zip",
        "lat",
        "lng",
        "website",
        "linkedin",
        "languages",
        "skills",
        "certifications",
        "contractorLicense",
        "bio",
        "distanceMiles",
    ];

    fn cells(&self) -> Vec<Cell> {
        let member = &self.member;
        let skills = member
            .skills
            .iter()
            .map(|skill| format!("{} ({})", skill.skill, skill.level));
        let certificates = member
            .certifications
            .iter()
            .map(|certificate| certificate.name.to_string());
        vec![
            Cell::plain(Some(member.id)),
            Cell::text(Some(&member.first_name)),
            Cell::text(Some(&member.last_name)),
            Cell::text(member.company.as_ref()),
            Cell::text(member.title.as_ref()),
            Cell::plain(Some(member.member_type)),
            Cell::plain(member.member_since.map(|day| day.0)),
            Cell::text(member.email.as_ref()),
            Cell::text(member.phone.as_ref()),
            Cell::text(member.street.as_ref()),
            Cell::text(member.city.as_ref()),
            Cell::text(member.state.as_ref()),
            Cell::text(member.zip.as_ref()),
            Cell::plain(member.coordinates.map(LatLng::lat)),
            Cell::plain(member.coordinates.map(LatLng::lng)),
            Cell::text(member.website.as_ref()),
            Cell::text(member.linkedin.as_ref()),
            Cell::text(Some(member.languages.join("; "))),
            Cell::text(Some(skills.collect::<Vec<_>>().join("; "))),
            Cell::text(Some(certificates.collect::<Vec<_>>().join("; "))),
            Cell::text(member.contractor_license.as_ref().map(ToString::to_string)),
            Cell::text(member.bio.as_ref()),
            Cell::plain(self.distance_miles),
        ]
    }
}

/// A value, and how many members have it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FacetCount {
    /// The value.
    value: String,
    /// How many members of the list have it.
    #[schema(minimum = 1)]
    count: i64,
}

/// What the list divides into; only when `facets` was asked for.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MemberFacets {
    /// For each facet that was asked for its commonest values, at most 20.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    facets: Option<BTreeMap<&'static str, Vec<FacetCount>>>,
    /// How many members were counted: all of the list, or the first 10000.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 10_000, nullable = false)]
    facets_counted: Option<i64>,
}

impl From<FacetCounts> for MemberFacets {
    fn from(counts: FacetCounts) -> Self {
        let facets = counts.facets.into_iter().map(|(facet, values)| {
            let values = values.into_iter().map(|value| FacetCount {
                value: value.value,
                count: value.count,
            });
            (facet.as_str(), values.collect())
        });
        Self {
            facets: Some(facets.collect()),
            facets_counted: Some(counts.counted),
        }
    }
}

/// A page of members.
#[derive(Serialize, ToSchema)]
pub(crate) struct MemberList {
    #[serde(flatten)]
    list: List<MemberItem>,
    #[serde(flatten)]
    facets: MemberFacets,
}

/// A page of members for a map.
#[derive(Serialize, ToSchema)]
pub(crate) struct MemberFeatures {
    #[serde(flatten)]
    collection: FeatureCollection<MemberItem>,
    #[serde(flatten)]
    facets: MemberFacets,
}
