//! A file of an event, on its way in and out.

use portal_domain::file::EventFile;

/// Where a file is.
pub(crate) fn location(file: &EventFile) -> String {
    format!("/v1/events/{}/files/{}", file.event_id, file.id)
}
