//! Why staff do something.

use portal_domain::staff::Reason;
use portal_http::fields::{FieldReader, FromFields};
use utoipa::ToSchema;

/// Why, for the record of what staff do.
#[derive(Debug, ToSchema)]
pub(crate) struct ReasonBody {
    /// In words.
    #[schema(value_type = String, min_length = 1, max_length = 500)]
    pub(crate) reason: Reason,
}

impl FromFields for ReasonBody {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        Some(Self {
            reason: fields.required("reason")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "ReasonBody");
        assert_eq!(portal_http::fields::names::<ReasonBody>(), documented);
    }
}
