//! From an object to its row: stored, or refused.

use portal_data::uploads::{self, UploadRow};
use portal_data::{DataError, Database, RequestContext, Tx, projects};
use portal_domain::file::{FileState, UploadKind};
use portal_domain::ids::{ProjectId, UserId};
use portal_jobs::{FileBucket, ObjectError, ObjectKey};
use serde::Serialize;
use serde_json::json;

use crate::error::FilesError;
use crate::verify::fault;

/// What became of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// It is what was announced, and can be had from now on.
    Stored,
    /// It was stored before, since the event has come twice; or its file was taken away meanwhile.
    StoredBefore,
    /// It is not what was announced, and was taken away.
    Refused,
    /// No row announces it, or not yet: the sweep looks again.
    Unannounced,
    /// It is not there (any more).
    Gone,
}

/// What one event or one sweep works with.
pub(crate) struct Work<'a> {
    pub(crate) database: &'a Database,
    pub(crate) bucket: &'a FileBucket,
    pub(crate) context: RequestContext,
}

impl Work<'_> {
    pub(crate) async fn begin(&self) -> Result<Tx, DataError> {
        self.database.begin(&self.context).await
    }

    /// Looks at an object that was written.
    pub(crate) async fn settle(&self, object: &ObjectKey) -> Result<Outcome, FilesError> {
        let mut tx = self.begin().await?;
        let upload = uploads::lookup(&mut tx, &object.key).await?;
        tx.commit().await?;
        match upload {
            Some(upload) => self.settle_upload(object, &upload).await,
            None => {
                tracing::warn!(key = object.key, "an object that no row announces");
                Ok(Outcome::Unannounced)
            }
        }
    }

    /// Looks at the object of an upload.
    pub(crate) async fn settle_upload(
        &self,
        object: &ObjectKey,
        upload: &UploadRow,
    ) -> Result<Outcome, FilesError> {
        let store = self.bucket.store();
        let examined = match store.head(object).await {
            Ok(head) => fault(store, object, &head, upload).await,
            Err(error) => Err(error),
        };
        match examined {
            Ok(None) => self.store(upload).await,
            Ok(Some(fault)) => self.refuse(object, upload, &fault).await,
            Err(ObjectError::NotFound { .. }) => Ok(Outcome::Gone),
            Err(error) => Err(error.into()),
        }
    }

    /// One transaction: the row, and what follows from it. Of two that try at once, one finds the row pending.
    async fn store(&self, upload: &UploadRow) -> Result<Outcome, FilesError> {
        let mut tx = self.begin().await?;
        let stored = match upload.kind {
            UploadKind::ProjectFile => store_project_file(&mut tx, upload).await?,
            UploadKind::EventFile | UploadKind::Avatar => uploads::mark_stored(&mut tx, upload).await?,
        };
        tx.commit().await?;
        Ok(if stored {
            Outcome::Stored
        } else {
            Outcome::StoredBefore
        })
    }

    /// Takes the object away, and its row with it unless an earlier version is what was announced. The object goes first: a row that
    /// is left behind is swept, and says meanwhile that nothing was stored.
    async fn refuse(
        &self,
        object: &ObjectKey,
        upload: &UploadRow,
        fault: &str,
    ) -> Result<Outcome, FilesError> {
        tracing::warn!(
            key = object.key,
            version = object.version,
            upload = %upload.id,
            by = %upload.uploaded_by,
            "an upload is refused: {fault}"
        );
        self.bucket.store().erase(object).await?;
        if upload.state == FileState::Pending || object.version.is_none() {
            let mut tx = self.begin().await?;
            uploads::remove(&mut tx, upload).await?;
            tx.commit().await?;
        }
        Ok(Outcome::Refused)
    }
}

/// A file that comes to a project after it was announced is an addendum. The project is locked before the file, as everywhere.
async fn store_project_file(tx: &mut Tx, upload: &UploadRow) -> Result<bool, DataError> {
    let project = projects::lock(tx, ProjectId::from(upload.parent)).await?;
    if !uploads::mark_stored(tx, upload).await? {
        return Ok(false);
    }
    if let Some(project) = project.filter(|project| project.status.is_announced()) {
        let name = upload.name.as_deref().unwrap_or_default();
        let changes = json!({ "files": [{ "id": upload.id, "name": name, "change": "ADDED" }] });
        let author = UserId::from(upload.uploaded_by);
        projects::add_addendum(tx, &project, author, &format!("New file: {name}"), &changes).await?;
    }
    Ok(true)
}
