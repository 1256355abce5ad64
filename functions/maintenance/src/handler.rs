//! From an event to an answer: the run's record around the step's work.

use std::time::Duration;

use lambda_runtime::LambdaEvent;
use portal_data::sealing::Sealer;
use portal_data::{
    ConfigError, DataError, Database, DatabaseConfig, Environment, RequestContext, Secrets, Tx, job_runs,
};
use portal_domain::Caller;
use portal_jobs::{Deadline, ObjectStore};
use serde::Serialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::direct::Primary;
use crate::error::MaintenanceError;
use crate::reencrypt::{Reencryption, SETTLING};
use crate::settings::Settings;
use crate::step::Step;
use crate::{audit_seal, audit_verify, purge, refresh_views, reindex, search_terms, vacuum};

/// The setting with the Secrets Manager id of the keys for what is stored encrypted, which one step alone needs.
const DATA_KEYS: &str = "PORTAL_DATA_KEYS_SECRET";
const DATA_KEYS_FORM: &str = "the Secrets Manager id of the keys for what is stored encrypted";

/// Longest time that one statement may take; a large day is read in seconds.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(600);

/// The function.
#[derive(Clone)]
pub struct Maintenance {
    database: Database,
    store: ObjectStore,
    settings: Settings,
    sealer: Option<Sealer>,
    primary: Option<Primary>,
}

/// What the function answers.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// The run, as `job_runs` and the audit know it.
    pub run_id: Uuid,
    /// The step.
    pub step: &'static str,
    /// What the step did or found.
    pub details: Value,
}

/// What a step works with.
pub(crate) struct Work<'a> {
    pub(crate) run_id: Uuid,
    pub(crate) database: &'a Database,
    pub(crate) store: &'a ObjectStore,
    pub(crate) settings: &'a Settings,
    pub(crate) sealer: Option<&'a Sealer>,
    pub(crate) primary: Option<&'a Primary>,
    pub(crate) now: OffsetDateTime,
    pub(crate) deadline: Deadline,
}

impl Work<'_> {
    /// Begins a transaction whose audit rows name this run.
    pub(crate) async fn begin(&self) -> Result<Tx, DataError> {
        let mut context = RequestContext::new(self.run_id, Caller::Anonymous);
        context.timeout = STATEMENT_TIMEOUT;
        self.database.begin(&context).await
    }
}

impl Maintenance {
    /// Reads the environment; nothing is connected to before the first event.
    ///
    /// # Errors
    /// [`MaintenanceError::Config`], naming the variable.
    pub fn from_env() -> Result<Self, MaintenanceError> {
        let secrets = Secrets::default();
        let config = DatabaseConfig::from_env()?;
        let database = Database::new(config.clone(), &secrets);
        let data_keys = Environment::process().optional(DATA_KEYS, DATA_KEYS_FORM)?;
        Ok(Self {
            sealer: data_keys.map(|id| Sealer::new(secrets.clone(), id)),
            primary: Some(Primary { config, secrets }),
            ..Self::new(database, ObjectStore::new(), Settings::from_env()?)
        })
    }

    /// The function on this database and this store, without the keys that the step `reencrypt` needs, and without the primary that those
    /// steps need which work past the pooler.
    #[must_use]
    pub fn new(database: Database, store: ObjectStore, settings: Settings) -> Self {
        Self {
            database,
            store,
            settings,
            sealer: None,
            primary: None,
        }
    }

    /// The same with a way to the primary past the pooler.
    #[must_use]
    pub fn with_primary(self, primary: Primary) -> Self {
        Self {
            primary: Some(primary),
            ..self
        }
    }

    /// Serves one event.
    ///
    /// # Errors
    /// [`MaintenanceError`] when the event cannot be understood, or the step failed.
    pub async fn handle(&self, event: LambdaEvent<Value>) -> Result<Answer, MaintenanceError> {
        let deadline = Deadline::of_invocation(event.context.deadline, self.settings.deadline_margin);
        self.serve(
            &event.payload,
            Uuid::now_v7(),
            OffsetDateTime::now_utc(),
            deadline,
        )
        .await
    }

    /// Serves the payload of an event, as the run `run_id`, at the time `now`.
    ///
    /// # Errors
    /// As [`Maintenance::handle`].
    pub async fn serve(
        &self,
        event: &Value,
        run_id: Uuid,
        now: OffsetDateTime,
        deadline: Deadline,
    ) -> Result<Answer, MaintenanceError> {
        let step = Step::from_event(event)?;
        let work = Work {
            run_id,
            database: &self.database,
            store: &self.store,
            settings: &self.settings,
            sealer: self.sealer.as_ref(),
            primary: self.primary.as_ref(),
            now,
            deadline: step.budget().map_or(deadline, |budget| deadline.within(budget)),
        };
        let mut tx = work.begin().await?;
        job_runs::bury_silent(&mut tx, step.name()).await?;
        job_runs::begin(&mut tx, run_id, step.name()).await?;
        tx.commit().await?;
        let outcome = perform(step, &work).await;
        let mut tx = work.begin().await?;
        match &outcome {
            Ok(details) => job_runs::complete(&mut tx, run_id, details).await?,
            Err(error @ MaintenanceError::InPart { details, .. }) => {
                job_runs::fail_in_part(&mut tx, run_id, details, &error.to_string()).await?;
            }
            Err(error) => job_runs::fail(&mut tx, run_id, &error.to_string()).await?,
        }
        tx.commit().await?;
        Ok(Answer {
            run_id,
            step: step.name(),
            details: outcome?,
        })
    }
}

async fn perform(step: Step, work: &Work<'_>) -> Result<Value, MaintenanceError> {
    match step {
        Step::AuditSeal => audit_seal::run(work).await,
        Step::Reencrypt => reencrypt(work).await,
        Step::Purge => purge::run(work).await,
        Step::SearchTerms => search_terms::run(work).await,
        Step::Vacuum { .. } => vacuum::run(work).await,
        Step::RefreshViews { .. } => refresh_views::run(work).await,
        Step::Reindex { .. } => reindex::run(work).await,
        Step::AuditVerify { from, to } => audit_verify::run(work, from, to).await,
    }
}

async fn reencrypt(work: &Work<'_>) -> Result<Value, MaintenanceError> {
    let missing = || ConfigError::Missing {
        name: DATA_KEYS,
        expected: DATA_KEYS_FORM,
    };
    let report = Reencryption {
        database: work.database,
        sealer: work.sealer.ok_or_else(missing)?,
        run_id: work.run_id,
        deadline: work.deadline,
        settling: SETTLING,
    }
    .run()
    .await?;
    if !report.unreadable.is_empty() {
        return Err(MaintenanceError::Unreadable(report.unreadable.len()));
    }
    Ok(json!(report))
}
