//! `POST /v1/admin/imports`

use axum::extract::State;
use axum::response::Response;
use portal_data::Tx;
use portal_data::staff::actions::{self, Target};
use portal_http::answer::Answer;
use portal_http::fields::Fields;
use portal_http::idempotency::IdempotencyKey;
use portal_http::{Call, Problem};
use serde_json::json;
use uuid::Uuid;

use crate::import_body::{AnnouncedImport, ImportPlace, NewImport};
use crate::permitted::permit;
use crate::state::Admin;

/// Answers where a licence file is to be put, which begins its import.
///
/// The address takes one PUT of just this size and checksum for 15 minutes. The import appears in the list under `objectKey` once S3 has
/// told of the file. A retry with the same `Idempotency-Key` answers the same key with a new address.
#[utoipa::path(
    post,
    path = "/v1/admin/imports",
    operation_id = "add_import",
    tag = "admin",
    params(IdempotencyKey),
    request_body = NewImport,
    responses(
        (status = 201, description = "Where the file goes, and how it is sent.", body = AnnouncedImport, headers(
            ("Location" = String, description = "Where the import will be listed."),
            ("ETag" = String, description = "The entity tag of this representation."),
        )),
        (status = 409, description = "A request with the same `Idempotency-Key` is still running."),
    ),
)]
pub(crate) async fn add_import(
    State(state): State<Admin>,
    call: Call,
    key: IdempotencyKey,
    Fields { value: new, digest }: Fields<NewImport>,
) -> Result<Response, Problem> {
    let declared = new.declared()?;
    let mut tx = state.portal.database().begin(&call.context).await?;
    permit(&mut tx, &call).await?;
    let place = match key.claim(&mut tx, &call, &digest).await? {
        Some(answer) => answer.read::<ImportPlace>()?,
        None => {
            let place = announce(&mut tx, &call, &new).await?;
            // Without the address: it is a secret, and would be stale.
            let answer = Answer::created(&location(&place), 1, &place)?;
            key.keep(&mut tx, &call, &digest, &answer).await?;
            place
        }
    };
    let notes = [("dry-run", if place.dry_run { "true" } else { "false" })];
    let upload = state
        .imports
        .upload_noted(&place.object_key, &declared, &notes, state.now());
    let upload = upload
        .await
        .map_err(|error| Problem::internal(&error.to_string()))?;
    let announced = AnnouncedImport { place, upload };
    let answer = Answer::created(&location(&announced.place), 1, &announced)?;
    Ok(answer.respond(tx.commit().await?))
}

async fn announce(tx: &mut Tx, call: &Call, new: &NewImport) -> Result<ImportPlace, Problem> {
    let place = ImportPlace {
        object_key: format!("uploads/{}.csv", Uuid::new_v4()),
        dry_run: new.dry_run,
    };
    let target = Target::Row {
        table: "import_runs",
        id: place.object_key.clone(),
        member: None,
    };
    let details = json!({"dryRun": new.dry_run, "sizeBytes": new.size_bytes.bytes()});
    actions::add(tx, call.member()?, "imports.add", &target, &new.reason, &details).await?;
    Ok(place)
}

/// Where the import will be listed.
fn location(place: &ImportPlace) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("objectKey", &place.object_key);
    format!("/v1/admin/imports?{}", query.finish())
}
