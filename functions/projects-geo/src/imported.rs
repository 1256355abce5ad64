//! What becomes of opportunities of another source: each by itself, and all in one transaction.

use std::collections::{HashMap, HashSet};

use portal_data::projects::{self, KnownProject};
use portal_data::{DataError, Tx};
use portal_domain::ids::{ProjectId, UserId};
use portal_domain::project::{ExternalId, ImportOutcome, Origin, ProjectDetails, ProjectStatus, Source};
use portal_http::fields::{self, FieldReader, FromFields};
use portal_http::problem::Fault;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::import_projects::ProjectBatch;
use crate::manage;
use crate::project_body::ProjectBody;

/// What an import has done.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct ProjectImport {
    /// How many are new projects.
    #[schema(minimum = 0)]
    created: usize,
    /// How many projects have changed.
    #[schema(minimum = 0)]
    changed: usize,
    /// How many were here like this already.
    #[schema(minimum = 0)]
    unchanged: usize,
    /// How many projects stay as they are whatever their source says.
    #[schema(minimum = 0)]
    skipped: usize,
    /// How many could not be taken.
    #[schema(minimum = 0)]
    rejected: usize,
    /// What became of each, in the order of the request.
    items: Vec<ImportedItem>,
}

/// What became of one opportunity.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImportedItem {
    /// The source's id; absent where it could not be read.
    #[schema(required)]
    external_id: Option<String>,
    /// What became of it.
    outcome: ImportOutcome,
    /// The project; absent where there is none.
    #[schema(required)]
    project_id: Option<ProjectId>,
    /// The fields of the project that have changed.
    changed_fields: Vec<String>,
    /// Why it was skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reason: Option<String>,
    /// Why it was rejected.
    errors: Vec<Fault>,
}

/// An opportunity as it was read.
struct Read {
    external_id: ExternalId,
    details: ProjectDetails,
}

impl FromFields for Read {
    fn read(fields: &mut FieldReader) -> Option<Self> {
        let external_id = fields.required("externalId");
        let body = ProjectBody::read(fields);
        let ProjectBody(details) = body?;
        Some(Self {
            external_id: external_id?,
            details,
        })
    }
}

/// What became of an opportunity, before it is put into words.
enum Step {
    Created(ProjectId),
    Unchanged(ProjectId),
    Changed(ProjectId, Vec<String>),
    Skipped(ProjectId, String),
    Rejected(Vec<Fault>),
}

/// An opportunity as it came: the id that its source names, and the rest or what is wrong with it.
type Opportunity = (Option<String>, Result<Read, Vec<Fault>>);

/// One import as it runs.
pub(crate) struct Importer {
    importer: UserId,
    source: Source,
    publish: bool,
    opportunities: Vec<Opportunity>,
}

impl Importer {
    /// Reads each opportunity by itself. One that stands twice in a batch is rejected the second time.
    pub(crate) fn new(importer: UserId, batch: ProjectBatch) -> Self {
        let items: Vec<_> = batch.items.into();
        let mut seen = HashSet::new();
        let read = |values: serde_json::Map<String, serde_json::Value>| {
            let named = values.get("externalId").and_then(serde_json::Value::as_str);
            let named = named.map(str::to_owned);
            let read = fields::object::<Read>(values).and_then(|read| {
                if seen.insert(read.external_id.to_string()) {
                    Ok(read)
                } else {
                    Err(vec![fault("externalId", "stands in this batch before")])
                }
            });
            (named, read)
        };
        Self {
            importer,
            source: batch.source,
            publish: batch.publish,
            opportunities: items.into_iter().map(read).collect(),
        }
    }

    /// Writes what is new, and tells what became of each.
    ///
    /// # Errors
    /// [`DataError`] of a query: nothing was imported then.
    pub(crate) async fn run(mut self, tx: &mut Tx) -> Result<ProjectImport, DataError> {
        let readable = self
            .opportunities
            .iter()
            .filter_map(|(_, read)| read.as_ref().ok());
        let readable: Vec<_> = readable.map(|read| (&read.external_id, &read.details)).collect();
        let known = projects::hold_source(tx, &self.source, &readable).await?;
        let known: HashMap<_, _> = known
            .into_iter()
            .map(|project| (project.external_id.clone(), project))
            .collect();
        let mut import = ProjectImport::default();
        for (index, (named, read)) in std::mem::take(&mut self.opportunities).into_iter().enumerate() {
            let step = match read {
                Err(faults) => Step::Rejected(faults),
                Ok(read) => match known.get(&*read.external_id) {
                    None => self.create(tx, read).await?,
                    Some(project) => self.follow(tx, project, &read.details).await?,
                },
            };
            import.note(index, named, step);
        }
        Ok(import)
    }

