//! From an event to an answer: the run's record and its lock around the work.

use std::convert::Infallible;
use std::time::Duration;

use lambda_runtime::LambdaEvent;
use portal_data::metrics::{Metrics, Unit};
use portal_data::{
    ConfigError, DataError, Database, DatabaseConfig, Endpoint, RequestContext, Secrets, Tx, backups,
    job_runs,
};
use portal_domain::Caller;
use portal_jobs::{Deadline, ObjectStore};
use serde::Serialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::action::Action;
use crate::error::BackupError;
use crate::objects::Objects;
use crate::settings::Settings;
use crate::{drill, take};

/// Longest time that one statement about the record of backups may take.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(60);

/// The function.
pub struct Backups {
    config: DatabaseConfig,
    primary: Endpoint,
    database: Database,
    secrets: Secrets,
    store: ObjectStore,
    settings: Settings,
}

/// What the function answers.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// The run, as `job_runs` knows it; a backup has the same id.
    pub run_id: Uuid,
    /// What it was.
    pub job: &'static str,
    /// What it did or found.
    pub details: Value,
}

/// What a run works with.
pub(crate) struct Work<'a> {
    pub(crate) run_id: Uuid,
    pub(crate) now: OffsetDateTime,
    pub(crate) deadline: Deadline,
    /// The database, straight at the primary, as the role of the backups.
    pub(crate) config: &'a DatabaseConfig,
    pub(crate) primary: &'a Endpoint,
    pub(crate) secrets: &'a Secrets,
    pub(crate) objects: Objects<'a>,
    database: &'a Database,
}

