//! The source design's tables with the same rows, in a database beside the portal's, and its statements.

use super::cases::PLACES;
use super::stage::Stage;
use super::{people::People, searches};
use anyhow::{Context, Result};
use futures_util::StreamExt;
use ring::digest::{SHA256, digest};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{Connection, Executor};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The database; both servers have it.
const DATABASE: &str = "portal_design";

/// Each table, and what it holds of ours.
const TABLES: &[(&str, &str)] = &[
    (
        "users",
        "SELECT id::text, email, first_name, last_name, company, bio, member_type, city, state, is_active, coordinates::geometry FROM users WHERE deleted_at IS NULL",
    ),
    (
        "projects",
        "SELECT id::text, title, description, category, budget_min_cents / 100.0, budget_max_cents / 100.0, deadline_date, skills_required, status, coordinates::geometry, created_at FROM projects WHERE deleted_at IS NULL",
    ),
    (
        "california_contractors",
        "SELECT license_number, business_name, dba_name, city, county, region, primary_status, is_namc_member, coordinates::geometry FROM california_contractors",
    ),
    (
        "messages",
        "SELECT id::text, sender_id::text, receiver_id::text, subject, content, status, sent_at, read_at FROM messages",
    ),
];

/// The design beside the portal.
pub(super) struct Design {
    folder: PathBuf,
    words: Vec<String>,
    member: String,
}

impl Design {
    /// Makes its database, unless it is there and made of the same files and rows.
    pub(super) async fn ensure(stage: &Stage<'_>, people: &People) -> Result<Self> {
        let folder = stage.layout.root.join("xtask/bench/design");
        let mut portal = stage.owner("primary").await?;
        let words = searches::common(&mut portal).await?;
        let design = Self {
            folder,
            words,
            member: people.full_id.clone(),
        };
        let mark = design.mark(&mut portal).await?;
        let found: Option<String> = sqlx::query_scalar(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1",
        )
        .bind(DATABASE)
        .fetch_optional(&mut portal)
        .await?
        .flatten();
        if found.as_ref() != Some(&mark) {
            design.make(stage, &mut portal, &mark).await?;
        }
        Ok(design)
    }

    /// Names the files and how many rows there are.
    async fn mark(&self, portal: &mut PgConnection) -> Result<String> {
        let mut text = String::new();
        for file in ["tables.sql", "indexes.sql"] {
            text.push_str(&read(&self.folder.join(file))?);
        }
        for (table, query) in TABLES {
            // In thousands: what a run writes makes no other data set.
            let count = format!("SELECT count(*) FROM {table}");
            let count: i64 = sqlx::query_scalar(&count).fetch_one(&mut *portal).await?;
            let thousands = count / 1000;
            text.push_str(&format!("{query} {thousands}"));
        }
        let digest = digest(&SHA256, text.as_bytes());
        let bytes = digest.as_ref().iter().take(8);
        Ok(bytes.map(|byte| format!("{byte:02x}")).collect())
    }

    async fn make(&self, stage: &Stage<'_>, portal: &mut PgConnection, mark: &str) -> Result<()> {
        portal
            .execute(format!("DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)").as_str())
            .await?;
        portal
            .execute(format!("CREATE DATABASE {DATABASE}").as_str())
            .await?;
        let options = PgConnectOptions::from_str(stage.url("owner", "primary")?)?.database(DATABASE);
        let mut design = PgConnection::connect_with(&options).await?;
        let tables = read(&self.folder.join("tables.sql"))?;
        design
            .execute(sqlx::raw_sql(&tables))
            .await
            .context("tables.sql failed")?;
        for (table, query) in TABLES {
            copy(portal, query, &mut design, table)
                .await
                .with_context(|| format!("cannot copy {table} for the design"))?;
        }
        let indexes = read(&self.folder.join("indexes.sql"))?;
        design
            .execute(sqlx::raw_sql(&indexes))
            .await
            .context("indexes.sql failed")?;
        design.execute("VACUUM (ANALYZE)").await?;
        // The last: a database that was cut short has no comment.
        design
            .execute(format!("COMMENT ON DATABASE {DATABASE} IS '{mark}'").as_str())
            .await?;
        Ok(())
    }

    /// How a server's superuser reaches it: no policy stands in its way.
    pub(super) fn url(stage: &Stage<'_>, node: &str) -> Result<String> {
        let url = stage.url("owner", node)?;
        Ok(url.replacen("/portal?", &format!("/{DATABASE}?"), 1))
    }

    /// The variants of one of its statements.
    pub(super) fn scripts(&self, name: &str) -> Result<Vec<String>> {
        let text = read(&self.folder.join(format!("{name}.sql")))?;
        if text.contains(":lat") {
            let places = PLACES
                .iter()
                .map(|(lat, lng, _)| text.replace(":lat", lat).replace(":lng", lng));
            return Ok(places.collect());
        }
        if text.contains(":word") {
            let words = self
                .words
                .iter()
                .map(|word| text.replace(":word", &format!("'{word}'")));
            return Ok(words.collect());
        }
        Ok(vec![text.replace(":member", &format!("'{}'", self.member))])
    }
}

/// Copies what a query finds from one database into a table of another.
async fn copy(from: &mut PgConnection, query: &str, to: &mut PgConnection, table: &str) -> Result<u64> {
    let mut rows = from.copy_out_raw(&format!("COPY ({query}) TO STDOUT")).await?;
    let mut copy = to.copy_in_raw(&format!("COPY {table} FROM STDIN")).await?;
    while let Some(chunk) = rows.next().await {
        copy.send(chunk?).await?;
    }
    Ok(copy.finish().await?)
}

fn read(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}
