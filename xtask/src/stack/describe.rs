//! `stack.json`: what runs where, for people, tools and tests.

use super::bring_up::Stack;
use super::functions::Environment;
use super::secrets::{MASTER, Passwords};
use super::{account, alerts, aws, gateway, lambda, postgres, stripe};
use crate::data::accounts;
use serde_json::{Value, json};

/// The content of `stack.json` (its processes are added by the registry).
pub(super) fn describe(stack: &Stack<'_>, passwords: &Passwords, environment: &Environment) -> Value {
    let url = |user: &str, password: &str, port: u16| {
        let authority = percent_encode(&stack.certificates.authority.to_string_lossy());
        format!(
            "postgres://{user}:{password}@127.0.0.1:{port}/{}?sslmode=verify-full&sslrootcert={authority}",
            postgres::DATABASE
        )
    };
    let access = |user: &str, password: &str| {
        json!({
            "primary": url(user, password, stack.ports.primary),
            "primaryPooled": url(user, password, stack.ports.pooler),
            "replica": url(user, password, stack.ports.replica),
            "replicaPooled": url(user, password, stack.ports.replica_pooler),
        })
    };
    let mut databases = serde_json::Map::new();
    // Whoever must see every row, past all policies: the cluster's superuser.
    databases.insert(
        "owner".to_owned(),
        access(postgres::SUPERUSER, &stack.server_secrets.superuser),
    );
    for (role, password) in passwords {
        let key = if role == MASTER { "master" } else { role };
        databases.insert(key.to_owned(), access(role, password));
    }
    json!({
        "apiUrl": gateway::api_url(&stack.ports),
        "invocationsUrl": gateway::invocations_url(&stack.ports),
        "lambdaUrl": lambda::url(&stack.ports),
        "awsEndpoint": aws::endpoint(&stack.ports),
        "stripeApi": stripe::url(&stack.ports),
        "importsBucket": aws::IMPORTS_BUCKET,
        "filesBucket": aws::FILES_BUCKET,
        "alertsTopic": alerts::topic(),
        "alertsQueueUrl": alerts::queue_url(&aws::endpoint(&stack.ports)),
        "backupsBucket": aws::BACKUPS_BUCKET,
        "accounts": accounts::describe(),
        "databases": databases,
        "caFile": stack.certificates.authority,
        "ports": stack.ports,
        "supervisor": std::process::id(),
        "logs": stack.layout.logs(),
        "databaseFolder": stack.layout.databases,
        "databaseAccount": if account::Account::detect() == account::Account::Postgres { "postgres" } else { "" },
        "release": stack.choices.release,
        "environment": environment,
    })
}

fn percent_encode(path: &str) -> String {
    percent_encoding::utf8_percent_encode(path, percent_encoding::NON_ALPHANUMERIC).to_string()
}
