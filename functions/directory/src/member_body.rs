//! A profile as its owner sends it.

use portal_domain::contractor::{ZipCode, centroid_of};
use portal_domain::geo::LatLng;
use portal_domain::listing::WrittenProfile;
use portal_domain::member::{FieldVisibility, MemberDetails};
use portal_domain::object::Object;
use portal_http::fields::{FieldReader, FromFields};

/// The details, read and checked as a whole.
#[derive(Debug)]
pub(crate) struct MemberBody(pub(crate) MemberDetails);

impl FromFields for MemberBody {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let first_name = fields.required("firstName");
        let last_name = fields.required("lastName");
        let zip: Option<portal_domain::text::Line<10>> = fields.optional("zip");
        let coordinates: Option<LatLng> = fields.optional("coordinates");
        let visibility: Option<Object<FieldVisibility>> = fields.defaulted("fieldVisibility");
        let coordinates = coordinates.or_else(|| zip.as_deref().and_then(middle_of_zip));
        Some(Self(MemberDetails {
            company: fields.optional("company"),
            title: fields.optional("title"),
            phone: fields.optional("phone"),
            street: fields.optional("street"),
            city: fields.optional("city"),
            state: fields.optional("state"),
            zip,
            coordinates,
            bio: fields.optional("bio"),
            website: fields.optional("website"),
            linkedin: fields.optional("linkedin"),
            certifications: fields.optional("certifications").unwrap_or_default(),
            languages: fields.optional("languages").unwrap_or_default(),
            notification_preferences: fields.optional("notificationPreferences").unwrap_or_default(),
            field_visibility: visibility.map(|visibility| visibility.0).unwrap_or_default(),
            first_name: first_name?,
            last_name: last_name?,
        }))
    }
}

/// The profile that a patch goes over. A place that came from the ZIP code is left out, since it goes where the ZIP code goes.
pub(crate) fn before_patch(written: &WrittenProfile) -> WrittenProfile {
    let mut written = written.clone();
    if written.coordinates == written.zip.as_deref().and_then(middle_of_zip) {
        written.coordinates = None;
    }
    written
}

/// A member who gives no coordinates stands in the middle of the ZIP code: who looks for help nearby should find one.
fn middle_of_zip(zip: &str) -> Option<LatLng> {
    let centroid = zip.parse::<ZipCode>().ok().and_then(centroid_of)?;
    LatLng::new(centroid.latitude, centroid.longitude).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "MemberDetails");
        assert_eq!(portal_http::fields::names::<MemberBody>(), documented);
    }
}
