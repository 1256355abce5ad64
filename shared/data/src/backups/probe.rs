//! Rows of a restored database that its application has to find.

use portal_domain::Caller;
use portal_domain::geo::LatLng;
use portal_domain::ids::{ProjectId, SessionId, UserId};
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::DataError;

/// What there is to be found; none of what the database has none of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Probe {
    /// The newest project that everybody may see and that is open.
    pub project: Option<ProjectId>,
    /// A contractor's licence number.
    pub license_number: Option<String>,
    /// Where some contractor is.
    pub place: Option<LatLng>,
    /// A member who has just been signed in.
    pub member: Option<(UserId, SessionId)>,
}

impl Probe {
    /// The member as a caller.
    #[must_use]
    pub fn caller(&self) -> Option<Caller> {
        let (user_id, session_id) = self.member?;
        Some(Caller::Member { user_id, session_id })
    }
}

/// Chooses them, as a role that sees every row, and signs the member in.
pub(super) async fn choose(connection: &mut PgConnection) -> Result<Probe, DataError> {
    let project = sqlx::query_scalar!(
        "SELECT id FROM projects
        WHERE status IN ('PUBLISHED', 'BIDDING_OPEN') AND visibility = 'PUBLIC' AND deleted_at IS NULL
        ORDER BY created_at DESC, id DESC LIMIT 1"
    )
    .fetch_optional(&mut *connection)
    .await?;
    let contractor = sqlx::query!(
        r#"SELECT license_number, ST_Y(coordinates::geometry) AS lat, ST_X(coordinates::geometry) AS lng
        FROM california_contractors ORDER BY coordinates IS NULL, removed_from_source_on IS NOT NULL LIMIT 1"#
    )
    .fetch_optional(&mut *connection)
    .await?;
    let place = contractor
        .as_ref()
        .and_then(|contractor| LatLng::new(contractor.lat?, contractor.lng?).ok());
    Ok(Probe {
        project: project.map(ProjectId::from),
        license_number: contractor.map(|contractor| contractor.license_number),
        place,
        member: sign_in(connection).await?,
    })
}

/// Signs in a member who may use the portal, by a session that nobody can refresh. The database is a copy that is dropped.
async fn sign_in(connection: &mut PgConnection) -> Result<Option<(UserId, SessionId)>, DataError> {
    let session = sqlx::query!(
        "INSERT INTO sessions (id, user_id, refresh_token_hash, expires_at)
        SELECT $1, id, uuid_send($1), now() + interval '1 hour' FROM users
        WHERE is_active AND approved_at IS NOT NULL AND deleted_at IS NULL
        ORDER BY id LIMIT 1
        RETURNING id, user_id",
        Uuid::now_v7(),
    )
    .fetch_optional(connection)
    .await?;
    Ok(session.map(|session| (session.user_id.into(), session.id.into())))
}
