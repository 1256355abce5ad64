//! `GET /v1/auth/sessions`

use axum::Json;
use axum::extract::State;
use portal_data::read;
use portal_data::sign_ins::{self, Session};
use portal_domain::ids::SessionId;
use portal_http::query::{NoParameters, Query};
use portal_http::{Call, Problem};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::Auth;

/// A sign-in of the caller.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionItem {
    /// Its id.
    id: SessionId,
    /// What the device said it is, its User-Agent.
    device: Option<String>,
    /// Where it was used last.
    ip_address: Option<String>,
    /// Whether it is the one that asks.
    current: bool,
    /// When the caller signed in.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = "date-time")]
    created_at: OffsetDateTime,
    /// When it last got an access token.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = "date-time")]
    last_seen_at: OffsetDateTime,
    /// When it ends unless it is used before.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = "date-time")]
    expires_at: OffsetDateTime,
}

/// The caller's sign-ins, the most recently used first: all of them, since an account has fifty at most.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SessionList {
    /// The sign-ins.
    items: Vec<SessionItem>,
    /// Always null: there is one page.
    next_cursor: Option<String>,
}

/// Lists where the caller is signed in.
#[utoipa::path(
    get,
    path = "/v1/auth/sessions",
    operation_id = "list_sessions",
    tag = "auth",
    responses((status = 200, description = "The live sign-ins.", body = SessionList)),
)]
pub(crate) async fn list_sessions(
    State(auth): State<Auth>,
    call: Call,
    _: Query<NoParameters>,
) -> Result<Json<SessionList>, Problem> {
    let (user, current) = call.sign_in()?;
    let sessions = read!(auth.portal.database(), &call.context, |tx| sign_ins::list(
        tx, user
    )
    .await)?;
    let item = |session: Session| SessionItem {
        id: session.id,
        device: session.device,
        ip_address: session.ip_address,
        current: session.id == current,
        created_at: session.created_at,
        last_seen_at: session.last_seen_at,
        expires_at: session.expires_at,
    };
    Ok(Json(SessionList {
        items: sessions.into_iter().map(item).collect(),
        next_cursor: None,
    }))
}
