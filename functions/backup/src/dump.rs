//! `pg_dump`, streamed into an object without touching a disk.

use std::process::Stdio;

use portal_data::connect::Login;
use portal_jobs::{ObjectKey, Upload};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt};

use crate::error::BackupError;
use crate::handler::Work;
use crate::program::{Running, connected};

/// How much is read at once.
const PIECE: usize = 256 << 10;

/// Parts on their way while the next one is filled.
const PARTS_AT_ONCE: usize = 2;

/// How long `pg_dump` waits for a table that somebody alters.
const LOCK_WAIT: &str = "120s";

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dumped {
    pub(crate) size_bytes: u64,
    pub(crate) sha256: Vec<u8>,
}

/// Dumps what the snapshot sees into an object. Where that fails nothing has appeared, but parts of an upload may be left.
pub(crate) async fn dump(work: &Work<'_>, snapshot: &str, object: &ObjectKey) -> Result<Dumped, BackupError> {
    let settings = work.objects.settings;
    let login: Login = work.secrets.get(&work.config.secret_id).await?;
    let mut command = connected(&settings.pg_dump, work.config, work.primary, &login)?;
    command
        .args(["--format=custom", "--no-password"])
        .arg(format!("--compress={}", settings.compression))
        .arg(format!("--snapshot={snapshot}"))
        .arg(format!("--lock-wait-timeout={LOCK_WAIT}"))
        // Its policies show the role of the backups every row, which was looked at before.
        .arg("--enable-row-security")
        // What an import has staged is worth nothing without the import.
        .arg("--no-unlogged-table-data")
        // PostGIS brings its own, which is nobody's to write into.
        .arg("--exclude-table-data=public.spatial_ref_sys")
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let mut running = Running::start(command)?;
    let mut upload = work
        .objects
        .store
        .upload(object.clone(), "application/octet-stream")
        .in_parts(settings.part_bytes, PARTS_AT_ONCE);
    let pumped = match running.child.stdout.take() {
        Some(output) => tokio::select! {
            pumped = pump(output, &mut upload, &running) => pumped,
            () = work.deadline.comes() => Err(BackupError::OutOfTime),
        },
        None => Err(running.error(std::io::ErrorKind::BrokenPipe.into())),
    };
    let ended = match pumped {
        Ok(dumped) => running.end().await.map(|()| dumped),
        // Dropped, it is killed.
        Err(error) => Err(error),
    };
    match ended {
        Ok(dumped) => {
            upload.finish().await?;
            Ok(dumped)
        }
        Err(error) => {
            upload.give_up().await;
            Err(error)
        }
    }
}

/// Sends everything on, and computes its digest.
async fn pump(
    mut output: impl AsyncRead + Unpin,
    upload: &mut Upload,
    running: &Running,
) -> Result<Dumped, BackupError> {
    let mut digest = Sha256::new();
    let mut size_bytes = 0_u64;
    let mut piece = vec![0; PIECE];
    loop {
        let read = output.read(&mut piece).await;
        let length = read.map_err(|error| running.error(error))?;
        let bytes = piece.get(..length).unwrap_or_default();
        if bytes.is_empty() {
            return Ok(Dumped {
                size_bytes,
                sha256: digest.finalize().to_vec(),
            });
        }
        digest.update(bytes);
        size_bytes += u64::try_from(length).unwrap_or_default();
        upload.write(bytes).await?;
    }
}
