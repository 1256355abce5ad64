//! From an event to an answer.

use std::time::Duration;

use lambda_runtime::LambdaEvent;
use portal_data::{DataError, Database, DatabaseConfig, RequestContext, Secrets, Tx, health, job_runs};
use portal_domain::Caller;
use portal_jobs::{Deadline, Trigger, TriggerError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::error::HealthError;
use crate::look::{Look, look};
use crate::notice::Message;
use crate::publisher::Publisher;
use crate::settings::Settings;

/// The name by which runs are recorded, and of their lock.
const JOB: &str = "health";
/// Longest time that one statement of a check may take.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(10);
/// So many notices in a row that SNS does not take are an outage.
const OUTAGE: usize = 3;

/// The function.
#[derive(Clone)]
pub struct Health {
    database: Database,
    publisher: Publisher,
    settings: Settings,
}

/// What a person may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "action", rename_all = "camelCase")]
enum Action {
    /// As the schedule does.
    Look,
}

/// What the function answers.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// The run, as `job_runs` knows it.
    pub run_id: Uuid,
    /// Whether nothing was looked at, since another run was at it.
    pub skipped: bool,
    /// What was found.
    #[serde(flatten)]
    pub look: Look,
    /// How many notices SNS has taken.
    pub told: usize,
}

impl Health {
    /// Reads the environment; nothing is connected to before the first event.
    ///
    /// # Errors
    /// [`HealthError::Config`], naming the variable.
    pub fn from_env() -> Result<Self, HealthError> {
        let database = Database::new(DatabaseConfig::from_env()?, &Secrets::default());
        Ok(Self::new(database, Publisher::default(), Settings::from_env()?))
    }

    /// The function on this database, telling people by this publisher.
    #[must_use]
    pub fn new(database: Database, publisher: Publisher, settings: Settings) -> Self {
        Self {
            database,
            publisher,
            settings,
        }
    }

    /// Serves one event.
    ///
    /// # Errors
    /// [`HealthError`] when the event cannot be understood, or not everything could be looked at and told.
    pub async fn handle(&self, event: LambdaEvent<Value>) -> Result<Answer, HealthError> {
        let deadline = Deadline::of_invocation(event.context.deadline, self.settings.deadline_margin);
        self.serve(event.payload, Uuid::now_v7(), OffsetDateTime::now_utc(), deadline)
            .await
    }

    /// Serves the payload of an event, as the run `run_id`, at the time `now`.
    ///
    /// # Errors
    /// As [`Health::handle`].
    pub async fn serve(
        &self,
        event: Value,
        run_id: Uuid,
        now: OffsetDateTime,
        deadline: Deadline,
    ) -> Result<Answer, HealthError> {
        match Trigger::from_event(event)? {
            Trigger::Schedule | Trigger::Action(Action::Look) => {}
            Trigger::Test | Trigger::Objects(_) => {
                return Err(TriggerError::Unknown("it is an event of S3".to_owned()).into());
            }
        }
        let mut tx = self.begin(run_id).await?;
        job_runs::bury_silent(&mut tx, JOB).await?;
        job_runs::begin(&mut tx, run_id, JOB).await?;
        tx.commit().await?;
        let mut answer = Answer {
            run_id,
            skipped: false,
            look: Look::default(),
            told: 0,
        };
        let outcome = self.work(&mut answer, now, deadline).await;
        let mut tx = self.begin(run_id).await?;
        match &outcome {
            Ok(()) => job_runs::complete(&mut tx, run_id, &json!(answer)).await?,
            Err(error) => job_runs::fail_in_part(&mut tx, run_id, &json!(answer), &error.to_string()).await?,
        }
        tx.commit().await?;
        outcome.map(|()| answer)
    }

    /// Looks, unless somebody else does, and tells people what they do not know yet.
    async fn work(
        &self,
        answer: &mut Answer,
        now: OffsetDateTime,
        deadline: Deadline,
    ) -> Result<(), HealthError> {
        let mut tx = self.begin(answer.run_id).await?;
        if job_runs::try_lock(&mut tx, JOB).await? {
            answer.look = look(&mut tx, &self.settings, now).await?;
            tx.commit().await?;
        } else {
            answer.skipped = true;
            tx.rollback().await?;
        }
        let mut incomplete = std::mem::take(&mut answer.look.failures);
        incomplete.extend(self.tell(answer, now, deadline).await?);
        if incomplete.is_empty() {
            Ok(())
        } else {
            Err(HealthError::Incomplete(incomplete))
        }
    }

    /// Hands notice after notice to SNS, each in a transaction that keeps others from telling the same; what SNS did not take. The
    /// transaction spans the call, so that no notice waits for a claim of a run that died.
    async fn tell(
        &self,
        answer: &mut Answer,
        now: OffsetDateTime,
        deadline: Deadline,
    ) -> Result<Vec<String>, DataError> {
        let mut passed_over = Vec::new();
        let mut refused = Vec::new();
        while !deadline.has_come() && refused.len() < OUTAGE {
            let mut tx = self.begin(answer.run_id).await?;
            let Some(alert) = health::next_notice(&mut tx, &passed_over).await? else {
                tx.rollback().await?;
                break;
            };
            let message = Message::of(&alert, &self.settings.runbook);
            match self.publisher.publish(&self.settings.topic, &message).await {
                Ok(()) => {
                    health::note_told(&mut tx, &alert, now).await?;
                    tx.commit().await?;
                    answer.told += 1;
                }
                Err(reason) => {
                    tx.rollback().await?;
                    tracing::error!(alert = %alert.id, reason, "SNS does not take a notice: the next run tries again");
                    refused.push(format!("the notice {:?}: {reason}", message.subject));
                    passed_over.push(alert.id);
                }
            }
        }
        Ok(refused)
    }

    async fn begin(&self, run_id: Uuid) -> Result<Tx, DataError> {
        let mut context = RequestContext::new(run_id, Caller::Anonymous);
        context.timeout = STATEMENT_TIMEOUT;
        self.database.begin(&context).await
    }
}
