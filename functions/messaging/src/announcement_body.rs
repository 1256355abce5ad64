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
        let audience = fields.optional("audience");
        let audience_member_type = fields.optional("audienceMemberType");
        let audience_role = fields.optional("audienceRole");
        let is_urgent = fields.optional("isUrgent");
        let publish_at = fields.optional("publishAt");
        let expires_at = fields.optional("expiresAt");
        let details = AnnouncementDetails {
            title: title?,
            content: content?,
            audience: audience.unwrap_or(AnnouncementAudience::All),
            audience_member_type,
            audience_role,
            is_urgent: is_urgent.unwrap_or(false),
            publish_at,
            expires_at,
        };
        for (field, detail) in details.faults() {
            if !fields.has_fault(&["audience", field]) {
                fields.fault(field, detail);
            }
        }
        Some(Self(details))
    }
}
