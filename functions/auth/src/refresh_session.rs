//! `POST /v1/auth/refresh`

use axum::extract::State;
use axum::response::Response;
use portal_data::sign_ins::{self, Ended, Family};
use portal_data::{Tx, accounts};
use portal_http::fields::{FieldReader, Fields, FromFields};
use portal_http::{Call, Problem, ProblemKind};
use time::{Duration, OffsetDateTime};
use utoipa::ToSchema;

use crate::Auth;
use crate::refresh_key::RefreshKeys;
use crate::refresh_token::RefreshToken;
use crate::sign_in::{self, SignedIn};

/// How long a token that has been replaced is answered with its successor again: the client has not seen the first answer.
const ANSWERED_AGAIN: Duration = Duration::seconds(30);

/// A sign-in that is to go on.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) struct RefreshRequest {
    /// The refresh token of the last answer.
    pub(crate) refresh_token: String,
}

impl FromFields for RefreshRequest {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let refresh_token = fields.required("refreshToken");
        Some(Self {
            refresh_token: refresh_token?,
        })
    }
}

/// What a token is, seen beside the family that it names.
enum Presented {
    /// The newest: it is replaced now.
    Newest,
    /// The one before, and this is what it was replaced by a moment ago.
    JustReplaced(RefreshToken),
    /// Given out here and replaced long ago: it was stolen, or its successor was.
    Reused,
    /// Nothing that was given out here.
    Forged,
}

/// Gets the next access token and the next refresh token.
///
/// A token is good once. For 30 seconds after that it is answered with the same successor again, for a client that has not seen the
/// first answer; presented later, it is taken for stolen, and its sign-in ends.
#[utoipa::path(
    post,
    path = "/v1/auth/refresh",
    operation_id = "refresh_session",
    tag = "auth",
    request_body = RefreshRequest,
    responses(
        (status = 200, description = "The next tokens.", body = SignedIn),
        (status = 401, description = "The sign-in has ended."),
    ),
)]
pub(crate) async fn refresh_session(
    State(auth): State<Auth>,
    call: Call,
    Fields { value: request, .. }: Fields<RefreshRequest>,
) -> Result<Response, Problem> {
    let now = auth.now();
    let token = RefreshToken::parse(&request.refresh_token).ok_or_else(ended)?;
    let mut tx = auth.portal.database().begin(&call.context).await?;
    let Some(family) = sign_ins::lock(&mut tx, token.session, now)
        .await?
        .filter(|family| family.live)
    else {
        return refuse(tx).await;
    };
    let next = match present(&auth.refresh_keys, &token, &family, now).await? {
        Presented::Newest => {
            let next = token.successor(&auth.refresh_keys).await?;
            sign_ins::rotate(&mut tx, token.session, &next.hash(), call.address(), now).await?;
            next
        }
        Presented::JustReplaced(next) => next,
        Presented::Reused => {
            sign_ins::end(&mut tx, family.user, token.session, Ended::TokenReused, now).await?;
            tx.commit().await?;
            tracing::warn!(session = %token.session, user = %family.user, "a refresh token was used again: its family is ended");
            return Err(ended());
        }
        Presented::Forged => return refuse(tx).await,
    };
    let account = accounts::lookup(&mut tx, family.user).await?;
    let Some(account) = account.filter(accounts::Account::may_sign_in) else {
        return refuse(tx).await;
    };
    let powers = accounts::powers(&mut tx, account.id).await?;
    sign_in::answer(tx, SignedIn::with(&auth, &account, powers, &next, None)).await
}

async fn present(
    keys: &RefreshKeys,
    token: &RefreshToken,
    family: &Family,
    now: OffsetDateTime,
) -> Result<Presented, Problem> {
    let hash = token.hash();
    if hash == family.current_hash {
        return Ok(Presented::Newest);
    }
    let was_previous = family.previous_hash.as_ref() == Some(&hash);
    if was_previous
        && now - family.rotated_at <= ANSWERED_AGAIN
        && let Some(successor) = token.successor_with(keys, &family.current_hash).await?
    {
        return Ok(Presented::JustReplaced(successor));
    }
    if was_previous || token.is_ours(keys).await? {
        return Ok(Presented::Reused);
    }
    Ok(Presented::Forged)
}

async fn refuse(tx: Tx) -> Result<Response, Problem> {
    tx.rollback().await?;
    Err(ended())
}

/// The one answer to every token that is good no more, or never was.
fn ended() -> Problem {
    Problem::new(
        ProblemKind::SessionEnded,
        "This sign-in has ended, or the token is not the newest of it: sign in again.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_names_the_fields_that_are_read() {
        assert_eq!(
            portal_http::fields::names::<RefreshRequest>(),
            crate::tests::described::<RefreshRequest>()
        );
    }
}
