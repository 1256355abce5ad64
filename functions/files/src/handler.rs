//! From an event to an answer.

use lambda_runtime::LambdaEvent;
use portal_data::metrics::{Metrics, Unit};
use portal_data::{Database, DatabaseConfig, RequestContext, Secrets, job_runs};
use portal_domain::Caller;
use portal_jobs::{Deadline, FileBucket, ObjectCreated, ObjectKey, Trigger, TriggerError};
use serde::Serialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::action::Action;
use crate::error::FilesError;
use crate::settings::Settings;
use crate::settle::{Outcome, Work};
use crate::sweep::{JOB, Sweep, Swept};

/// The function.
pub struct Files {
    database: Database,
    bucket: FileBucket,
    settings: Settings,
}

/// What the function answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// The objects of the event, and what became of them.
    pub objects: Vec<(String, Outcome)>,
    /// What the sweep did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub swept: Option<Swept>,
}

impl Files {
    /// Reads the environment; nothing is connected to before the first event.
    ///
    /// # Errors
    /// [`FilesError::Config`], naming the variable.
    pub fn from_env() -> Result<Self, FilesError> {
        let database = Database::new(DatabaseConfig::from_env()?, &Secrets::default());
        Ok(Self::new(
            database,
            FileBucket::from_env()?,
            Settings::from_env()?,
        ))
    }

    /// The function on this database and this bucket.
    #[must_use]
    pub const fn new(database: Database, bucket: FileBucket, settings: Settings) -> Self {
        Self {
            database,
            bucket,
            settings,
        }
    }

    /// Serves one event.
    ///
    /// # Errors
    /// [`FilesError`] when trying again may help, or when the event cannot be understood.
    pub async fn handle(&self, event: LambdaEvent<Value>) -> Result<Answer, FilesError> {
        let deadline = Deadline::of_invocation(event.context.deadline, self.settings.deadline_margin);
        let now = OffsetDateTime::now_utc();
        let answer = self.serve(event.payload, Uuid::now_v7(), now, deadline).await?;
        answer.emit(now);
        Ok(answer)
    }

    /// Serves the payload of an event, as the run `run_id`, at the time `now`.
    ///
    /// # Errors
    /// As [`Files::handle`].
    pub async fn serve(
        &self,
        payload: Value,
        run_id: Uuid,
        now: OffsetDateTime,
        deadline: Deadline,
    ) -> Result<Answer, FilesError> {
        match Trigger::from_event(payload)? {
            Trigger::Test => Ok(Answer::default()),
            Trigger::Objects(objects) => self.look_at(objects, run_id).await,
            Trigger::Schedule | Trigger::Action(Action::Sweep) => self.sweep(run_id, now, deadline).await,
        }
    }

    fn work(&self, run_id: Uuid) -> Work<'_> {
        Work {
            database: &self.database,
            bucket: &self.bucket,
            context: RequestContext::new(run_id, Caller::Anonymous),
        }
    }

    /// Looks at every object, also past one that fails.
    async fn look_at(
        &self,
        objects: Vec<Result<ObjectCreated, TriggerError>>,
        run_id: Uuid,
    ) -> Result<Answer, FilesError> {
        let work = self.work(run_id);
        let mut answer = Answer::default();
        let mut errors = Vec::new();
        let of = objects.len();
        for object in objects {
            match self.look_at_one(&work, object).await {
                Ok(Some(settled)) => answer.objects.push(settled),
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(%error, "an object of the event could not be looked at");
                    errors.push(error);
                }
            }
        }
        let failed = errors.len();
        match errors.into_iter().next() {
            None => Ok(answer),
            Some(first) => Err(FilesError::Some {
                failed,
                of,
                first: Box::new(first),
            }),
        }
    }

    /// One record; those of other buckets are not for this function.
    async fn look_at_one(
        &self,
        work: &Work<'_>,
        object: Result<ObjectCreated, TriggerError>,
    ) -> Result<Option<(String, Outcome)>, FilesError> {
        let object = object?;
        if object.bucket != self.bucket.name() {
            tracing::warn!(object.bucket, "an event of another bucket is ignored");
            return Ok(None);
        }
        let key = ObjectKey {
            bucket: object.bucket,
            key: object.key,
            version: object.version,
        };
        // Boxed here and below: the layers of the SDK's and the database's futures are deeper than the compiler's limit.
        let outcome = Box::pin(work.settle(&key)).await?;
        Ok(Some((key.key, outcome)))
    }

    async fn sweep(
        &self,
        run_id: Uuid,
        now: OffsetDateTime,
        deadline: Deadline,
    ) -> Result<Answer, FilesError> {
        let sweep = Sweep {
            work: self.work(run_id),
            settings: &self.settings,
            now,
            deadline,
        };
        let mut tx = sweep.work.begin().await?;
        job_runs::bury_silent(&mut tx, JOB).await?;
        job_runs::begin(&mut tx, run_id, JOB).await?;
        tx.commit().await?;
        let outcome = Box::pin(sweep.run()).await;
        let mut tx = sweep.work.begin().await?;
        match &outcome {
            Ok(swept) => job_runs::complete(&mut tx, run_id, &json!(swept)).await?,
            Err(error) => job_runs::fail(&mut tx, run_id, &error.to_string()).await?,
        }
        tx.commit().await?;
        Ok(Answer {
            swept: Some(outcome?),
            ..Answer::default()
        })
    }
}

impl Answer {
    fn count(&self, outcome: Outcome) -> u64 {
        let of_that_kind = self.objects.iter().filter(|(_, found)| *found == outcome);
        u64::try_from(of_that_kind.count()).unwrap_or(u64::MAX)
    }

    /// Writes what was done as metrics.
    fn emit(&self, now: OffsetDateTime) {
        let swept = self.swept.clone().unwrap_or_default();
        let stored = self.count(Outcome::Stored) + swept.stored;
        let refused = self.count(Outcome::Refused) + swept.refused;
        Metrics::new()
            .dimension("Job", "files")
            .metric("FilesStored", Unit::Count, stored)
            .metric("FilesRefused", Unit::Count, refused)
            .metric(
                "FilesErased",
                Unit::Count,
                swept.deleted + swept.never_came + swept.orphans,
            )
            .emit(now);
    }
}
