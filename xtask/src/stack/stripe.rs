//! Stripe's stand-in: localstripe, started by `xtask/stripe_server.py`, which mends what it lacks.

use super::account::Account;
use super::aws::Aws;
use super::layout::{Layout, Profile};
use super::ports::Ports;
use super::supervisor::Spec;
use super::{gateway, install, state};
use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustix::process::Signal;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The secret with the key of the API and those of the webhooks.
pub(crate) const SECRET: &str = "portal/stripe";
/// Where Stripe delivers its events.
const WEBHOOK: &str = "/v1/payments/webhook";
/// The functions that speak to Stripe.
const PAYING: &[&str] = &["billing", "payments"];

/// What Secrets Manager holds under [`SECRET`]: webhooks signed with any of the secrets are taken.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Keys {
    api_key: String,
    webhook_secrets: Vec<String>,
}

/// The keys, which are made when they are not there yet.
pub(crate) async fn keys(aws: &Aws) -> Result<Keys> {
    let random = || URL_SAFE_NO_PAD.encode(rand::random::<[u8; 24]>());
    let fresh = Keys {
        api_key: format!("sk_test_{}", random()),
        webhook_secrets: vec![format!("whsec_{}", random())],
    };
    let value = aws.ensure_secret(SECRET, &serde_json::to_string(&fresh)?).await?;
    serde_json::from_str(&value).with_context(|| format!("the secret {SECRET} is not what it should be"))
}

/// The process. Only people's own stack keeps its payments over a restart.
pub(crate) fn spec(layout: &Layout, ports: &Ports, keys: &Keys) -> Result<Spec> {
    let signing = keys.webhook_secrets.first();
    let signing = signing.with_context(|| format!("the secret {SECRET} holds no webhook secret"))?;
    let mut settings = vec![
        ("STRIPE_PORT", ports.stripe.to_string()),
        ("STRIPE_API_KEY", keys.api_key.clone()),
        (
            "STRIPE_WEBHOOK_URL",
            format!("{}{WEBHOOK}", gateway::api_url(ports)),
        ),
        ("STRIPE_WEBHOOK_SECRET", signing.clone()),
        ("PYTHONUNBUFFERED", "1".to_owned()),
        ("PATH", std::env::var("PATH").unwrap_or_default()),
        ("HOME", layout.state.to_string_lossy().into_owned()),
    ];
    if layout.profile == Profile::Dev {
        let file = layout.state.join("stripe.pickle");
        settings.push(("STRIPE_STATE", file.to_string_lossy().into_owned()));
    }
    let launcher = layout.root.join("xtask/stripe_server.py");
    Ok(Spec {
        name: "stripe".to_owned(),
        program: install::tool(layout, "python"),
        arguments: vec![launcher.to_string_lossy().into_owned()],
        environment: Some(
            settings
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        ),
        account: Account::Caller,
        stop: Signal::TERM,
        log: state::log_file(&layout.logs(), "stripe"),
        follow_program: false,
        exits: None,
    })
}

/// The API's address.
pub(crate) fn url(ports: &Ports) -> String {
    format!("http://127.0.0.1:{}", ports.stripe)
}

/// Whether it answers to its key.
pub(crate) async fn answers(ports: &Ports, keys: &Keys) -> bool {
    let client = reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(2))
        .build();
    let Ok(client) = client else { return false };
    let asked = client
        .get(format!("{}/v1/payment_intents?limit=1", url(ports)))
        .bearer_auth(&keys.api_key);
    asked
        .send()
        .await
        .is_ok_and(|answer| answer.status().is_success())
}

/// What a function that speaks to Stripe is told of it; nothing for others.
pub(crate) fn environment(function: &str, ports: &Ports) -> Vec<(&'static str, String)> {
    if PAYING.contains(&function) {
        vec![
            ("PORTAL_STRIPE_API", url(ports)),
            ("PORTAL_STRIPE_SECRET", SECRET.to_owned()),
        ]
    } else {
        Vec::new()
    }
}
