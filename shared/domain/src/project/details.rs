//! What an owner writes about a project.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{ProjectCategory, ProjectPriority, ProjectVisibility};
use crate::contractor::Classification;
use crate::geo::LatLng;
use crate::listing::{Day, Moment};
use crate::money::Cents;
use crate::text::{Few, Line, Prose, object_fault};

/// The part of a project that its owner writes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
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
    #[schema(value_type = Vec<String>, max_items = 100, required = false)]
    pub requirements: Few<Line<500>, 100>,
    /// Skills that the work takes.
    #[schema(value_type = Vec<String>, max_items = 50, required = false)]
    pub skills_required: Few<Line<80>, 50>,
    /// Licence classes that the work takes.
    #[schema(value_type = Vec<Classification>, max_items = 20, required = false)]
    pub license_classes: Few<Classification, 20>,
    /// Years of experience that are asked for.
    #[schema(minimum = 0, maximum = 100)]
    pub experience_years: Option<i32>,
    /// Whether a bond is asked for.
    #[schema(required = false)]
    pub bonding_required: bool,
    /// Insurance that is asked for, by kind.
    #[schema(value_type = Object, required = false)]
    pub insurance: Map<String, Value>,
    /// How pressing it is; `MEDIUM` where it is left out.
    #[schema(required = false)]
    pub priority: ProjectPriority,
    /// Who may see it; `PUBLIC` where it is left out.
    #[schema(required = false)]
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
        let insurance = object_fault(&self.insurance);
        check(insurance.is_some(), "insurance", insurance.unwrap_or_default());
        faults
    }

    /// The names of the fields that differ, as they are in JSON.
    #[must_use]
    pub fn changed_fields(&self, other: &Self) -> Vec<String> {
        let (before, after) = (self.fields(), other.fields());
        before
            .into_iter()
            .filter(|(name, value)| after.get(name) != Some(value))
            .map(|(name, _)| name)
            .collect()
    }

    /// These details with some fields, by their names in JSON, as another says them.
    ///
    /// A project that is imported again takes the fields that its source has changed, and no other: what people changed here by hand
    /// stays until the source itself says something new of it.
    #[must_use]
    pub fn taking(&self, names: &[String], other: &Self) -> Self {
        let (mut fields, mut others) = (self.fields(), other.fields());
        for name in names {
            if let Some(value) = others.remove(name) {
                fields.insert(name.clone(), value);
            }
        }
        // Every value comes from details that were valid, so that they read back.
        serde_json::from_value(Value::Object(fields)).unwrap_or_else(|_| self.clone())
    }

    fn fields(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Details with every field set, so that a test sees each of them.
    fn details() -> ProjectDetails {
        serde_json::from_value(json!({
            "title": "A library", "description": "Two floors", "category": "COMMERCIAL", "budgetMinCents": 1, "budgetMaxCents": 2,
            "estimatedValueCents": 2, "fundingSource": "City", "location": "By the lake", "address": "1 Main St", "city": "Oakland",
            "state": "CA", "zip": "94607", "coordinates": {"lat": 0.1, "lng": -122.271_114}, "startDate": "2030-01-01",
            "endDate": "2031-01-01", "deadlineDate": "2029-06-01T00:00:00Z", "requirements": ["Hard hats"],
            "skillsRequired": ["Concrete"], "licenseClasses": ["B"], "experienceYears": 3, "bondingRequired": true,
            "insurance": {"liability": 0.1}, "priority": "LOW", "visibility": "PUBLIC", "maxApplications": 9, "contactName": "Ana",
            "contactEmail": "ana@example.org", "contactPhone": "1",
        }))
        .unwrap()
    }

    #[test]
    fn what_the_source_has_changed_is_taken_and_nothing_else() {
        let mut here = details();
        here.title = "A library, as we call it".to_owned().try_into().unwrap();
        here.city = None;
        let mut there = details();
        there.budget_max_cents = Some(5.try_into().unwrap());
        there.city = Some("Berkeley".to_owned().try_into().unwrap());
        let taken = here.taking(&["budgetMaxCents".to_owned()], &there);
        assert_eq!(taken.title, here.title);
        assert_eq!(taken.city, None);
        assert_eq!(taken.budget_max_cents, there.budget_max_cents);
        assert_eq!(here.changed_fields(&taken), ["budgetMaxCents"]);
    }

    #[test]
    fn all_fields_taken_are_the_other_and_none_are_the_same() {
        let (full, mut other) = (details(), details());
        other.coordinates = None;
        other.visibility = ProjectVisibility::Private;
        let all: Vec<_> = full.fields().keys().cloned().collect();
        assert_eq!(full.taking(&all, &other), other);
        assert_eq!(other.taking(&all, &full), full);
        assert_eq!(full.taking(&[], &other), full);
        assert_eq!(full.taking(&["colour".to_owned()], &other), full);
    }

    #[test]
    fn what_is_wrong_between_fields_is_named() {
        let mut wrong = details();
        assert_eq!(wrong.faults(), []);
        wrong.budget_min_cents = Some(3.try_into().unwrap());
        wrong.experience_years = Some(101);
        wrong.max_applications = Some(0);
        wrong.contact_email = Some("ana at home".to_owned().try_into().unwrap());
        wrong.insurance = serde_json::from_value(json!({"liability": [{"a": "\0"}]})).unwrap();
        wrong.end_date = serde_json::from_value(json!("1999-01-01")).unwrap();
        let named: Vec<_> = wrong.faults().into_iter().map(|(name, _)| name).collect();
        assert_eq!(
            named,
            [
                "budgetMinCents",
                "startDate",
                "experienceYears",
                "maxApplications",
                "contactEmail",
                "insurance"
            ]
        );
    }
}
