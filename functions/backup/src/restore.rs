//! A dump from S3 into `pg_restore`, without touching a disk, and whether its bytes are those that were written.

use std::path::Path;
use std::process::Stdio;

use portal_data::connect::Login;
use portal_data::{DatabaseConfig, Endpoint};
use portal_jobs::{ObjectError, ObjectHead, ObjectKey};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::error::{BackupError, Fault};
use crate::handler::Work;
use crate::manifest::{Manifest, hex};
use crate::program::{Running, command, connected};

/// A dump that is to be restored.
pub(crate) struct Source<'a> {
    pub(crate) manifest: &'a Manifest,
    pub(crate) object: ObjectKey,
    head: ObjectHead,
}

impl<'a> Source<'a> {
    /// Looks at the dump of a manifest: it must be there, as large as it was.
    pub(crate) async fn open(
        work: &Work<'_>,
        manifest: &'a Manifest,
    ) -> Result<Result<Self, Fault>, BackupError> {
        let object = work.objects.object(&manifest.object_key);
        let head = match work.objects.store.head(&object).await {
            Ok(head) => head,
            Err(ObjectError::NotFound { .. }) => return Ok(Err(Fault::Gone(object.key))),
            Err(error) => return Err(error.into()),
        };
        if head.size != manifest.size_bytes {
            return Ok(Err(Fault::Size {
                expected: manifest.size_bytes,
                found: head.size,
            }));
        }
        Ok(Ok(Self {
            manifest,
            object,
            head,
        }))
    }

    /// Restores it into an empty database. The bytes are compared while they flow, and to their end also where `pg_restore` takes no
    /// more of them: it reads a good deal of nonsense without a word, and what it does complain of may be the server's fault.
    pub(crate) async fn restore(
        &self,
        work: &Work<'_>,
        database: &DatabaseConfig,
        server: &Endpoint,
    ) -> Result<Result<(), Fault>, BackupError> {
        let settings = work.objects.settings;
        let login: Login = work.secrets.get(&database.secret_id).await?;
        let mut restore = connected(&settings.pg_restore, database, server, &login)?;
        restore
            .args(["--exit-on-error", "--no-password"])
            // The materialized view is filled as its owner, whom policies bind.
            .arg("--enable-row-security")
            // Of an extension that the template brings only its owner may say what it is.
            .arg("--no-comments")
            .arg(format!("--dbname={}", database.database));
        match self.feed(work, restore).await? {
            Fed::Other(fault) => Ok(Err(fault)),
            Fed::Same(Ok(())) => Ok(Ok(())),
            Fed::Same(Err(error)) => self.blame(work, &settings.pg_restore, error).await,
        }
    }

    /// The bytes are those that were written, and were not restored: the fault is the dump's where `pg_restore` cannot even read it.
    async fn blame(
        &self,
        work: &Work<'_>,
        program: &Path,
        error: BackupError,
    ) -> Result<Result<(), Fault>, BackupError> {
        tracing::warn!(%error, "the dump was not restored: looking whether it can be read at all");
        let mut read = command(program);
        read.arg("--file=/dev/null");
        match self.feed(work, read).await? {
            Fed::Other(fault) => Ok(Err(fault)),
            Fed::Same(Ok(())) => Err(error),
            Fed::Same(Err(unreadable @ BackupError::Program { .. })) => {
                Ok(Err(Fault::Archive(unreadable.to_string())))
            }
            Fed::Same(Err(error)) => Err(error),
        }
    }

    /// Feeds a program with the dump until the last byte.
    async fn feed(&self, work: &Work<'_>, mut command: Command) -> Result<Fed, BackupError> {
        command.stdin(Stdio::piped()).stdout(Stdio::null());
        let mut running = Running::start(command)?;
        let sha256 = self.pump(work, &mut running).await?;
        // Its standard input is closed by now.
        let ended = running.end().await;
        if sha256 == self.manifest.sha256 {
            return Ok(Fed::Same(ended));
        }
        Ok(Fed::Other(Fault::Bytes {
            expected: self.manifest.sha256.clone(),
            found: sha256,
        }))
    }

    /// Hands the object on, and computes its digest. A program that has ended takes nothing more; why, its end says.
    async fn pump(&self, work: &Work<'_>, running: &mut Running) -> Result<String, BackupError> {
        let mut stream = work.objects.store.stream(self.object.clone(), &self.head, 0);
        let mut input = running.child.stdin.take();
        let mut digest = Sha256::new();
        while let Some(piece) = stream.next().await? {
            digest.update(&piece);
            if let Some(pipe) = &mut input
                && pipe.write_all(&piece).await.is_err()
            {
                input = None;
            }
        }
        Ok(hex(&digest.finalize()))
    }
}

/// What came of feeding a program.
enum Fed {
    /// The bytes are those that were written; how the program ended.
    Same(Result<(), BackupError>),
    /// They are others.
    Other(Fault),
}
