//! A project as its owner sends it.

use portal_domain::contractor::{ZipCode, centroid_of};
use portal_domain::geo::LatLng;
use portal_domain::project::{ProjectDetails, ProjectPriority, ProjectVisibility};
use portal_http::fields::{FieldReader, FromFields};

/// The details, read and checked as a whole.
#[derive(Debug)]
pub(crate) struct ProjectBody(pub(crate) ProjectDetails);

impl FromFields for ProjectBody {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let title = fields.required("title");
        let category = fields.required("category");
        let mut details = ProjectDetails {
            description: fields.optional("description"),
            budget_min_cents: fields.optional("budgetMinCents"),
            budget_max_cents: fields.optional("budgetMaxCents"),
            estimated_value_cents: fields.optional("estimatedValueCents"),
            funding_source: fields.optional("fundingSource"),
            location: fields.optional("location"),
            address: fields.optional("address"),
            city: fields.optional("city"),
            state: fields.optional("state"),
            zip: fields.optional("zip"),
            coordinates: fields.optional("coordinates"),
            start_date: fields.optional("startDate"),
            end_date: fields.optional("endDate"),
            deadline_date: fields.optional("deadlineDate"),
            requirements: fields.optional("requirements").unwrap_or_default(),
            skills_required: fields.optional("skillsRequired").unwrap_or_default(),
            license_classes: fields.optional("licenseClasses").unwrap_or_default(),
            experience_years: fields.optional("experienceYears"),
            bonding_required: fields.defaulted("bondingRequired").unwrap_or_default(),
            insurance: fields.optional("insurance").unwrap_or_default(),
            priority: fields.defaulted("priority").unwrap_or(ProjectPriority::Medium),
            visibility: fields
                .defaulted("visibility")
                .unwrap_or(ProjectVisibility::Public),
            max_applications: fields.optional("maxApplications"),
            contact_name: fields.optional("contactName"),
            contact_email: fields.optional("contactEmail"),
            contact_phone: fields.optional("contactPhone"),
            title: title?,
            category: category?,
        };
        for (field, detail) in details.faults() {
            fields.fault(field, detail);
        }
        place_by_zip(&mut details);
        Some(Self(details))
    }
}

/// The details that a patch goes over. A place that came from the ZIP code is left out, since it goes where the ZIP code goes.
pub(crate) fn before_patch(details: &ProjectDetails) -> ProjectDetails {
    let mut details = details.clone();
    let place = details.coordinates.take();
    place_by_zip(&mut details);
    details.coordinates = if details.coordinates == place { None } else { place };
    details
}

/// A project without coordinates stands in the middle of its ZIP code: who looks for work nearby should find it.
fn place_by_zip(details: &mut ProjectDetails) {
    if details.coordinates.is_none() {
        let zip = details.zip.as_ref().and_then(|zip| zip.parse::<ZipCode>().ok());
        let centroid = zip.and_then(centroid_of);
        details.coordinates =
            centroid.and_then(|centroid| LatLng::new(centroid.latitude, centroid.longitude).ok());
    }
}
