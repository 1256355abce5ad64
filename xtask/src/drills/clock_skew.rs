//! Functions whose clocks differ, from each other and from the database's: half of them are ahead, half behind, by a little less than
//! what the check of access tokens forgives.

use super::ground::Ground;
use super::verdict::Tolerance;
use crate::stack::install;
use anyhow::{Context, Result};
use std::time::{Duration, Instant};

pub(super) const TOLERATES: Tolerance = Tolerance::Nothing;

/// Between the two halves it is twice as much; a token that the one half gives out comes to the other from the future.
const SKEW_SECONDS: f64 = 2.4;

/// Starts every process of the functions that requests reach anew, with another clock.
pub(super) async fn prepare(ground: &mut Ground<'_>) -> Result<()> {
    let library = install::clock().await?;
    let library = library.to_str().context("the library's path is no text")?;
    let gateway =
        |(name, value): &(String, String)| name == "AWS_LAMBDA_RUNTIME_API" && value.contains("/.rt/");
    let processes = ground.processes("").into_iter();
    // Those that poll the gateway itself answer requests.
    let serving = processes.filter(|spec| spec.environment.iter().flatten().any(gateway));
    for (number, spec) in serving.enumerate() {
        let sign = if number % 2 == 0 { '+' } else { '-' };
        let spec = spec
            .with("LD_PRELOAD", library)
            .with("FAKETIME", format!("{sign}{SKEW_SECONDS}s"))
            // Time limits and pauses are counted by the other clock.
            .with("FAKETIME_DONT_FAKE_MONOTONIC", "1")
            .with("DONT_FAKE_MONOTONIC", "1");
        ground.change(spec).await?;
    }
    Ok(())
}

/// There is nothing more to do than to wait.
pub(super) async fn strike(ground: &mut Ground<'_>, hold: Duration) -> Result<Instant> {
    tokio::time::sleep(hold).await;
    ground.note(format!(
        "half of the functions' clocks {SKEW_SECONDS} s ahead, half as much behind"
    ));
    Ok(Instant::now())
}