    async fn create(&self, tx: &mut Tx, read: Read) -> Result<Step, DataError> {
        let id = ProjectId::from(Uuid::now_v7());
        let origin = Origin {
            source: self.source.clone(),
            external_id: read.external_id,
        };
        projects::add(tx, id, self.importer, &read.details, Some(&origin)).await?;
        if self.publish {
            projects::move_to(tx, id, ProjectStatus::Draft, ProjectStatus::Published).await?;
        }
        projects::note_source(tx, id, &read.details, self.importer).await?;
        Ok(Step::Created(id))
    }

    /// Takes what the source has changed into a project that there is.
    async fn follow(
        &self,
        tx: &mut Tx,
        known: &KnownProject,
        says: &ProjectDetails,
    ) -> Result<Step, DataError> {
        let id = known.id;
        let taken_away = || Step::Skipped(id, "It was taken away here.".to_owned());
        if known.is_deleted {
            return Ok(taken_away());
        }
        if known.changed.is_empty() {
            if !known.is_noted {
                projects::note_source(tx, id, says, self.importer).await?;
            }
            return Ok(Step::Unchanged(id));
        }
        let Some(project) = projects::lock(tx, id).await? else {
            return Ok(taken_away());
        };
        if !project.status.is_editable() {
            let reason = format!("A project that is {} stays as it is.", project.status);
            return Ok(Step::Skipped(id, reason));
        }
        let details = project.details.taking(&known.changed, says);
        let mut faults: Vec<_> = details
            .faults()
            .into_iter()
            .map(|(field, detail)| fault(field, detail))
            .collect();
        faults.extend(manage::crowded(&project, &details).map(|(field, detail)| fault(field, detail)));
        if !faults.is_empty() {
            return Ok(Step::Rejected(faults));
        }
        let changed = manage::rewrite(tx, &project, &details, self.importer).await?;
        projects::note_source(tx, id, says, self.importer).await?;
        Ok(if changed.is_empty() {
            Step::Unchanged(id)
        } else {
            Step::Changed(id, changed)
        })
    }
}

impl ProjectImport {
    fn note(&mut self, index: usize, external_id: Option<String>, step: Step) {
        let mut item = ImportedItem {
            external_id,
            outcome: ImportOutcome::Rejected,
            project_id: None,
            changed_fields: Vec::new(),
            reason: None,
            errors: Vec::new(),
        };
        let (outcome, count) = match step {
            Step::Created(id) => {
                item.project_id = Some(id);
                (ImportOutcome::Created, &mut self.created)
            }
            Step::Unchanged(id) => {
                item.project_id = Some(id);
                (ImportOutcome::Unchanged, &mut self.unchanged)
            }
            Step::Changed(id, fields) => {
                item.project_id = Some(id);
                item.changed_fields = fields;
                (ImportOutcome::Changed, &mut self.changed)
            }
            Step::Skipped(id, reason) => {
                item.project_id = Some(id);
                item.reason = Some(reason);
                (ImportOutcome::Skipped, &mut self.skipped)
            }
            Step::Rejected(faults) => {
                let placed = |fault: Fault| Fault {
                    pointer: format!("/body/items/{index}{}", fault.pointer),
                    ..fault
                };
                item.errors = faults.into_iter().map(placed).collect();
                (ImportOutcome::Rejected, &mut self.rejected)
            }
        };
        item.outcome = outcome;
        *count += 1;
        self.items.push(item);
    }
}

/// A fault of one field, from the opportunity on.
fn fault(field: &str, detail: impl Into<String>) -> Fault {
    Fault {
        pointer: format!("/{field}"),
        detail: detail.into(),
    }
}
