//! From an event to an answer: who may work, on what, and who goes on.

use lambda_runtime::LambdaEvent;
use portal_data::imports::{self, ImportConnection, ImportRun, NewRun};
use portal_data::{DatabaseConfig, Secrets};
use portal_domain::ids::ImportId;
use portal_jobs::{Deadline, Invoker, ObjectCreated, ObjectStore, Trigger, TriggerError};
use serde::Serialize;
use serde_json::Value;

use crate::action::Action;
use crate::error::ImportError;
use crate::import::{Left, Tools, import};
use crate::report::{REJECTS_SUFFIX, announce};
use crate::settings::Settings;
use crate::undo::{undo, undo_requested};

/// The function.
#[derive(Clone)]
pub struct Importer {
    database: DatabaseConfig,
    secrets: Secrets,
    store: ObjectStore,
    settings: Settings,
    /// Of this function, to go on in a new invocation.
    continuation: Invoker,
}

/// What the function answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// The runs that the event is about, as they stand now.
    pub runs: Vec<ImportRun>,
    /// What could not be done, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<String>,
    /// What else is to be said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Importer {
    /// Reads the environment; nothing is connected to before the first event.
    ///
    /// # Errors
    /// [`ImportError::Config`], naming the variable.
    pub fn from_env() -> Result<Self, ImportError> {
        let database = DatabaseConfig::from_env()?;
        Ok(Self::new(
            database,
            Secrets::default(),
            ObjectStore::new(),
            Settings::from_env()?,
        ))
    }

    /// The function on this database and this store.
    #[must_use]
    pub fn new(database: DatabaseConfig, secrets: Secrets, store: ObjectStore, settings: Settings) -> Self {
        Self {
            database,
            secrets,
            store,
            continuation: Invoker::new(&settings.function),
            settings,
        }
    }

    /// Serves one event.
    ///
    /// # Errors
    /// [`ImportError`] when trying again may help, or when the event cannot be understood.
    pub async fn handle(&self, event: LambdaEvent<Value>) -> Result<Answer, ImportError> {
        let deadline = Deadline::of_invocation(event.context.deadline, self.settings.deadline_margin);
        self.serve(event.payload, &event.context.request_id, deadline)
            .await
    }

    /// Serves the payload of an event.
    ///
    /// # Errors
    /// As [`Importer::handle`].
    pub async fn serve(
        &self,
        payload: Value,
        request_id: &str,
        deadline: Deadline,
    ) -> Result<Answer, ImportError> {
        match Trigger::from_event(payload)? {
            Trigger::Test => Ok(Answer {
                notes: vec!["a test event: nothing to do".to_owned()],
                ..Answer::default()
            }),
            Trigger::Objects(objects) => self.import_objects(objects, request_id, deadline).await,
            Trigger::Schedule | Trigger::Action(Action::Sweep) => self.work(&[], deadline).await,
            Trigger::Action(Action::Continue { import_id }) => self.work(&[import_id], deadline).await,
            Trigger::Action(Action::Undo { import_id }) => self.undo(import_id).await,
        }
    }

    /// Queues a run for each object, then works on whatever is queued.
    async fn import_objects(
        &self,
        objects: Vec<Result<ObjectCreated, TriggerError>>,
        request_id: &str,
        deadline: Deadline,
    ) -> Result<Answer, ImportError> {
        let mut answer = Answer::default();
        let mut wanted = Vec::new();
        for object in objects {
            match object {
                Ok(object) if object.key.ends_with(REJECTS_SUFFIX) => {
                    answer
                        .notes
                        .push(format!("{} is a list of rejects of ours: ignored", object.key));
                }
                Ok(object) => wanted.push(object),
                Err(error) => {
                    tracing::error!(%error, "a record of the event cannot be understood");
                    answer.errors.push(error.to_string());
                }
            }
        }
        if wanted.is_empty() {
            return Ok(answer);
        }
        let mut connection = imports::connect(&self.database, &self.secrets).await?;
        let mut ids = Vec::new();
        for object in &wanted {
            // Without S3's order of events a delivery is told from others by its request, which Lambda keeps when it tries again.
            let request = format!("request {request_id}");
            let new = NewRun {
                bucket: &object.bucket,
                object_key: &object.key,
                object_version: object.version.as_deref().unwrap_or_default(),
                sequencer: object.sequencer.as_deref().unwrap_or(&request),
            };
            ids.push(imports::register(&mut connection, new).await?);
        }
        let worked = self.work_on(connection, &ids, deadline).await?;
        answer.runs = worked.runs;
        answer.notes.extend(worked.notes);
        Ok(answer)
    }

    async fn work(&self, ids: &[ImportId], deadline: Deadline) -> Result<Answer, ImportError> {
        let connection = imports::connect(&self.database, &self.secrets).await?;
        self.work_on(connection, ids, deadline).await
    }

    /// Works until nothing is queued, unless another invocation does already, and answers how these runs stand.
    async fn work_on(
        &self,
        mut connection: ImportConnection,
        ids: &[ImportId],
        deadline: Deadline,
    ) -> Result<Answer, ImportError> {
        let tools = Tools {
            store: self.store.clone(),
            settings: self.settings.clone(),
            deadline,
        };
        let mut answer = Answer::default();
        // Whoever queues a run while we hold the lock leaves it to us, so we look again once we have given it back.
        while is_something_left(&mut connection).await? {
            if !imports::try_lock(&mut connection).await? {
                answer
                    .notes
                    .push("another invocation is importing; it takes up what is queued".to_owned());
                break;
            }
            undo_requested(&mut connection).await?;
            let left = self.drain(&mut connection, &tools).await?;
            imports::release(&mut connection).await?;
            if let Some(paused) = left {
                let reached = self
                    .continuation
                    .invoke(&Action::Continue { import_id: paused })
                    .await;
                let next = if reached {
                    "a new invocation"
                } else {
                    "the next sweep"
                };
                answer
                    .notes
                    .push(format!("the deadline has come: {next} continues import {paused}"));
                break;
            }
        }
        for id in ids {
            answer.runs.extend(imports::lookup(&mut connection, *id).await?);
        }
        imports::close(connection).await;
        Ok(answer)
    }

    /// Works on one run after the other, and returns the one that the deadline has interrupted or kept from beginning.
    async fn drain(
        &self,
        connection: &mut ImportConnection,
        tools: &Tools,
    ) -> Result<Option<ImportId>, ImportError> {
        let mut worked = false;
        while let Some(id) = imports::next_unfinished(connection).await? {
            if worked && tools.deadline.has_come() {
                return Ok(Some(id));
            }
            worked = true;
            if import(connection, tools, id).await? == Left::Paused {
                return Ok(Some(id));
            }
            if let Some(run) = imports::lookup(connection, id).await? {
                announce(&run);
            }
        }
        Ok(None)
    }

    async fn undo(&self, id: ImportId) -> Result<Answer, ImportError> {
        let mut connection = imports::connect(&self.database, &self.secrets).await?;
        let mut answer = Answer::default();
        undo(&mut connection, id, &mut answer).await?;
        answer.runs.extend(imports::lookup(&mut connection, id).await?);
        imports::close(connection).await;
        Ok(answer)
    }
}

/// Whether a run waits, or is to be taken back.
async fn is_something_left(connection: &mut ImportConnection) -> Result<bool, ImportError> {
    Ok(imports::next_unfinished(connection).await?.is_some()
        || imports::next_requested_undo(connection).await?.is_some())
}
