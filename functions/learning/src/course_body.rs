//! A course as staff send it.

use portal_domain::course::CourseDetails;
use portal_domain::money::Cents;
use portal_http::fields::{FieldReader, FromFields};

/// The details, read and checked as a whole.
#[derive(Debug)]
pub(crate) struct CourseBody(pub(crate) CourseDetails);

impl FromFields for CourseBody {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let title = fields.required("title");
        let difficulty = fields.required("difficulty");
        let price: Option<Cents> = fields.optional("priceCents");
        let free = Cents::try_from(0).ok();
        let general = "GENERAL".to_owned().try_into().ok();
        let details = CourseDetails {
            description: fields.optional("description"),
            category: fields.optional("category").or(general)?,
            duration_minutes: fields.optional("durationMinutes"),
            member_price_cents: fields.optional("memberPriceCents"),
            completion_percent: fields.optional("completionPercent").unwrap_or(100),
            certificate_valid_months: fields.optional("certificateValidMonths"),
            is_published: fields.optional("isPublished").unwrap_or(false),
            price_cents: price.or(free)?,
            title: title?,
            difficulty: difficulty?,
        };
        for (field, detail) in details.faults() {
            fields.fault(field, detail);
        }
        Some(Self(details))
    }
}
