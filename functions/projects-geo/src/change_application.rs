//! `PATCH /v1/applications/{id}`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::applications::{self, LockedApplication};
use portal_data::{DataError, Tx, projects};
use portal_domain::application::{Application, ApplicationStatus};
use portal_domain::ids::{ApplicationId, UserId};
use portal_domain::money::Cents;
use portal_domain::project::ProjectStatus;
use portal_domain::text::Prose;
use portal_http::answer::Answer;
use portal_http::fields::{FieldReader, FromFields, MergePatch};
use portal_http::{Call, PathParameters, Portal, Problem, ProblemKind, etag};
use serde::Serialize;
use utoipa::ToSchema;

use crate::bid_body::BidBody;
use crate::manage;

/// What those who run a project say about a bid.
#[derive(Debug, Serialize)]
pub(crate) struct Review {
    /// `REVIEWING`, `REJECTED`, or back to `PENDING`. A bid wins by the award of the project.
    status: ApplicationStatus,
    /// Their own notes, which the bidder does not see.
    notes: Option<Prose<10_000>>,
}

impl FromFields for Review {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let status: Option<ApplicationStatus> = fields.required("status");
        let notes = fields.optional("notes");
        Some(Self {
            status: status?,
            notes,
        })
    }
}

/// The fields that a patch may name: those of the bid for its bidder, `status` and `notes` for who runs the project.
#[derive(ToSchema)]
#[allow(dead_code)]
#[schema(rename_all = "camelCase")]
pub(crate) struct ApplicationPatch {
    /// What the bidder asks for the work, in US dollars.
    bid_amount_cents: Option<Cents>,
    /// Who bids, and why.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 10_000)]
    cover_letter: Option<Prose<10_000>>,
    /// How the work would be done.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 50_000)]
    proposal: Option<Prose<50_000>>,
    /// `REVIEWING`, `REJECTED`, or back to `PENDING`. A bid wins by the award of the project.
    status: Option<ApplicationStatus>,
    /// The notes of those who run the project, which the bidder does not see.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 10_000)]
    notes: Option<Prose<10_000>>,
}

/// Changes a bid, or decides on it.
///
/// The bidder changes what the bid says while bids are taken; those who run the project set its status and keep notes.
#[utoipa::path(
    patch,
    path = "/v1/applications/{id}",
    operation_id = "change_application",
    tag = "applications",
    params(("id" = ApplicationId, Path, description = "The bid's id.")),
    request_body(content(
        (ApplicationPatch = "application/merge-patch+json"),
        (ApplicationPatch = "application/json"),
    ), description = "A JSON Merge Patch: fields that are left out stay, null clears."),
    responses(
        (status = 200, description = "The bid as it is now.", body = Application,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 409, description = "The bid is decided or withdrawn, or bids are no longer taken or weighed."),
        (status = 412, description = "It has changed since `If-Match` was read."),
    ),
)]
pub(crate) async fn change_application(
    State(portal): State<Portal>,
    call: Call,
    headers: HeaderMap,
    path: PathParameters,
    patch: MergePatch,
) -> Result<Response, Problem> {
    let id: ApplicationId = path.read("id")?;
    let caller = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    let held = manage::hold_bid(&mut tx, id).await?;
    etag::guard(&headers, held.version)?;
    // A bid of one's own is never one's own to decide on.
    if held.is_runner && held.bidder != caller {
        review(&mut tx, &held, caller, patch).await?;
    } else {
        change(&mut tx, &held, patch).await?;
    }
    let application = applications::lookup(&mut tx, id)
        .await?
        .ok_or(DataError::NotFound)?;
    let answer = Answer::resource(application.version, &application)?;
    Ok(answer.respond(tx.commit().await?))
}

async fn review(
    tx: &mut Tx,
    held: &LockedApplication,
    reviewer: UserId,
    patch: MergePatch,
) -> Result<(), Problem> {
    if !held.status.is_reviewers_choice() {
        return Err(manage::decided(held.status));
    }
    let project = projects::lookup(tx, held.project_id).await?;
    let project = project.ok_or_else(manage::unseen)?;
    if !project.status.weighs_bids() {
        return Err(Problem::new(
            ProblemKind::Conflict,
            format!("Bids on a project that is {} stay as they are.", project.status),
        ));
    }
    let before = Review {
        status: held.status,
        notes: held.notes.clone().and_then(|notes| notes.try_into().ok()),
    };
    let review: Review = patch.over(&before)?;
    if !review.status.is_reviewers_choice() {
        return Err(Problem::new(
            ProblemKind::Conflict,
            "A bid wins by the award of its project, and only its bidder withdraws it.",
        ));
    }
    Ok(applications::review(tx, held.id, reviewer, review.status, review.notes.as_deref()).await?)
}

async fn change(tx: &mut Tx, held: &LockedApplication, patch: MergePatch) -> Result<(), Problem> {
    if !held.status.is_open() {
        return Err(manage::decided(held.status));
    }
    let project = projects::lookup(tx, held.project_id).await?;
    let taken = project.is_some_and(|project| {
        project.status == ProjectStatus::BiddingOpen
            && project
                .deadline_date
                .is_none_or(|deadline| deadline.0 > time::OffsetDateTime::now_utc())
    });
    if !taken {
        return Err(Problem::new(
            ProblemKind::Conflict,
            "Bids on this project are no longer taken, so that they stay as they are; you can still withdraw.",
        ));
    }
    let BidBody(bid) = patch.over(&held.bid)?;
    Ok(applications::change(tx, held.id, &bid).await?)
}
