//! The order in which a stack comes up, and what it announces then.

use super::aws::{self, Aws};
use super::certificates::{self, Certificates};
use super::functions::{self, Environment};
use super::layout::Layout;
use super::pgbouncer::{self, Pooler};
use super::ports::Ports;
use super::secrets::{self, MASTER, Passwords, ServerSecrets};
use super::state::Registry;
use super::supervisor::Supervisor;
use super::{account, gateway, lambda, postgres, replica, state};
use crate::progress::step;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use sqlx::postgres::PgConnectOptions;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::mpsc;

/// How long a server may take to answer after its start; crash recovery of a large cluster takes its time.
const SERVER_PATIENCE: Duration = Duration::from_secs(120);
/// How long all migrations together may take.
const MIGRATION_PATIENCE: Duration = Duration::from_secs(900);

/// What the caller chose.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Choices {
    /// The gateway's port, where it is not the usual one.
    pub(crate) gateway_port: Option<u16>,
    /// Optimised binaries.
    pub(crate) release: bool,
}

/// A stack in the making.
struct Stack<'a> {
    layout: &'a Layout,
    choices: Choices,
    ports: Ports,
    certificates: Certificates,
    server_secrets: ServerSecrets,
    supervisor: &'a mut Supervisor,
}

/// Starts everything in order, migrates, and announces the stack in `stack.json`. On an error the caller stops what runs.
pub(crate) async fn bring_up(
    layout: &Layout,
    choices: Choices,
    supervisor: &mut Supervisor,
    registry: &Arc<Registry>,
) -> Result<()> {
    let ports = Ports::choose(
        layout.profile,
        &layout.state.join("ports.json"),
        choices.gateway_port,
    )?;
    let certificates = certificates::ensure(layout)?;
    let server_secrets = ServerSecrets::ensure(layout)?;
    let mut stack = Stack {
        layout,
        choices,
        ports,
        certificates,
        server_secrets,
        supervisor,
    };
    let passwords = stack.databases_and_aws().await?;
    step("streaming replica", stack.replica()).await?;
    step("PgBouncer before each", stack.poolers()).await?;
    let environment = functions::shared_environment(layout, &ports, &stack.certificates);
    step("gateway and functions", stack.functions(&environment)).await?;
    step("schema and roles (function migrate)", stack.migrate()).await?;
    registry.announce(stack.describe(&passwords, &environment));
    Ok(())
}

