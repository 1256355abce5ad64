//! Everything but the licences: straight into PostgreSQL by COPY, each family of tables in one transaction.

mod applications;
mod copy;
mod event_row;
mod events;
mod learning;
mod marker;
mod messages;
mod money;
mod outreach;
mod payments;
mod people;
mod profile;
mod project_row;
mod projects;
mod reset;
mod series;
mod staff;
#[cfg(test)]
mod tests;
mod world;

use std::time::Instant;

use anyhow::{Context as _, Result};
use sqlx::{Connection as _, PgConnection};
use time::Date;

pub(crate) use marker::held;
pub(crate) use people::NAMED;
pub(crate) use reset::empty;
pub(crate) use world::Scale;

use crate::data::words::trades::SKILLS;
use crate::progress::seconds;
use marker::Marker;
use world::World;

/// A database that a data set goes into, and what of it is there.
pub(crate) struct Loader {
    connection: PgConnection,
    world: World,
    marker: Marker,
    loaded_any: bool,
}

impl Loader {
    /// Looks at what the database holds. The connection must be a superuser's: triggers are silenced while loading, since an
    /// audit row for each of millions of made-up rows says nothing, and every reference is right by construction.
    ///
    /// # Errors
    /// When the database holds another data set already.
    pub(crate) async fn new(
        mut connection: PgConnection,
        seed: u64,
        scale: Scale,
        as_of: Date,
    ) -> Result<Self> {
        let marker = Marker::find_or_new(&mut connection, seed, scale, as_of).await?;
        let world = World::new(seed, scale, marker.as_of)?;
        Ok(Self {
            connection,
            world,
            marker,
            loaded_any: false,
        })
    }

    /// The day on which the data set is thought: an earlier, broken-off load is continued on its own day.
    pub(crate) fn as_of(&self) -> Date {
        self.marker.as_of
    }

    /// Whether the licences have been imported.
    pub(crate) fn has_contractors(&self) -> bool {
        self.marker.has("california_contractors")
    }

    /// Records the import, and which firms staff have been in touch with.
    pub(crate) async fn contractors_are_in(&mut self) -> Result<()> {
        self.family(&["california_contractors"], async |load| {
            load.table("california_contractors", outreach::reach_out).await
        })
        .await
    }

    /// Loads every family of tables that is not there yet.
    pub(crate) async fn load(&mut self) -> Result<()> {
        self.world.learn(&mut self.connection).await?;
        self.people().await?;
        self.projects().await?;
        self.events().await?;
        self.courses().await?;
        self.money().await?;
        self.communication().await?;
        self.actions().await?;
        self.tidy().await
    }

    async fn people(&mut self) -> Result<()> {
        self.family(&["users", "user_roles", "user_skills"], async |load| {
            load.table("skills", load_vocabulary).await?;
            load.table("users", people::load_users).await?;
            load.table("user_roles", people::load_roles).await?;
            load.table("user_skills", people::load_skills).await?;
            outreach::mark_members(&mut *load.connection).await
        })
        .await
    }

    async fn projects(&mut self) -> Result<()> {
        self.family(&["projects", "project_applications"], async |load| {
            load.table("projects", projects::load_projects).await?;
            load.table("project_invitations", projects::load_invitations)
                .await?;
            load.table("project_applications", applications::load_applications)
                .await?;
            load.table("application_events", applications::load_history).await
        })
        .await
    }

    async fn events(&mut self) -> Result<()> {
        self.family(&["events", "event_registrations"], async |load| {
            load.table("events", events::load_events).await?;
            load.table("event_registrations", events::load_registrations)
                .await
        })
        .await
    }

    async fn courses(&mut self) -> Result<()> {
        self.family(&["courses", "course_enrollments"], async |load| {
            load.table("courses", learning::load_courses).await?;
            load.table("course_modules", learning::load_modules).await?;
            load.table("course_enrollments", learning::load_enrollments)
                .await?;
            load.table("module_progress", learning::load_progress).await
        })
        .await
    }

