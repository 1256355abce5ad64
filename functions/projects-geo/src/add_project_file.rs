//! `POST /v1/projects/{id}/files`

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use portal_data::Tx;
use portal_data::projects::{self, KeptFile, LockedProject};
use portal_domain::file::{ProjectFile, UploadKind};
use portal_domain::ids::{FileId, ProjectId};
use portal_domain::turn::Turn;
use portal_http::answer::Answer;
use portal_http::fields::Fields;
use portal_http::file::{AnnouncedFile, NewFile, gone};
use portal_http::idempotency::IdempotencyKey;
use portal_http::rate_limit::RateLimits;
use portal_http::{Call, PathParameters, Problem, ProblemKind, turns};
use uuid::Uuid;

use crate::manage;
use crate::project_file::location;
use crate::state::Projects;

/// Announces a file, and answers where its bytes go.
///
/// The address takes one PUT of just this size, media type and checksum for 15 minutes. The file is shown to others once its bytes
/// are there; where the project was announced before, it is an addendum then. A retry with the same `Idempotency-Key` answers the
/// same file with a new address.
#[utoipa::path(
    post,
    path = "/v1/projects/{id}/files",
    operation_id = "add_project_file",
    tag = "projects",
    params(("id" = ProjectId, Path, description = "The project's id."), IdempotencyKey),
    request_body = NewFile,
    responses(
        (status = 201, description = "The file, and how its bytes are sent.", body = AnnouncedFile<ProjectFile>, headers(
            ("Location" = String, description = "Where the file is."),
            ("ETag" = String, description = "The entity tag of this representation."),
        )),
        (status = 409, description = "The project is awarded, completed or cancelled, and stays as it is; \
            or a request with the same `Idempotency-Key` is still running."),
    ),
)]
pub(crate) async fn add_project_file(
    State(state): State<Projects>,
    call: Call,
    path: PathParameters,
    key: IdempotencyKey,
    Fields { value: new, digest }: Fields<NewFile>,
) -> Result<Response, Problem> {
    let id: ProjectId = path.read("id")?;
    new.admit(state.max_file_bytes)?;
    let mut tx = state.portal.database().begin(&call.context).await?;
    let before = key.claim(&mut tx, &call, &digest).await?;
    let rates = match before {
        Some(_) => RateLimits::default(),
        None => turns::take(&mut tx, Turn::Upload).await?,
    };
    let project = manage::hold(&mut tx, id).await?;
    let kept = match before {
        Some(answer) => {
            let announced: ProjectFile = answer.read()?;
            projects::lookup_file(&mut tx, id, announced.id)
                .await?
                .ok_or_else(|| gone(announced.id))?
        }
        None => {
            let kept = announce(&mut tx, &call, &project, &new).await?;
            // Without the address: it is a secret, and would be stale.
            let answer = Answer::created(&location(&kept.file), kept.file.version, &kept.file)?;
            key.keep(&mut tx, &call, &digest, &answer).await?;
            kept
        }
    };
    let declared = new.declared();
    let upload = state.files.upload(&kept.object_key, &declared, (state.clock)());
    let upload = upload
        .await
        .map_err(|error| Problem::internal(&error.to_string()))?;
    let announced = AnnouncedFile {
        file: kept.file,
        upload,
    };
    let answer = Answer::created(&location(&announced.file), announced.file.version, &announced)?;
    Ok((rates, answer.respond(tx.commit().await?)).into_response())
}

async fn announce(
    tx: &mut Tx,
    call: &Call,
    project: &LockedProject,
    new: &NewFile,
) -> Result<KeptFile, Problem> {
    if !project.status.is_editable() {
        return Err(Problem::new(
            ProblemKind::Conflict,
            format!("A project that is {} takes no more files.", project.status),
        ));
    }
    let file = projects::NewFile {
        id: FileId::from(Uuid::now_v7()),
        project: project.id,
        object_key: &UploadKind::ProjectFile.key(Uuid::new_v4()),
        name: &new.name,
        declared: &new.declared(),
        uploaded_by: call.member()?,
    };
    projects::add_file(tx, &file).await?;
    let kept = projects::lookup_file(tx, project.id, file.id).await?;
    kept.ok_or_else(|| Problem::internal("a file that was just announced is not there"))
}