impl Stack<'_> {
    async fn databases_and_aws(&mut self) -> Result<Passwords> {
        step("PostgreSQL primary", self.primary()).await?;
        let aws = step("AWS emulator", self.emulator()).await?;
        let passwords = secrets::ensure(&aws).await?;
        let superuser = self.superuser(self.ports.primary);
        step(
            "database, master user, extensions",
            postgres::bootstrap(&superuser, &self.server_secrets, &passwords),
        )
        .await?;
        Ok(passwords)
    }

    fn superuser(&self, port: u16) -> PgConnectOptions {
        postgres::superuser(&self.certificates, &self.server_secrets, port)
    }

    async fn primary(&mut self) -> Result<()> {
        postgres::initialize(self.layout, &self.server_secrets).await?;
        self.supervisor.start(postgres::spec(
            self.layout,
            &self.certificates,
            "primary",
            self.ports.primary,
            "",
        )?)?;
        let options = self.superuser(self.ports.primary);
        self.supervisor
            .wait_for("primary", SERVER_PATIENCE, || postgres::answers(&options))
            .await
    }

    async fn emulator(&mut self) -> Result<Aws> {
        self.supervisor.start(aws::spec(self.layout, &self.ports))?;
        let port = self.ports.aws;
        self.supervisor
            .wait_for("aws", SERVER_PATIENCE, || listens(port))
            .await?;
        let aws = Aws::connect(&aws::endpoint(&self.ports));
        for bucket in [aws::IMPORTS_BUCKET, aws::FILES_BUCKET, aws::BACKUPS_BUCKET] {
            aws.ensure_bucket(bucket).await?;
        }
        Ok(aws)
    }

    async fn replica(&mut self) -> Result<()> {
        let primary = self.superuser(self.ports.primary);
        replica::initialize(
            self.layout,
            &self.ports,
            &self.certificates,
            &self.server_secrets,
            &primary,
        )
        .await?;
        self.supervisor.start(replica::spec(
            self.layout,
            &self.ports,
            &self.certificates,
            &self.server_secrets,
        )?)?;
        let options = self.superuser(self.ports.replica);
        self.supervisor
            .wait_for("replica", SERVER_PATIENCE, || postgres::answers(&options))
            .await
    }

    async fn poolers(&mut self) -> Result<()> {
        let poolers = [
            Pooler {
                name: "pooler",
                port: self.ports.pooler,
                server: self.ports.primary,
            },
            Pooler {
                name: "replica-pooler",
                port: self.ports.replica_pooler,
                server: self.ports.replica,
            },
        ];
        for pooler in poolers {
            let spec = pgbouncer::spec(self.layout, &self.certificates, &self.server_secrets, pooler)?;
            self.supervisor.start(spec)?;
            let options = self.superuser(pooler.port);
            // The pooler takes no other start-up parameters than these: sqlx sends only extra_float_digits.
            self.supervisor
                .wait_for(pooler.name, SERVER_PATIENCE, || {
                    listens_for(&options, pooler.port)
                })
                .await?;
        }
        Ok(())
    }

    async fn functions(&mut self, environment: &Environment) -> Result<()> {
        self.supervisor.start(gateway::spec(self.layout, &self.ports))?;
        let port = self.ports.gateway;
        self.supervisor
            .wait_for("gateway", SERVER_PATIENCE, || listens(port))
            .await?;
        let (exits, exited) = mpsc::unbounded_channel();
        lambda::serve(&self.ports, exited).await?;
        for function in functions::list(self.layout)? {
            for copy in 1..=function.copies() {
                let (release, exits) = (self.choices.release, exits.clone());
                let spec = functions::spec(
                    self.layout,
                    &self.ports,
                    function,
                    copy,
                    environment,
                    release,
                    exits,
                )?;
                self.supervisor.start(spec)?;
            }
        }
        Ok(())
    }

    /// Invokes `migrate` as a deployment does.
    async fn migrate(&mut self) -> Result<()> {
        let url = format!("{}/migrate/invocations", gateway::invocations_url(&self.ports));
        let client = reqwest::Client::builder()
            .no_proxy()
            .timeout(MIGRATION_PATIENCE)
            .build()?;
        let mut answer = std::pin::pin!(client.post(url).body("{}").send());
        let response = loop {
            tokio::select! {
                response = &mut answer => break response.context("the function migrate does not answer")?,
                // A process that cannot even start would leave its caller waiting.
                () = tokio::time::sleep(Duration::from_millis(500)) => self.supervisor.check("function migrate 1", 3)?,
            }
        };
        let status = response.status();
        let said = response.text().await?;
        if !status.is_success() {
            let log = state::log_file(&self.layout.logs(), "function migrate 1");
            bail!(
                "the migration failed: {said}\nits log {} says:\n{}",
                log.display(),
                crate::shell::tail(&log, 10)
            );
        }
        Ok(())
    }

    /// The content of `stack.json` (its processes are added by the registry).
    fn describe(&self, passwords: &Passwords, environment: &Environment) -> Value {
        let url = |user: &str, password: &str, port: u16| {
            let authority = percent_encode(&self.certificates.authority.to_string_lossy());
            format!(
                "postgres://{user}:{password}@127.0.0.1:{port}/{}?sslmode=verify-full&sslrootcert={authority}",
                postgres::DATABASE
            )
        };
        let access = |user: &str, password: &str| {
            json!({
                "primary": url(user, password, self.ports.primary),
                "primaryPooled": url(user, password, self.ports.pooler),
                "replica": url(user, password, self.ports.replica),
                "replicaPooled": url(user, password, self.ports.replica_pooler),
            })
        };
        let mut databases = serde_json::Map::new();
        // Whoever must see every row, past all policies: the cluster's superuser.
        databases.insert(
            "owner".to_owned(),
            access(postgres::SUPERUSER, &self.server_secrets.superuser),
        );
        for (role, password) in passwords {
            let key = if role == MASTER { "master" } else { role };
            databases.insert(key.to_owned(), access(role, password));
        }
        json!({
            "apiUrl": gateway::api_url(&self.ports),
            "invocationsUrl": gateway::invocations_url(&self.ports),
            "lambdaUrl": lambda::url(&self.ports),
            "awsEndpoint": aws::endpoint(&self.ports),
            "importsBucket": aws::IMPORTS_BUCKET,
            "filesBucket": aws::FILES_BUCKET,
            "backupsBucket": aws::BACKUPS_BUCKET,
            "accounts": [],
            "databases": databases,
            "caFile": self.certificates.authority,
            "ports": self.ports,
            "supervisor": std::process::id(),
            "logs": self.layout.logs(),
            "databaseFolder": self.layout.databases,
            "databaseAccount": if account::Account::detect() == account::Account::Postgres { "postgres" } else { "" },
            "release": self.choices.release,
            "environment": environment,
        })
    }
}

async fn listens(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).await.is_ok()
}

/// Whether a pooler lets the superuser through to the server behind it.
async fn listens_for(options: &PgConnectOptions, port: u16) -> bool {
    listens(port).await && postgres::answers(&options.clone().statement_cache_capacity(0)).await
}

fn percent_encode(path: &str) -> String {
    percent_encoding::utf8_percent_encode(path, percent_encoding::NON_ALPHANUMERIC).to_string()
}
