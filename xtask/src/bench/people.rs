//! Who asks: accounts of the demo set, the members with the fullest and with the emptiest inbox, and members who write.

use super::stage::Stage;
use crate::load::crowd::{self, GOOD};
use crate::load::member::{Member, gateway, password};
use anyhow::Result;
use sqlx::postgres::PgConnection;
use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The hash of the demo accounts' password.
const HASH: &str =
    "SELECT password_hash FROM users WHERE email LIKE 'member@%' AND password_hash IS NOT NULL LIMIT 1";
/// Tokens last ten minutes, and nothing that is measured in one go lasts half of that.
const FRESH: Duration = Duration::from_secs(240);

/// All of them, signed in.
pub(super) struct People {
    pub(super) member: Arc<Member>,
    pub(super) event_manager: Arc<Member>,
    pub(super) administrator: Arc<Member>,
    /// Whose inbox is the fullest.
    pub(super) full: Arc<Member>,
    /// The id of that member.
    pub(super) full_id: String,
    /// Who has written most to that member.
    pub(super) busiest_counterpart: String,
    /// Whose inbox is the emptiest.
    pub(super) empty: Arc<Member>,
    /// Members who change their profiles.
    pub(super) writers: Vec<Arc<Member>>,
    renewed: Cell<Instant>,
}

/// Signs them in, so many writers among them.
pub(super) async fn gather(stage: &Stage<'_>, writers: u32) -> Result<People> {
    let mut owner = stage.owner("primary").await?;
    let full = format!(
        "SELECT receiver_id::text FROM messages WHERE receiver_id IN (SELECT id FROM {GOOD}) GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    );
    let full: String = sqlx::query_scalar(&full).fetch_one(&mut owner).await?;
    let counterpart = "SELECT sender_id::text FROM messages WHERE receiver_id = $1::uuid GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1";
    let busiest_counterpart = sqlx::query_scalar(counterpart)
        .bind(&full)
        .fetch_one(&mut owner)
        .await?;
    let empty = format!(
        "SELECT good.id::text FROM {GOOD}
        LEFT JOIN (SELECT receiver_id AS id, count(*) AS letters FROM messages GROUP BY 1) AS inboxes USING (id)
        ORDER BY COALESCE(letters, 0), good.id LIMIT 1"
    );
    let empty: String = sqlx::query_scalar(&empty).fetch_one(&mut owner).await?;
    let writing = format!("SELECT id FROM {GOOD} ORDER BY created_at, id LIMIT {writers}");
    Ok(People {
        member: Member::with_role(&stage.stack, "member").await?,
        event_manager: Member::with_role(&stage.stack, "event_manager").await?,
        administrator: Member::with_role(&stage.stack, "administrator").await?,
        full: enter(stage, &mut owner, &full).await?,
        full_id: full,
        busiest_counterpart,
        empty: enter(stage, &mut owner, &empty).await?,
        writers: crowd::found(&stage.stack, &mut owner, &writing).await?,
        renewed: Cell::new(Instant::now()),
    })
}

impl People {
    /// Signs them in again unless they were lately: before anything is measured.
    pub(super) async fn stay(&self, stage: &Stage<'_>) -> Result<()> {
        if self.renewed.get().elapsed() < FRESH {
            return Ok(());
        }
        let few = [
            &self.member,
            &self.event_manager,
            &self.administrator,
            &self.full,
            &self.empty,
        ];
        for member in few.into_iter().chain(&self.writers) {
            member.renew(gateway(&stage.stack)?).await?;
        }
        self.renewed.set(Instant::now());
        Ok(())
    }
}

/// Gives a member the demo accounts' password, and signs in.
async fn enter(stage: &Stage<'_>, owner: &mut PgConnection, id: &str) -> Result<Arc<Member>> {
    let give = format!("UPDATE users SET password_hash = ({HASH}) WHERE id = $1::uuid RETURNING email");
    let email: String = sqlx::query_scalar(&give).bind(id).fetch_one(owner).await?;
    Member::sign_in(gateway(&stage.stack)?, (&email, password(&stage.stack)?), None).await
}
