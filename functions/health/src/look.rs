//! One look at everything.

use portal_data::health::{self, CHECKS, Check, Finding, Measurement};
use portal_data::metrics::Metrics;
use portal_data::{DataError, Tx, savepoint};
use serde::Serialize;
use time::OffsetDateTime;

use crate::settings::Settings;

/// What a look found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Look {
    /// How many checks were made.
    pub checks: usize,
    /// What is wrong.
    pub findings: Vec<Wrong>,
    /// Checks that could not be made, with the reason.
    #[serde(skip)]
    pub(crate) failures: Vec<String>,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Wrong {
    /// The check.
    pub check: &'static str,
    /// Which of several things.
    pub subject: String,
    /// The value.
    pub value: f64,
}

/// Makes every check, and notes what it finds. One that fails does not stop the others.
pub(crate) async fn look(tx: &mut Tx, settings: &Settings, at: OffsetDateTime) -> Result<Look, DataError> {
    let mut look = Look::default();
    let mut metrics = Metrics::new().dimension("Job", "health");
    for check in CHECKS {
        savepoint::set(tx).await?;
        match make(tx, check, settings, at).await {
            Ok(measurements) => {
                savepoint::release(tx).await?;
                look.checks += 1;
                let values = measurements.iter().map(|one| one.value);
                let limit = settings.given.limit(check);
                if let Some(worst) = limit.worst(values) {
                    metrics = metrics.gauge(check.metric, check.unit, worst);
                }
                let wrong = measurements.into_iter().filter(|one| limit.is_passed(one.value));
                look.findings.extend(wrong.map(|one| Wrong {
                    check: check.name,
                    subject: one.subject,
                    value: one.value,
                }));
            }
            Err(error) => {
                tracing::error!(check = check.name, %error, "a check could not be made");
                savepoint::roll_back(tx).await?;
                look.failures.push(format!("the check {}: {error}", check.name));
            }
        }
    }
    metrics.emit(at);
    Ok(look)
}

async fn make(
    tx: &mut Tx,
    check: &Check,
    settings: &Settings,
    at: OffsetDateTime,
) -> Result<Vec<Measurement>, DataError> {
    let measurements = health::measure(tx, check, at, &settings.given).await?;
    health::record(tx, check, &measurements, at).await?;
    let limit = settings.given.limit(check);
    if let Some(threshold) = limit.threshold() {
        let found: Vec<_> = measurements
            .iter()
            .filter(|one| limit.is_passed(one.value))
            .map(|measurement| Finding {
                measurement,
                threshold,
            })
            .collect();
        health::note(tx, check, &found, at, settings.calm).await?;
    }
    Ok(measurements)
}
