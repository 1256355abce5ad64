//! Members and sign-ins, straight into a database.

use portal_domain::Caller;
use portal_domain::ids::{SessionId, UserId};
use sqlx::postgres::PgConnection;
use uuid::Uuid;

/// A member with a live session.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// The account.
    pub id: Uuid,
    /// The sign-in.
    pub session: Uuid,
}

impl Member {
    /// Adds an approved member who is signed in, with a second factor; `owner` is a connection that no policy binds.
    pub async fn add(owner: &mut PgConnection, name: &str, roles: &[&str]) -> Self {
        let member = Self {
            id: Uuid::now_v7(),
            session: Uuid::now_v7(),
        };
        sqlx::query(
            "INSERT INTO users (id, email, first_name, last_name, is_verified, approved_at)
            VALUES ($1, $2 || '@example.org', $2, 'Test', true, now())",
        )
        .bind(member.id)
        .bind(name)
        .execute(&mut *owner)
        .await
        .unwrap();
        sqlx::query(
            "INSERT INTO sessions (id, user_id, refresh_token_hash, expires_at, second_factor_at)
            VALUES ($1, $2, uuid_send($1), now() + interval '1 day', now())",
        )
        .bind(member.session)
        .bind(member.id)
        .execute(&mut *owner)
        .await
        .unwrap();
        for role in roles {
            sqlx::query("INSERT INTO user_roles (user_id, role_id) SELECT $1, id FROM roles WHERE name = $2")
                .bind(member.id)
                .bind(role)
                .execute(&mut *owner)
                .await
                .unwrap();
        }
        member
    }

    /// The member as a caller.
    pub fn caller(&self) -> Caller {
        Caller::Member {
            user_id: UserId::from(self.id),
            session_id: SessionId::from(self.session),
        }
    }

    /// A request of this member.
    pub fn request(&self) -> portal_data::RequestContext {
        portal_data::RequestContext::new(Uuid::now_v7(), self.caller())
    }
}
