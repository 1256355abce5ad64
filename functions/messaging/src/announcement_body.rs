//! An announcement as its author sends it.

use portal_domain::announcement::{AnnouncementAudience, AnnouncementDetails};
use portal_http::fields::{FieldReader, FromFields};

/// The details, read and checked as a whole.
#[derive(Debug)]
pub(crate) struct AnnouncementBody(pub(crate) AnnouncementDetails);

impl FromFields for AnnouncementBody {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let title = fields.required("title");
        let content = fields.required("content");
        let details = AnnouncementDetails {
            audience: fields.defaulted("audience").unwrap_or(AnnouncementAudience::All),
            audience_member_type: fields.optional("audienceMemberType"),
            audience_role: fields.optional("audienceRole"),
            is_urgent: fields.defaulted("isUrgent").unwrap_or(false),
            publish_at: fields.optional("publishAt"),
            expires_at: fields.optional("expiresAt"),
            // A stand-in is never stored, since its fault is noted: it lets what else is wrong be named as well.
            title: title.or_else(|| "-".to_owned().try_into().ok())?,
            content: content.or_else(|| "-".to_owned().try_into().ok())?,
        };
        for (field, detail) in details.faults() {
            if !fields.has_fault(&["audience", field]) {
                fields.fault(field, detail);
            }
        }
        Some(Self(details))
    }
}
