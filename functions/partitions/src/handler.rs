//! From an event to an answer: one table after the other, whatever becomes of those before.

use std::collections::BTreeMap;

use lambda_runtime::LambdaEvent;
use portal_data::upkeep::{self, Guard, UpkeepConnection};
use portal_data::{DataError, Database, DatabaseConfig, RequestContext, Secrets, Tx, job_runs, partitions};
use portal_domain::Caller;
use portal_jobs::{Clock, Deadline, ObjectStore};
use serde::Serialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::archive::Archivist;
use crate::error::PartitionsError;
use crate::report::TableReport;
use crate::settings::Settings;
use crate::table::Turn;
use crate::wish::Wish;

/// The name by which runs are recorded.
const JOB: &str = "partitions";

/// How far ahead of the clock an event may be: a wrong one would have partitions made for years.
const FARTHEST: time::Duration = time::Duration::days(31);

/// The function.
#[derive(Clone)]
pub struct Partitions {
    config: DatabaseConfig,
    secrets: Secrets,
    database: Database,
    store: ObjectStore,
    settings: Settings,
}

/// What the function answers.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// The run, as `job_runs` knows it.
    pub run_id: Uuid,
    /// Whether this only says what would be done.
    pub dry_run: bool,
    /// Whether nothing was done, since another run was at it.
    pub skipped: bool,
    /// What was done, by table.
    pub tables: BTreeMap<String, TableReport>,
}

impl Partitions {
    /// Reads the environment; nothing is connected to before the first event.
    ///
    /// # Errors
    /// [`PartitionsError::Config`], naming the variable.
    pub fn from_env() -> Result<Self, PartitionsError> {
        let config = DatabaseConfig::from_env()?;
        let settings = Settings::from_env()?;
        Ok(Self::new(
            config,
            Secrets::default(),
            ObjectStore::new(),
            settings,
        ))
    }

    /// The function on this database and this store.
    #[must_use]
    pub fn new(config: DatabaseConfig, secrets: Secrets, store: ObjectStore, settings: Settings) -> Self {
        Self {
            database: Database::new(config.clone(), &secrets),
            config,
            secrets,
            store,
            settings,
        }
    }

    /// Serves one event.
    ///
    /// # Errors
    /// [`PartitionsError`] when the event cannot be understood, or a table failed.
    pub async fn handle(&self, event: LambdaEvent<Value>) -> Result<Answer, PartitionsError> {
        let deadline = Deadline::of_invocation(event.context.deadline, self.settings.deadline_margin);
        self.serve(
            &event.payload,
            Uuid::now_v7(),
            OffsetDateTime::now_utc(),
            deadline,
        )
        .await
    }

    /// Serves the payload of an event, as the run `run_id`, at the time `now`. The event's own time says what is prepared for; what is past
    /// its retention is so by both.
    ///
    /// # Errors
    /// As [`Partitions::handle`].
    pub async fn serve(
        &self,
        event: &Value,
        run_id: Uuid,
        now: OffsetDateTime,
        deadline: Deadline,
    ) -> Result<Answer, PartitionsError> {
        let wish = Wish::from_event(event)?;
        let clock = Clock::of_event(event, now);
        if clock.at > now + FARTHEST {
            return Err(PartitionsError::TooFar {
                at: clock.at,
                days: FARTHEST.whole_days(),
            });
        }
        let mut answer = Answer {
            run_id,
            dry_run: wish.dry_run,
            skipped: false,
            tables: BTreeMap::new(),
        };
        let Some(guard) = Guard::try_take(&self.config, &self.secrets, JOB).await? else {
            tracing::info!("another run is at the partitions");
            answer.skipped = true;
            return Ok(answer);
        };
        let mut tx = self.begin(run_id).await?;
        job_runs::bury(&mut tx, JOB).await?;
        job_runs::begin(&mut tx, run_id, JOB).await?;
        tx.commit().await?;
        let failures = self.see_to_all(wish, clock, deadline, &mut answer).await;
        let outcome = match failures {
            Ok(failures) if failures.is_empty() => Ok(()),
            Ok(failures) => Err(PartitionsError::Tables(failures)),
            Err(error) => Err(error),
        };
        let details = json!({ "at": clock.at.to_string(), "dryRun": wish.dry_run, "tables": answer.tables });
        let mut tx = self.begin(run_id).await?;
        match &outcome {
            Ok(()) => job_runs::complete(&mut tx, run_id, &details).await?,
            Err(error) => job_runs::fail_in_part(&mut tx, run_id, &details, &error.to_string()).await?,
        }
        tx.commit().await?;
        guard.release().await;
        outcome.map(|()| answer)
    }

    /// Sees to every table; the reasons of those that failed.
    async fn see_to_all(
        &self,
        wish: Wish,
        clock: Clock,
        deadline: Deadline,
        answer: &mut Answer,
    ) -> Result<BTreeMap<String, String>, PartitionsError> {
        let mut connection = self.connect().await?;
        let tables = partitions::tables(&mut connection).await?;
        let mut failures = BTreeMap::new();
        for table in tables {
            let turn = Turn {
                table: &table,
                function: self,
                archivist: Archivist {
                    store: &self.store,
                    settings: &self.settings,
                    now: clock.now,
                },
                clock,
                deadline,
            };
            let mut report = TableReport::default();
            let outcome = match wish.dry_run {
                true => turn.foresee(&mut connection, &mut report).await,
                false => turn.work(&mut connection, &mut report).await,
            };
            if !wish.dry_run {
                report.emit(&table, outcome.is_err(), clock.now);
            }
            answer.tables.insert(table.clone(), report);
            if let Err(error) = outcome {
                tracing::error!(table, %error, "a table failed, the others go on");
                failures.insert(table, error.to_string());
                // Whatever state the connection is in, the next table shall not inherit it.
                upkeep::close(std::mem::replace(&mut connection, self.connect().await?)).await;
            }
        }
        upkeep::close(connection).await;
        Ok(failures)
    }

    /// Connects as each table's work needs it.
    pub(crate) async fn connect(&self) -> Result<UpkeepConnection, DataError> {
        upkeep::connect(&self.config, &self.secrets, self.settings.lock_timeout).await
    }

    async fn begin(&self, run_id: Uuid) -> Result<Tx, DataError> {
        let context = RequestContext::new(run_id, Caller::Anonymous);
        self.database.begin(&context).await
    }
}
