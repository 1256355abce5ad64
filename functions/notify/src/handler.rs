//! The function: a run that empties the outbox, and then looks at saved searches.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use futures_util::stream::{self, StreamExt};
use lambda_runtime::LambdaEvent;
use portal_data::outbox::{self, ClaimedMail};
use portal_data::sealing::Sealer;
use portal_data::{Database, DatabaseConfig, Environment, RequestContext, Secrets};
use portal_domain::Caller;
use portal_jobs::{Deadline, Trigger};
use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::action::Action;
use crate::deliver::{Outage, Outcome, deliver};
use crate::error::NotifyError;
use crate::mailer::Mailer;
use crate::pacer::Pacer;
use crate::report::{Report, Stopped};
use crate::saved_searches::Alerts;
use crate::seats::Seats;
use crate::settings::Settings;

/// How many mails are on their way at once, at most.
const MOST_AT_ONCE: usize = 16;
/// So many mails in a row that SES does not take are an outage.
const OUTAGE: u32 = 5;

/// Gives numbers from 0 to 1, spread evenly.
pub type Chance = fn() -> f64;

/// The function.
pub struct Notifier {
    database: Database,
    sealer: Sealer,
    mailer: Mailer,
    settings: Settings,
    chance: Chance,
}

/// What the mails of one run share.
pub(crate) struct Run<'a> {
    pub(crate) database: &'a Database,
    pub(crate) context: &'a RequestContext,
    pub(crate) sealer: &'a Sealer,
    pub(crate) mailer: &'a Mailer,
    pub(crate) settings: &'a Settings,
    pub(crate) chance: Chance,
    pub(crate) pacer: Pacer,
    deadline: Deadline,
    outage: AtomicBool,
}

impl Run<'_> {
    /// Whether nothing more may be sent in this run.
    pub(crate) fn is_over(&self) -> bool {
        self.deadline.has_come() || self.has_outage()
    }

    fn has_outage(&self) -> bool {
        self.outage.load(Ordering::Relaxed)
    }
}

impl Notifier {
    /// Reads the environment; nothing is connected to before the first event.
    ///
    /// # Errors
    /// [`NotifyError::Config`], naming the variable.
    pub fn from_env() -> Result<Self, NotifyError> {
        let secrets = Secrets::default();
        let keys = Environment::process().value_or(
            "PORTAL_DATA_KEYS_SECRET",
            "the Secrets Manager id of the data keys",
            "portal/data-keys".to_owned(),
        )?;
        Ok(Self::new(
            Database::new(DatabaseConfig::from_env()?, &secrets),
            Sealer::new(secrets, keys),
            Mailer::default(),
            Settings::from_env()?,
            rand::random,
        ))
    }

    /// The function on this database and this mailer.
    #[must_use]
    pub fn new(
        database: Database,
        sealer: Sealer,
        mailer: Mailer,
        settings: Settings,
        chance: Chance,
    ) -> Self {
        Self {
            database,
            sealer,
            mailer,
            settings,
            chance,
        }
    }

    /// Serves one event.
    ///
    /// # Errors
    /// [`NotifyError`] when the outbox cannot be read, or when the event cannot be understood.
    pub async fn handle(&self, event: LambdaEvent<Value>) -> Result<Report, NotifyError> {
        let deadline = Deadline::of_invocation(event.context.deadline, self.settings.deadline_margin);
        let report = self.serve(event.payload, deadline).await?;
        report.emit(OffsetDateTime::now_utc());
        Ok(report)
    }

    /// Serves the payload of an event.
    ///
    /// # Errors
    /// As [`Notifier::handle`].
    pub async fn serve(&self, payload: Value, deadline: Deadline) -> Result<Report, NotifyError> {
        match Trigger::from_event(payload)? {
            Trigger::Schedule | Trigger::Action(Action::Send) => self.send_due(deadline).await,
            Trigger::Test | Trigger::Objects(_) => {
                tracing::warn!("an event of S3, which this function has nothing to do with: ignored");
                Ok(Report::default())
            }
        }
    }

    /// Sends what is due until nothing is, or the deadline comes, or SES takes no more; then writes what is due daily.
    async fn send_due(&self, deadline: Deadline) -> Result<Report, NotifyError> {
        let context = RequestContext::new(Uuid::now_v7(), Caller::Anonymous);
        let run = Run {
            database: &self.database,
            context: &context,
            sealer: &self.sealer,
            mailer: &self.mailer,
            settings: &self.settings,
            chance: self.chance,
            pacer: Pacer::new(self.settings.rate),
            deadline,
            outage: AtomicBool::new(false),
        };
        let mut report = Report::default();
        // What the clock asks for must not keep mails from going out.
        let seats = Seats {
            database: &self.database,
            context: &context,
            terms: &self.settings.seats,
            deadline: &run.deadline,
            now: OffsetDateTime::now_utc(),
        };
        if let Err(error) = seats.pass_on(&mut report).await {
            tracing::error!(%error, "seats at events could not be passed on");
        }
        self.empty_outbox(&run, &mut report).await?;
        // After the mails that somebody waits for. What this puts in goes out with the next run.
        let alerts = Alerts {
            database: &self.database,
            context: &context,
            sealer: &self.sealer,
            deadline: &run.deadline,
        };
        alerts.write(&mut report).await?;
        Ok(report)
    }

    async fn empty_outbox(&self, run: &Run<'_>, report: &mut Report) -> Result<(), NotifyError> {
        loop {
            if run.is_over() {
                report.stopped = if run.has_outage() {
                    Stopped::Outage
                } else {
                    Stopped::Deadline
                };
                return Ok(());
            }
            // Before the claim, whose time begins in the database: a claim seems to lapse too early rather than too late.
            let claimed_at = Instant::now();
            let batch = self.claim(run).await?;
            if batch.is_empty() {
                return Ok(());
            }
            send_batch(run, batch, claimed_at, report).await;
        }
    }

    /// Claims what a second of sending takes.
    async fn claim(&self, run: &Run<'_>) -> Result<Vec<ClaimedMail>, NotifyError> {
        let mut tx = self.database.begin(run.context).await?;
        let batch = outbox::claim(&mut tx, self.settings.rate, self.settings.lease).await?;
        tx.commit().await?;
        Ok(batch)
    }
}

async fn send_batch(run: &Run<'_>, batch: Vec<ClaimedMail>, claimed_at: Instant, report: &mut Report) {
    let mut outcomes = stream::iter(batch)
        .map(|mail| deliver(run, mail, claimed_at))
        .buffer_unordered(MOST_AT_ONCE);
    let mut in_a_row = 0;
    while let Some(outcome) = outcomes.next().await {
        report.count(outcome);
        in_a_row = match outcome {
            Outcome::Retried {
                outage: Outage::Certain,
            } => OUTAGE,
            Outcome::Retried {
                outage: Outage::Likely,
            } => in_a_row + 1,
            Outcome::Sent => 0,
            _ => in_a_row,
        };
        if in_a_row >= OUTAGE {
            run.outage.store(true, Ordering::Relaxed);
        }
    }
}
