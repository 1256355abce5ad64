//! A course as staff send it.

use portal_domain::course::{CourseDetails, Difficulty};
use portal_http::fields::{FieldReader, FromFields};

/// The details, read and checked as a whole.
#[derive(Debug)]
pub(crate) struct CourseBody(pub(crate) CourseDetails);

impl FromFields for CourseBody {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let title = fields.required("title");
        let difficulty = fields.required("difficulty");
        let category = fields.defaulted("category");
        let price = fields.defaulted("priceCents");
        let details = CourseDetails {
            description: fields.optional("description"),
            category: category.or_else(|| "GENERAL".to_owned().try_into().ok())?,
            duration_minutes: fields.optional("durationMinutes"),
            price_cents: price.or_else(|| 0_i64.try_into().ok())?,
            member_price_cents: fields.optional("memberPriceCents"),
            completion_percent: fields.defaulted("completionPercent").unwrap_or(100),
            certificate_valid_months: fields.optional("certificateValidMonths"),
            is_published: fields.defaulted("isPublished").unwrap_or(false),
            // A stand-in is never stored, since its fault is noted: it lets what else is wrong be named as well.
            title: title.or_else(|| "-".to_owned().try_into().ok())?,
            difficulty: difficulty.unwrap_or(Difficulty::Beginner),
        };
        for (field, detail) in details.faults() {
            // The reduced price is compared with the price.
            let waits = field == "memberPriceCents" && fields.has_fault(&["priceCents"]);
            if !waits && !fields.has_fault(&[field]) {
                fields.fault(field, detail);
            }
        }
        Some(Self(details))
    }
}
