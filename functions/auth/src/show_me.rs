//! `GET /v1/auth/me`

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use portal_data::{accounts, read};
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, Problem, resource};

use crate::Auth;
use crate::member_account::MemberAccount;

/// Shows the caller's account and what it may do.
#[utoipa::path(
    get,
    path = "/v1/auth/me",
    operation_id = "show_me",
    tag = "auth",
    responses(
        (status = 200, description = "The account.", body = MemberAccount,
         headers(("ETag" = String, description = "The entity tag of this representation."))),
    ),
)]
pub(crate) async fn show_me(
    State(auth): State<Auth>,
    call: Call,
    headers: HeaderMap,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    let user = call.member()?;
    let (account, powers) = read!(auth.portal.database(), &call.context, |tx| {
        match accounts::lookup(tx, user).await? {
            Some(account) => Ok((account, accounts::powers(tx, user).await?)),
            None => Err(portal_data::DataError::NotFound),
        }
    })?;
    let version = account.version;
    resource::respond(&headers, version, &MemberAccount::new(&account, powers))
}
