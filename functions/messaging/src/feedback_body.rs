//! A ticket as its member sends it.

use portal_domain::feedback::{FeedbackPriority, NewFeedback};
use portal_http::fields::{FieldReader, FromFields};

/// The ticket, read and checked as a whole.
#[derive(Debug)]
pub(crate) struct FeedbackBody(pub(crate) NewFeedback);

impl FromFields for FeedbackBody {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let category = fields.required("category");
        let priority = fields.defaulted("priority");
        let subject = fields.required("subject");
        let content = fields.required("content");
        Some(Self(NewFeedback {
            category: category?,
            priority: priority.unwrap_or(FeedbackPriority::Medium),
            subject: subject?,
            content: content?,
        }))
    }
}