    async fn money(&mut self) -> Result<()> {
        money::load_tiers(&self.world, &mut self.connection).await?;
        self.world.learn(&mut self.connection).await?;
        self.family(&["memberships", "payments"], async |load| {
            load.table("payments", payments::load_payments).await?;
            load.table("receipt_counters", payments::load_counters).await?;
            load.table("memberships", money::load_memberships).await?;
            load.table("ledger_transactions", payments::load_ledger).await?;
            load.table("ledger_entries", payments::load_entries).await
        })
        .await
    }

    async fn communication(&mut self) -> Result<()> {
        self.family(&["messages", "announcements", "member_feedback"], async |load| {
            load.table("messages", messages::load_messages).await?;
            load.table("conversations", messages::load_conversations).await?;
            load.table("announcements", staff::load_announcements).await?;
            load.table("announcement_reads", staff::load_reads).await?;
            load.table("member_feedback", staff::load_tickets).await?;
            load.table("feedback_replies", staff::load_replies).await
        })
        .await
    }

    async fn actions(&mut self) -> Result<()> {
        staff::prepare_partitions(&self.world, &mut self.connection).await?;
        self.family(&["admin_actions"], async |load| {
            load.table("admin_actions", staff::load_actions).await
        })
        .await
    }

    /// Runs one family in a transaction, unless it is there already.
    async fn family(
        &mut self,
        tables: &[&str],
        work: impl AsyncFnOnce(&mut Family<'_>) -> Result<()>,
    ) -> Result<()> {
        if tables.iter().all(|table| self.marker.has(table)) {
            for table in tables {
                println!("     {} {table} are there already", self.marker.rows(table));
            }
            return Ok(());
        }
        let mut transaction = self.connection.begin().await?;
        sqlx::query("SET LOCAL session_replication_role = replica")
            .execute(&mut *transaction)
            .await
            .context("bulk loading silences triggers, which takes a superuser")?;
        // For the grouping that makes conversations of messages.
        sqlx::query("SET LOCAL work_mem = '256MB'")
            .execute(&mut *transaction)
            .await?;
        let mut family = Family {
            world: &self.world,
            connection: &mut transaction,
            marker: &mut self.marker,
        };
        work(&mut family).await?;
        self.marker.save(&mut transaction).await?;
        transaction.commit().await?;
        self.loaded_any = true;
        Ok(())
    }

    /// Brings statistics and visibility maps up to date, as autovacuum would in time.
    async fn tidy(&mut self) -> Result<()> {
        if !self.loaded_any {
            return Ok(());
        }
        let started = Instant::now();
        sqlx::query("VACUUM (ANALYZE)")
            .execute(&mut self.connection)
            .await?;
        println!("ok   statistics ({})", seconds(started.elapsed()));
        Ok(())
    }
}

/// A family of tables that is being loaded.
struct Family<'a> {
    world: &'a World,
    connection: &'a mut PgConnection,
    marker: &'a mut Marker,
}

impl Family<'_> {
    async fn table(
        &mut self,
        name: &'static str,
        load: impl AsyncFnOnce(&World, &mut PgConnection) -> Result<u64>,
    ) -> Result<()> {
        let started = Instant::now();
        let rows = load(self.world, &mut *self.connection)
            .await
            .with_context(|| format!("cannot load {name}"))?;
        println!("ok   {rows} {name} ({})", seconds(started.elapsed()));
        self.marker.loaded(name, rows);
        Ok(())
    }
}

/// The vocabulary of skills grows by what is missing.
async fn load_vocabulary(_: &World, connection: &mut PgConnection) -> Result<u64> {
    let insert = "INSERT INTO skills (name) SELECT unnest($1::text[]) ON CONFLICT (name) DO NOTHING";
    Ok(sqlx::query(insert)
        .bind(SKILLS)
        .execute(connection)
        .await?
        .rows_affected())
}
