//! `POST /v1/members/me/license`

use axum::extract::State;
use axum::response::Response;
use portal_data::members::{self, ClaimOutcome};
use portal_domain::contractor::LicenceNumber;
use portal_domain::listing::OwnProfile;
use portal_http::answer::Answer;
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::idempotency::IdempotencyKey;
use portal_http::problem::Fault;
use portal_http::{Call, Portal, Problem, ProblemKind};
use utoipa::ToSchema;

/// The licence that a member claims.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct LicenseClaim {
    /// Its number.
    license_number: LicenceNumber,
}

impl FromFields for LicenseClaim {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        Some(Self {
            license_number: fields.required("licenseNumber")?,
        })
    }
}

/// Claims a contractor's licence: the firm becomes a member of the association.
///
/// The licence must stand in the state's file and be nobody else's; a member has one at a time.
#[utoipa::path(
    post,
    path = "/v1/members/me/license",
    operation_id = "claim_license",
    tag = "members",
    params(IdempotencyKey),
    request_body = LicenseClaim,
    responses(
        (status = 200, description = "The profile with the licence.", body = OwnProfile,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
        (status = 409, description = "The licence was revoked or is another member's, the caller has another or is not approved yet, or a request with the same `Idempotency-Key` is still running."),
    ),
)]
pub(crate) async fn claim_license(
    State(portal): State<Portal>,
    call: Call,
    key: IdempotencyKey,
    Fields { value: claim, digest }: Fields<LicenseClaim>,
) -> Result<Response, Problem> {
    let user = call.member()?;
    let mut tx = portal.database().begin(&call.context).await?;
    if let Some(answer) = key.claim(&mut tx, &call, &digest).await? {
        return Ok(answer.respond(None));
    }
    refuse(members::claim_license(&mut tx, &claim.license_number).await?)?;
    let now = members::lookup_own(&mut tx, user).await?;
    let answer = Answer::resource(now.version, &now.profile)?;
    key.keep(&mut tx, &call, &digest, &answer).await?;
    Ok(answer.respond(tx.commit().await?))
}

/// Why a claim fails, where it does.
fn refuse(outcome: ClaimOutcome) -> Result<(), Problem> {
    let conflict = |detail| Err(Problem::new(ProblemKind::Conflict, detail));
    match outcome {
        ClaimOutcome::Claimed => Ok(()),
        ClaimOutcome::Unknown => Err(Problem::invalid(vec![Fault::body(
            "/licenseNumber",
            "is not in the state's file: check the number on the licence",
        )])),
        ClaimOutcome::Removed => {
            conflict("This licence has vanished from the state's file: it was revoked or cancelled.")
        }
        ClaimOutcome::Taken => {
            conflict("Another member has claimed this licence: write to the association if it is yours.")
        }
        ClaimOutcome::HasAnother => conflict("You have claimed another licence: give that one back first."),
        ClaimOutcome::NotApproved => {
            conflict("Your membership has not been approved yet: claim the licence after that.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_documented() {
        let documented = portal_http::openapi::properties(&crate::openapi(), "LicenseClaim");
        assert_eq!(portal_http::fields::names::<LicenseClaim>(), documented);
    }

    #[test]
    fn a_number_that_does_not_exist_is_a_fault_of_the_request_and_the_rest_are_conflicts() {
        assert_eq!(
            refuse(ClaimOutcome::Unknown).unwrap_err().kind(),
            ProblemKind::InvalidValues
        );
        for outcome in [
            ClaimOutcome::Removed,
            ClaimOutcome::Taken,
            ClaimOutcome::HasAnother,
            ClaimOutcome::NotApproved,
        ] {
            assert_eq!(
                refuse(outcome).unwrap_err().kind(),
                ProblemKind::Conflict,
                "{outcome:?}"
            );
        }
        assert!(refuse(ClaimOutcome::Claimed).is_ok());
    }
}
