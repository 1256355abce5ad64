//! What staff write about a course.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Difficulty;
use crate::money::Cents;
use crate::text::{Line, Prose};

/// The longest course, in minutes: about six months of working days.
const LONGEST: i32 = 60_000;

/// The longest that a certificate is good for, in months.
const MOST_MONTHS: i32 = 240;

/// The part of a course that staff write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CourseDetails {
    /// Its title.
    #[schema(value_type = String, min_length = 1, max_length = 300)]
    pub title: Line<300>,
    /// What it is about.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 20_000)]
    pub description: Option<Prose<20_000>>,
    /// What kind it is; `GENERAL` unless another is named.
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    pub category: Line<100>,
    /// What it asks of who takes it.
    pub difficulty: Difficulty,
    /// How long it takes, in minutes.
    #[schema(minimum = 1, maximum = 60_000)]
    pub duration_minutes: Option<i32>,
    /// What it costs, in US dollars; nothing where it is left out.
    #[schema(required = false)]
    pub price_cents: Cents,
    /// What it costs members whose membership is in force.
    pub member_price_cents: Option<Cents>,
    /// How many in a hundred of the required modules complete it; all where it is left out.
    #[schema(required = false, minimum = 1, maximum = 100)]
    pub completion_percent: i32,
    /// For how many months a certificate is good; for ever where it is left out.
    #[schema(minimum = 1, maximum = 240)]
    pub certificate_valid_months: Option<i32>,
    /// Whether it is in the catalogue, and can be taken up; not where it is left out.
    #[schema(required = false)]
    pub is_published: bool,
}

impl CourseDetails {
    /// What is wrong with numbers, and between fields, by the name of the field to change.
    #[must_use]
    pub fn faults(&self) -> Vec<(&'static str, &'static str)> {
        let mut faults = Vec::new();
        let mut check = |wrong: bool, field, detail| {
            if wrong {
                faults.push((field, detail));
            }
        };
        let outside = |value: Option<i32>, most| value.is_some_and(|value| !(1..=most).contains(&value));
        check(
            outside(self.duration_minutes, LONGEST),
            "durationMinutes",
            "must be from 1 to 60000",
        );
        check(
            self.member_price_cents
                .is_some_and(|price| price > self.price_cents),
            "memberPriceCents",
            "must not be more than priceCents",
        );
        check(
            outside(Some(self.completion_percent), 100),
            "completionPercent",
            "must be from 1 to 100",
        );
        check(
            outside(self.certificate_valid_months, MOST_MONTHS),
            "certificateValidMonths",
            "must be from 1 to 240",
        );
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn details(fields: &Value) -> CourseDetails {
        let mut all = json!({
            "title": "Estimating", "category": "GENERAL", "difficulty": "BEGINNER", "priceCents": 0, "completionPercent": 100,
            "isPublished": false,
        });
        all.as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        serde_json::from_value(all).unwrap()
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(details(&json!({})).faults(), []);
        let wrong = details(&json!({
            "durationMinutes": 0, "priceCents": 5, "memberPriceCents": 6, "completionPercent": 101, "certificateValidMonths": 241,
        }));
        let named: Vec<_> = wrong.faults().into_iter().map(|(field, _)| field).collect();
        assert_eq!(
            named,
            [
                "durationMinutes",
                "memberPriceCents",
                "completionPercent",
                "certificateValidMonths"
            ]
        );
    }
}
