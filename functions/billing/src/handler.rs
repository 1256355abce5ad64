//! From an event to an answer: the run's record around its steps.

use lambda_runtime::LambdaEvent;
use portal_cashier::Cashier;
use portal_data::{Database, DatabaseConfig, Environment, Secrets, job_runs, payment_findings};
use portal_jobs::{Deadline, Trigger};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::action::Action;
use crate::error::BillingError;
use crate::report::Report;
use crate::run::Run;
use crate::settings::Settings;
use crate::{memberships, open, reconcile, refunds};

/// The name by which its runs are recorded.
const JOB: &str = "billing";

/// The function.
#[derive(Clone)]
pub struct Billing {
    cashier: Cashier,
    settings: Settings,
}

impl Billing {
    /// Reads the environment; nothing is connected to before the first event.
    ///
    /// # Errors
    /// [`BillingError::Config`], naming the variable.
    pub fn from_env() -> Result<Self, BillingError> {
        let secrets = Secrets::default();
        let database = Database::new(DatabaseConfig::from_env()?, &secrets);
        let cashier = Cashier::read(Environment::process(), database, &secrets)?;
        Ok(Self::new(cashier, Settings::from_env()?))
    }

    /// The function with these books and this Stripe.
    #[must_use]
    pub const fn new(cashier: Cashier, settings: Settings) -> Self {
        Self { cashier, settings }
    }

    /// Serves one event.
    ///
    /// # Errors
    /// [`BillingError`] when the event cannot be understood, or a step broke off.
    pub async fn handle(&self, event: LambdaEvent<Value>) -> Result<Report, BillingError> {
        let deadline = Deadline::of_invocation(event.context.deadline, self.settings.deadline_margin);
        match Trigger::from_event(event.payload)? {
            Trigger::Schedule | Trigger::Action(Action::Run) => self.work(deadline).await,
            Trigger::Test | Trigger::Objects(_) => {
                tracing::warn!("an event of S3, which this function has nothing to do with: ignored");
                Ok(Report::default())
            }
        }
    }

    /// Does what is done every night, until the deadline. A step that breaks off does not keep the others from their work.
    ///
    /// # Errors
    /// The first that a step met with.
    pub async fn work(&self, deadline: Deadline) -> Result<Report, BillingError> {
        let id = Uuid::now_v7();
        let mut tx = self.cashier.begin(id).await?;
        let before = job_runs::last_details(&mut tx, JOB).await?;
        job_runs::bury_silent(&mut tx, JOB).await?;
        job_runs::begin(&mut tx, id, JOB).await?;
        tx.commit().await?;
        let before: Report = before
            .and_then(|details| serde_json::from_value(details).ok())
            .unwrap_or_default();
        let run = Run {
            id,
            cashier: &self.cashier,
            settings: &self.settings,
            deadline,
            now: self.cashier.now(),
        };
        let mut report = Report {
            reconciled_until: before.reconciled_until,
            ..Report::default()
        };
        let outcome = steps(&run, &mut report).await;
        let mut tx = self.cashier.begin(id).await?;
        report.findings = u64::try_from(payment_findings::count_open(&mut tx).await?).unwrap_or(0);
        match &outcome {
            Ok(()) => job_runs::complete(&mut tx, id, &json!(report)).await?,
            Err(error) => job_runs::fail(&mut tx, id, &error.to_string()).await?,
        }
        tx.commit().await?;
        report.emit(run.now);
        outcome.map(|()| report)
    }
}

async fn steps(run: &Run<'_>, report: &mut Report) -> Result<(), BillingError> {
    let named = |step| move |error| BillingError::Step { step, error };
    let kept = memberships::keep(run, report).await;
    let refunded = refunds::give_back(run, report).await;
    // First what Stripe lists: it may know an intent that a payment here does not.
    let compared = reconcile::compare(run, report).await;
    let asked = open::ask(run, report).await;
    report.is_cut_short = run.deadline.has_come();
    kept.map_err(named("memberships"))?;
    refunded.map_err(named("refunds"))?;
    compared.map_err(named("reconciliation"))?;
    asked.map_err(named("open payments"))
}
