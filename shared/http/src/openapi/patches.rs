//! The bodies of merge patches: what they patch, of which nothing need be there.

use std::collections::BTreeMap;

use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{Components, Ref, RefOr};

/// The media type of JSON Merge Patch (RFC 7396).
const MERGE_PATCH: &str = "application/merge-patch+json";

/// Where the document keeps its schemas.
const SCHEMAS: &str = "#/components/schemas/";

/// Points the body of a merge patch to a schema of its own, in which no field is required, and adds that schema. A type whose
/// fields are all optional stays as it is.
pub(super) fn loosen<'a>(operations: impl Iterator<Item = &'a mut Operation>, components: &mut Components) {
    for operation in operations {
        let Some(RefOr::T(body)) = &mut operation.request_body else {
            continue;
        };
        if !body.content.contains_key(MERGE_PATCH) {
            continue;
        }
        for content in body.content.values_mut() {
            if let RefOr::T(content) = content
                && let Some(RefOr::Ref(reference)) = &content.schema
                && let Some(name) = loosened(&reference.ref_location, &mut components.schemas)
            {
                content.schema = Some(Ref::from_schema_name(name).into());
            }
        }
    }
}

/// Adds the schema of a patch of what a reference names, and gives its name.
fn loosened(location: &str, schemas: &mut BTreeMap<String, RefOr<Schema>>) -> Option<String> {
    let name = location.strip_prefix(SCHEMAS)?;
    let RefOr::T(Schema::Object(object)) = schemas.get(name)? else {
        return None;
    };
    if object.required.is_empty() {
        return None;
    }
    let mut patch = object.clone();
    patch.required.clear();
    let name = format!("{name}Patch");
    schemas.insert(name.clone(), RefOr::T(Schema::Object(patch)));
    Some(name)
}
