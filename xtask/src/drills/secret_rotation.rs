//! Passwords change under load, and processes that start meanwhile log in with them: those that run keep their connections.

use super::ground::Ground;
use super::verdict::Tolerance;
use crate::stack::aws::{self, Aws};
use crate::stack::secrets::Change;
use crate::stack::{secrets, state};
use anyhow::{Context, Result};
use serde_json::Value;
use std::time::{Duration, Instant};

pub(super) const TOLERATES: Tolerance = Tolerance::Nothing;

/// The roles of the functions that requests reach.
const ROLES: &[&str] = &["portal_api", "portal_auth"];
/// Functions that start more processes after each change.
const FUNCTIONS: &[&str] = &["directory", "projects-geo", "search", "messaging", "auth"];
const ROTATIONS: u32 = 3;

/// Changes each password a few times in the time that is given. A third of that the servers have the new passwords already while those
/// that count in Secrets Manager are the old: processes start then, and once more when all is done.
pub(super) async fn strike(ground: &mut Ground<'_>, hold: Duration) -> Result<Instant> {
    let aws = Aws::connect(&aws::endpoint(&ground.ports()?));
    let mut server = ground.owner("primary").await?;
    let part = hold / (3 * ROTATIONS);
    for round in 1..=ROTATIONS {
        let mut changes = Vec::new();
        for role in ROLES {
            // The last is that of before, by which `stack.json` goes on being right.
            let password = if round == ROTATIONS {
                password(&ground.stack, role)?
            } else {
                secrets::password()
            };
            changes.push(Change::begin(&aws, &mut server, role, &password).await?);
        }
        start(ground, &format!("amid-{round}"))?;
        tokio::time::sleep(part).await;
        for change in changes {
            change.finish(&aws).await?;
        }
        start(ground, &format!("after-{round}"))?;
        tokio::time::sleep(2 * part).await;
    }
    let started = 2 * FUNCTIONS.len() * usize::try_from(ROTATIONS)?;
    let (changed, between) = (ROLES.len(), part.as_secs_f64());
    ground.note(format!(
        "{ROTATIONS} changes of {changed} passwords, each {between:.1} s in the servers before it counted in Secrets Manager; {started} processes started, half of them in between"
    ));
    Ok(Instant::now())
}

/// One more process of each function.
fn start(ground: &mut Ground<'_>, copy: &str) -> Result<()> {
    FUNCTIONS
        .iter()
        .try_for_each(|function| more(ground, function, copy))
}

/// The password that `stack.json` knows of a role.
fn password(stack: &Value, role: &str) -> Result<String> {
    let url = stack
        .pointer(&format!("/databases/{role}/primary"))
        .and_then(Value::as_str);
    let password = url.and_then(|url| {
        let (_, rest) = url.split_once(&format!("{role}:"))?;
        Some(rest.split_once('@')?.0.to_owned())
    });
    password.with_context(|| format!("stack.json holds no password of {role}"))
}

/// One more process of a function, as Lambda starts them.
fn more(ground: &mut Ground<'_>, function: &str, copy: &str) -> Result<()> {
    let processes = ground.processes(function);
    let mut spec = processes
        .into_iter()
        .next()
        .with_context(|| format!("{function} does not run"))?;
    spec.name = format!("function {function} {copy}");
    if let Some(logs) = spec.log.parent() {
        spec.log = state::log_file(logs, &spec.name);
    }
    ground.add(spec)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_password_is_found_in_its_address() {
        let url = "postgres://portal_api:se-cret_1@127.0.0.1:1/portal?sslmode=verify-full";
        let stack = json!({ "databases": { "portal_api": { "primary": url } } });
        assert_eq!(password(&stack, "portal_api").unwrap(), "se-cret_1");
        assert!(password(&stack, "portal_auth").is_err());
    }
}
