//! A module as staff send it.

use portal_domain::course::ModuleDetails;
use portal_http::fields::{FieldReader, FromFields};

/// The details, read and checked as a whole.
#[derive(Debug)]
pub(crate) struct ModuleBody(pub(crate) ModuleDetails);

impl FromFields for ModuleBody {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let title = fields.required("title");
        let details = ModuleDetails {
            content: fields.optional("content"),
            duration_minutes: fields.optional("durationMinutes"),
            is_required: fields.defaulted("isRequired").unwrap_or(true),
            // A stand-in is never stored, since its fault is noted: it lets what else is wrong be named as well.
            title: title.or_else(|| "-".to_owned().try_into().ok())?,
        };
        for (field, detail) in details.faults() {
            fields.fault(field, detail);
        }
        Some(Self(details))
    }
}
