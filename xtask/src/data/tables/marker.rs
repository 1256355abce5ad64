//! The note that a data set leaves in the database: which one it is and what of it is there.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use sqlx::types::Json;
use time::Date;
use uuid::Uuid;

use super::world::Scale;
use crate::data::dates::{iso, parse_date};

/// The job name under which the note stands in `job_runs`.
const JOB: &str = "data-set";

/// What is there.
pub(super) struct Marker {
    id: Uuid,
    pub(super) as_of: Date,
    note: Note,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Note {
    scale: String,
    seed: u64,
    as_of: String,
    /// Rows by table.
    tables: BTreeMap<String, u64>,
}

/// The scale of the data set that the database holds, if it holds one, and how many rows it has.
///
/// # Errors
/// When the database cannot be read.
pub(crate) async fn held(connection: &mut PgConnection) -> Result<Option<(String, u64)>> {
    let found = find(connection).await?;
    Ok(found.map(|(_, note)| (note.scale, note.tables.values().sum())))
}

async fn find(connection: &mut PgConnection) -> Result<Option<(Uuid, Note)>> {
    let query = "SELECT id, details FROM job_runs WHERE job = $1 ORDER BY started_at DESC LIMIT 1";
    let found: Option<(Uuid, Json<Note>)> = sqlx::query_as(query)
        .bind(JOB)
        .fetch_optional(connection)
        .await
        .context("cannot read job_runs")?;
    Ok(found.map(|(id, Json(note))| (id, note)))
}

impl Marker {
    /// The note in the database, or a new one.
    ///
    /// # Errors
    /// When the note is about another data set.
    pub(super) async fn find_or_new(
        connection: &mut PgConnection,
        seed: u64,
        scale: Scale,
        as_of: Date,
    ) -> Result<Self> {
        let Some((id, note)) = find(connection).await? else {
            let note = Note {
                scale: scale.name().into(),
                seed,
                as_of: iso(as_of),
                tables: BTreeMap::new(),
            };
            return Ok(Self {
                id: Uuid::now_v7(),
                as_of,
                note,
            });
        };
        ensure!(
            note.scale == scale.name() && note.seed == seed,
            "the database holds the {} data set of seed {} ({} rows) already; --reset-data empties it first",
            note.scale,
            note.seed,
            note.tables.values().sum::<u64>()
        );
        Ok(Self {
            id,
            as_of: parse_date(&note.as_of)?,
            note,
        })
    }

    /// Whether a table has been loaded.
    pub(super) fn has(&self, table: &str) -> bool {
        self.note.tables.contains_key(table)
    }

    /// How many rows were loaded into a table.
    pub(super) fn rows(&self, table: &str) -> u64 {
        self.note.tables.get(table).copied().unwrap_or_default()
    }

    /// Notes that a table has been loaded.
    pub(super) fn loaded(&mut self, table: &str, rows: u64) {
        self.note.tables.insert(table.to_owned(), rows);
    }

    /// Writes the note, in the transaction that loads what it tells of.
    pub(super) async fn save(&self, connection: &mut PgConnection) -> Result<()> {
        let upsert = "INSERT INTO job_runs (id, job, state, details, finished_at) VALUES ($1, $2, 'COMPLETED', $3, now())
                      ON CONFLICT (id) DO UPDATE SET details = excluded.details, finished_at = now()";
        sqlx::query(upsert)
            .bind(self.id)
            .bind(JOB)
            .bind(Json(&self.note))
            .execute(connection)
            .await?;
        Ok(())
    }
}
