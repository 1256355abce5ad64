//! The order in which a stack comes up, and what it announces then.

use super::aws::{self, Aws};
use super::certificates::{self, Certificates};
use super::describe::describe;
use super::functions::{self, Environment};
use super::layout::{Layout, Profile};
use super::pgbouncer::{self, Pooler};
use super::ports::Ports;
use super::secrets::{self, Passwords, ServerSecrets};
use super::state::Registry;
use super::supervisor::Supervisor;
use super::{alerts, gateway, lambda, notifications, postgres, replica, schedules, state, stripe};
use crate::progress::step;
use anyhow::{Context, Result, bail};
use sqlx::postgres::PgConnectOptions;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::mpsc;

/// How long a server may take to answer after its start; crash recovery of a large cluster takes its time.
const SERVER_PATIENCE: Duration = Duration::from_secs(120);
/// How long all migrations together may take.
const MIGRATION_PATIENCE: Duration = Duration::from_secs(900);

/// The function that makes the schema.
const MIGRATE: &str = "migrate";

type Exits = mpsc::UnboundedSender<String>;

/// What the caller chose.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Choices {
    /// The gateway's port, where it is not the usual one.
    pub(crate) gateway_port: Option<u16>,
    /// Optimised binaries.
    pub(crate) release: bool,
}

/// A stack in the making.
pub(super) struct Stack<'a> {
    pub(super) layout: &'a Layout,
    pub(super) choices: Choices,
    pub(super) ports: Ports,
    pub(super) certificates: Certificates,
    pub(super) server_secrets: ServerSecrets,
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
    let exits = step("gateway", stack.gateway()).await?;
    // As in a deployment: the schema comes before the functions that need it.
    stack.start_functions(&environment, &exits, |name| name == MIGRATE)?;
    step("schema and roles (function migrate)", stack.migrate()).await?;
    stack.start_functions(&environment, &exits, |name| name != MIGRATE)?;
    if layout.profile == Profile::Dev {
        schedules::keep(&ports)?;
        notifications::keep(&ports)?;
    }
    registry.announce(describe(&stack, &passwords, &environment));
    Ok(())
}

impl Stack<'_> {
    async fn databases_and_aws(&mut self) -> Result<Passwords> {
        step("PostgreSQL primary", self.primary()).await?;
        let aws = step("AWS emulator", self.emulator()).await?;
        let passwords = secrets::ensure(&aws).await?;
        step("Stripe's stand-in", self.stripe(&aws)).await?;
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
        for bucket in [
            aws::IMPORTS_BUCKET,
            aws::FILES_BUCKET,
            aws::BACKUPS_BUCKET,
            aws::EXPORTS_BUCKET,
        ] {
            aws.ensure_bucket(bucket).await?;
        }
        aws.ensure_sender(aws::MAIL_DOMAIN).await?;
        alerts::ensure(&aws::endpoint(&self.ports)).await?;
        Ok(aws)
    }

    async fn stripe(&mut self, aws: &Aws) -> Result<()> {
        let keys = stripe::keys(aws).await?;
        self.supervisor
            .start(stripe::spec(self.layout, &self.ports, &keys)?)?;
        self.supervisor
            .wait_for("stripe", SERVER_PATIENCE, || stripe::answers(&self.ports, &keys))
            .await
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

    /// Starts the gateway and what surrounds it; returns where ended function processes are to be reported.
    async fn gateway(&mut self) -> Result<Exits> {
        self.supervisor.start(gateway::spec(self.layout, &self.ports))?;
        let port = self.ports.gateway;
        self.supervisor
            .wait_for("gateway", SERVER_PATIENCE, || listens(port))
            .await?;
        let (exits, exited) = mpsc::unbounded_channel();
        lambda::serve(&self.ports, exited).await?;
        Ok(exits)
    }

    fn start_functions(
        &mut self,
        environment: &Environment,
        exits: &Exits,
        chosen: impl Fn(&str) -> bool,
    ) -> Result<()> {
        for function in functions::list(self.layout)?
            .into_iter()
            .filter(|function| chosen(function.name))
        {
            for copy in 1..=function.copies(self.choices.release) {
                let place = functions::Place {
                    layout: self.layout,
                    ports: &self.ports,
                    release: self.choices.release,
                };
                self.supervisor.start(functions::spec(
                    &place,
                    function,
                    copy,
                    environment,
                    exits.clone(),
                )?)?;
            }
        }
        Ok(())
    }

    /// Invokes `migrate` as a deployment does.
    async fn migrate(&mut self) -> Result<()> {
        let url = format!("{}/{MIGRATE}/invocations", gateway::invocations_url(&self.ports));
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
}

async fn listens(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).await.is_ok()
}

/// Whether a pooler lets the superuser through to the server behind it.
async fn listens_for(options: &PgConnectOptions, port: u16) -> bool {
    listens(port).await && postgres::answers(&options.clone().statement_cache_capacity(0)).await
}
