//! Where the bench takes place: a stack of its own that keeps its data, and processes of the functions that are asked past the gateway.

use crate::load::Target;
use crate::load::apart::Apart;
use crate::load::member::gateway;
use crate::load::request::{Answer, Request};
use crate::load::runtime_api::RuntimeApi;
use crate::load::samples::Outcome;
use crate::stack::functions::{self, Trigger};
use crate::stack::layout::Layout;
use crate::stack::routes::Routes;
use crate::stack::state::{log_file, read_stack};
use crate::stack::supervisor::{Spec, Supervisor};
use anyhow::{Context, Result};
use rustix::process::Signal;
use serde_json::Value;
use sqlx::Connection;
use sqlx::postgres::PgConnection;

/// The stack and the ways into it.
pub(super) struct Stage<'a> {
    pub(super) layout: &'a Layout,
    supervisor: &'a mut Supervisor,
    pub(super) stack: Value,
    /// The thread of the load.
    pub(super) apart: Apart,
    /// The way past the gateway.
    pub(super) api: RuntimeApi,
    pub(super) routes: Routes,
    added: Vec<String>,
}

impl<'a> Stage<'a> {
    /// On a stack that is up, with so many processes of each function past the gateway.
    pub(super) async fn set(
        layout: &'a Layout,
        supervisor: &'a mut Supervisor,
        copies: usize,
    ) -> Result<Self> {
        let apart = Apart::start()?;
        let routes = Routes::read(layout).await?;
        let (api, listener) = RuntimeApi::bind(routes.clone())?;
        apart.begin(api.clone().serve(listener));
        let stack = read_stack(layout)?;
        let mut stage = Self {
            layout,
            supervisor,
            stack,
            apart,
            api,
            routes,
            added: Vec::new(),
        };
        for function in functions::list(layout)? {
            if function.trigger == Trigger::Http {
                stage.add(function.name, copies)?;
            }
        }
        Ok(stage)
    }

    /// Ends what was added to the stack.
    pub(super) async fn leave(&mut self) -> Result<()> {
        for name in std::mem::take(&mut self.added) {
            self.supervisor.take_down(&name, Signal::TERM).await?;
        }
        Ok(())
    }

    /// How a process of a function is started that takes its events from our runtime API under this name.
    pub(super) fn process(&self, function: &str, inbox: &str) -> Result<Spec> {
        let running = self
            .supervisor
            .specs(&format!("function {function} "))
            .into_iter()
            .next();
        let mut spec = running.with_context(|| format!("the function {function} does not run"))?;
        spec.name = format!("function {inbox} bench");
        spec.log = log_file(&self.layout.logs(), &spec.name);
        spec.follow_program = false;
        spec.exits = None;
        Ok(spec.with("AWS_LAMBDA_RUNTIME_API", self.api.setting(inbox)))
    }

    fn add(&mut self, function: &str, copies: usize) -> Result<()> {
        for copy in 1..=copies {
            let mut spec = self.process(function, function)?;
            spec.name = format!("{} {copy}", spec.name);
            self.start(spec)?;
        }
        Ok(())
    }

    /// Starts a process until the bench is over.
    pub(super) fn start(&mut self, spec: Spec) -> Result<()> {
        self.added.push(spec.name.clone());
        self.supervisor.start(spec)
    }

    /// Ends one of them.
    pub(super) async fn end(&mut self, name: &str) -> Result<()> {
        self.added.retain(|added| added != name);
        self.supervisor.take_down(name, Signal::TERM).await.map(drop)
    }

    /// The numbers of the processes whose names begin so.
    pub(super) fn pids(&self, beginning: &str) -> Result<Vec<u32>> {
        let stack = read_stack(self.layout)?;
        let processes = stack.get("processes").and_then(Value::as_array);
        let named = processes.into_iter().flatten().filter(|process| {
            let name = process.get("name").and_then(Value::as_str);
            name.is_some_and(|name| name.starts_with(beginning))
        });
        let numbers = named.filter_map(|process| process.get("pid")?.as_u64()?.try_into().ok());
        Ok(numbers.collect())
    }

    /// The way through the gateway.
    pub(super) fn through_gateway(&self) -> Result<Target> {
        Ok(Target::Gateway(gateway(&self.stack)?))
    }

    /// The way past it.
    pub(super) fn past_gateway(&self) -> Target {
        Target::Runtime(self.api.clone())
    }

    /// Sends one request past the gateway.
    pub(super) async fn ask(&self, request: Request) -> Result<Answer> {
        let mut client = self.past_gateway().client();
        let path = request.path().to_owned();
        let sent = self.apart.run(async move { client.send(&request).await }).await?;
        sent.map_err(|outcome: Outcome| anyhow::anyhow!("{path}: {outcome}"))
    }

    /// Where a role reaches a server (`primary`, `replica`) or the pooler before it (`primaryPooled`, `replicaPooled`).
    pub(super) fn url(&self, role: &str, node: &str) -> Result<&str> {
        let url = self
            .stack
            .pointer(&format!("/databases/{role}/{node}"))
            .and_then(Value::as_str);
        url.with_context(|| format!("stack.json does not say how {role} reaches {node}"))
    }

    /// A connection past all policies.
    pub(super) async fn owner(&self, node: &str) -> Result<PgConnection> {
        let connection = PgConnection::connect(self.url("owner", node)?).await;
        connection.with_context(|| format!("cannot connect to {node}"))
    }
}
