//! What an owner writes about a project.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{ProjectCategory, ProjectPriority, ProjectVisibility};
use crate::contractor::Classification;
use crate::geo::LatLng;
use crate::listing::{Day, Moment};
use crate::money::Cents;
use crate::text::{Few, Line, Prose};

/// The part of a project that its owner writes.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProjectDetails {
    /// Its title.
    #[schema(value_type = String, min_length = 1, max_length = 300)]
    pub title: Line<300>,
    /// What is to be built.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 20_000)]
    pub description: Option<Prose<20_000>>,
    /// The kind of work.
    pub category: ProjectCategory,
    /// The least that the owner expects to pay.
    pub budget_min_cents: Option<Cents>,
    /// The most that the owner will pay.
    pub budget_max_cents: Option<Cents>,
    /// What the work is thought to be worth.
    pub estimated_value_cents: Option<Cents>,
    /// Where the money comes from.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub funding_source: Option<Line<200>>,
    /// The place in words.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 300)]
    pub location: Option<Line<300>>,
    /// Street address.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub address: Option<Line<200>>,
    /// City.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    pub city: Option<Line<100>>,
    /// State.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 50)]
    pub state: Option<Line<50>>,
    /// ZIP code; gives the coordinates where they are left out.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 10)]
    pub zip: Option<Line<10>>,
    /// Where it is.
    pub coordinates: Option<LatLng>,
    /// When the work begins.
    pub start_date: Option<Day>,
    /// When the work ends.
    pub end_date: Option<Day>,
    /// Until when bids are taken.
    pub deadline_date: Option<Moment>,
    /// What bidders must meet.
    #[schema(value_type = Vec<String>, max_items = 100)]
    pub requirements: Few<Line<500>, 100>,
    /// Skills that the work takes.
    #[schema(value_type = Vec<String>, max_items = 50)]
    pub skills_required: Few<Line<80>, 50>,
    /// Licence classes that the work takes.
    #[schema(value_type = Vec<Classification>, max_items = 20)]
    pub license_classes: Few<Classification, 20>,
    /// Years of experience that are asked for.
    #[schema(minimum = 0, maximum = 100)]
    pub experience_years: Option<i32>,
    /// Whether a bond is asked for.
    pub bonding_required: bool,
    /// Insurance that is asked for, by kind.
    #[schema(value_type = Object)]
    pub insurance: Map<String, Value>,
    /// How pressing it is.
    pub priority: ProjectPriority,
    /// Who may see it.
    pub visibility: ProjectVisibility,
    /// How many bids are taken.
    #[schema(minimum = 1, maximum = 10_000)]
    pub max_applications: Option<i32>,
    /// Whom to ask.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub contact_name: Option<Line<200>>,
    /// Where to write to.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 254)]
    pub contact_email: Option<Line<254>>,
    /// Where to call.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 40)]
    pub contact_phone: Option<Line<40>>,
}

impl ProjectDetails {
    /// What is wrong between fields, by the name of the field to change.
    #[must_use]
    pub fn faults(&self) -> Vec<(&'static str, &'static str)> {
        let mut faults = Vec::new();
        let mut check = |wrong: bool, field, detail| {
            if wrong {
                faults.push((field, detail));
            }
        };
        let exceeds = |least: Option<Cents>, most: Option<Cents>| {
            least.zip(most).is_some_and(|(least, most)| least > most)
        };
        check(
            exceeds(self.budget_min_cents, self.budget_max_cents),
            "budgetMinCents",
            "must not be more than budgetMaxCents",
        );
        check(
            self.start_date
                .zip(self.end_date)
                .is_some_and(|(start, end)| start > end),
            "startDate",
            "must not be after endDate",
        );
        check(
            self.experience_years
                .is_some_and(|years| !(0..=100).contains(&years)),
            "experienceYears",
            "must be from 0 to 100",
        );
        check(
            self.max_applications
                .is_some_and(|bids| !(1..=10_000).contains(&bids)),
            "maxApplications",
            "must be from 1 to 10000",
        );
        check(
            self.contact_email
                .as_ref()
                .is_some_and(|address| address.contains(' ') || address.split('@').count() != 2),
            "contactEmail",
            "must be an e-mail address",
        );
        faults
    }

    /// The names of the fields that differ, as they are in JSON.
    #[must_use]
    pub fn changed_fields(&self, other: &Self) -> Vec<String> {
        let fields = |details: &Self| match serde_json::to_value(details) {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        };
        let (before, after) = (fields(self), fields(other));
        before
            .into_iter()
            .filter(|(name, value)| after.get(name) != Some(value))
            .map(|(name, _)| name)
            .collect()
    }
}