impl Work<'_> {
    /// Begins a transaction of this run.
    pub(crate) async fn begin(&self) -> Result<Tx, DataError> {
        let mut context = RequestContext::new(self.run_id, Caller::Anonymous);
        context.timeout = STATEMENT_TIMEOUT;
        self.database.begin(&context).await
    }

    async fn beat(&self) -> Result<(), DataError> {
        let mut tx = self.begin().await?;
        job_runs::beat(&mut tx, self.run_id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes the lock of an action, which lasts as long as the transaction, and notes of runs that have died that they have failed;
    /// none when another run has it.
    pub(crate) async fn lock(&self, action: Action) -> Result<Option<Tx>, DataError> {
        // By itself, so that nobody who comes at the same time has to wait for the end of this run to see that there is such a lock.
        let mut tx = self.begin().await?;
        job_runs::try_lock(&mut tx, action.job()).await?;
        tx.commit().await?;
        let mut lock = self.begin().await?;
        if !backups::try_lock(&mut lock, action.job()).await? {
            lock.rollback().await?;
            return Ok(None);
        }
        let mut tx = self.begin().await?;
        let died = job_runs::fail_others(&mut tx, self.run_id, action.job()).await?;
        tx.commit().await?;
        if died > 0 {
            tracing::warn!(died, job = action.job(), "runs before this one have died");
        }
        Ok(Some(lock))
    }
}

impl Backups {
    /// Reads the environment; nothing is connected to before the first event.
    ///
    /// # Errors
    /// [`BackupError::Config`], naming the variable.
    pub fn from_env() -> Result<Self, BackupError> {
        let settings = Settings::from_env()?;
        Self::new(
            &DatabaseConfig::from_env()?,
            Secrets::default(),
            ObjectStore::new(),
            settings,
        )
    }

    /// The function on this database and this store.
    ///
    /// # Errors
    /// [`BackupError::Config`] when the primary itself is not named: a lock and a snapshot that last for minutes are nothing for a
    /// pooler.
    pub fn new(
        config: &DatabaseConfig,
        secrets: Secrets,
        store: ObjectStore,
        settings: Settings,
    ) -> Result<Self, BackupError> {
        let primary = config.direct.clone().ok_or(ConfigError::Missing {
            name: "PORTAL_DATABASE_DIRECT",
            expected: "host:port",
        })?;
        let config = DatabaseConfig {
            writer: primary.clone(),
            readers: Vec::new(),
            // One holds the lock as long as the run lasts, and one shows that it does.
            connections: config.connections.max(3),
            ..config.clone()
        };
        Ok(Self {
            database: Database::new(config.clone(), &secrets),
            config,
            primary,
            secrets,
            store: store.encrypted_by(settings.kms_key.clone()),
            settings,
        })
    }

    /// Serves one event.
    ///
    /// # Errors
    /// [`BackupError`] when the event cannot be understood, or the run failed.
    pub async fn handle(&self, event: LambdaEvent<Value>) -> Result<Answer, BackupError> {
        let deadline = Deadline::of_invocation(event.context.deadline, self.settings.deadline_margin);
        let action = Action::from_event(&event.payload)?;
        self.serve(action, Uuid::now_v7(), OffsetDateTime::now_utc(), deadline)
            .await
    }

    /// Serves one action for as long as it takes: a task of a container.
    ///
    /// # Errors
    /// As [`Backups::handle`].
    pub async fn once(&self, action: Action) -> Result<Answer, BackupError> {
        let now = OffsetDateTime::now_utc();
        self.serve(action, Uuid::now_v7(), now, Deadline::never()).await
    }

    /// Serves an action, as the run `run_id`, at the time `now`.
    ///
    /// # Errors
    /// As [`Backups::handle`].
    pub async fn serve(
        &self,
        action: Action,
        run_id: Uuid,
        now: OffsetDateTime,
        deadline: Deadline,
    ) -> Result<Answer, BackupError> {
        let work = Work {
            run_id,
            now,
            deadline,
            config: &self.config,
            primary: &self.primary,
            secrets: &self.secrets,
            objects: Objects {
                store: &self.store,
                settings: &self.settings,
            },
            database: &self.database,
        };
        // Before there is a record: a run that finds another at work has done nothing, and must not look as if it had.
        let Some(lock) = Box::pin(work.lock(action)).await? else {
            return Ok(Answer {
                run_id,
                job: action.job(),
                details: json!({ "note": "another run is at work" }),
            });
        };
        let mut tx = work.begin().await?;
        job_runs::begin(&mut tx, run_id, action.job()).await?;
        tx.commit().await?;
        let outcome = tokio::select! {
            outcome = Box::pin(perform(action, &work)) => outcome,
            never = Box::pin(beat(&work)) => match never {},
        };
        let mut tx = work.begin().await?;
        match &outcome {
            Ok(details) => job_runs::complete(&mut tx, run_id, details).await?,
            Err(error) => job_runs::fail(&mut tx, run_id, &error.to_string()).await?,
        }
        tx.commit().await?;
        lock.rollback().await?;
        announce(action, &outcome, now);
        Ok(Answer {
            run_id,
            job: action.job(),
            details: outcome?,
        })
    }
}

async fn perform(action: Action, work: &Work<'_>) -> Result<Value, BackupError> {
    // Boxed: the layers of the SDK's and the database's futures are deeper than the compiler's limit.
    match action {
        Action::Backup => Box::pin(take::run(work)).await,
        Action::Drill => Box::pin(drill::run(work)).await,
    }
}

/// Shows again and again that the run is alive, which a task may be for hours.
async fn beat(work: &Work<'_>) -> Infallible {
    loop {
        tokio::time::sleep(work.objects.settings.heartbeat).await;
        if let Err(error) = work.beat().await {
            tracing::warn!(%error, "the run could not show that it is alive");
        }
    }
}

/// Whether a run came to its end, and whether a backup was found broken: what alarms look at.
fn announce(action: Action, outcome: &Result<Value, BackupError>, now: OffsetDateTime) {
    let broken = matches!(outcome, Err(BackupError::Broken { .. }));
    Metrics::new()
        .dimension("Job", action.job())
        .metric("RunsFailed", Unit::Count, outcome.is_err().into())
        .metric("BackupsBroken", Unit::Count, broken.into())
        .emit(now);
}
