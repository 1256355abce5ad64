//! Why a run failed.

use portal_data::backups::Locale;
use portal_data::{ConfigError, DataError, SecretError};
use portal_domain::ids::BackupId;
use portal_jobs::{ObjectError, TriggerError};

/// A run that failed; an alarm looks at what fails.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The event asks for nothing that this function does.
    #[error(transparent)]
    Event(#[from] TriggerError),
    /// The function's environment is not complete.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database refused or is away.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A login could not be had.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// S3 refused or is away.
    #[error(transparent)]
    Object(#[from] ObjectError),
    /// The backup's role does not see everything.
    #[error(
        "the role of the backups does not see all rows of {}: pg_dump would leave them out in silence. Protect each with app.protect in a \
         migration",
        .0.join(", ")
    )]
    Unreadable(Vec<String>),
    /// A program of PostgreSQL could not be started, or spoken to.
    #[error("{program} could not be run: {source}")]
    NotRun {
        /// The program.
        program: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// A program of PostgreSQL failed.
    #[error("{program} failed ({status}): {said}")]
    Program {
        /// The program.
        program: String,
        /// How it ended.
        status: String,
        /// The end of what it said.
        said: String,
    },
    /// The invocation's time is over.
    #[error(
        "this takes longer than one invocation may: run the function as a task of a container (docs/restore.md)"
    )]
    OutOfTime,
    /// S3 has another object than was sent.
    #[error("{sent} bytes were sent to {key}, and S3 has {found}")]
    NotWhole {
        /// The object's key.
        key: String,
        /// How many were sent.
        sent: u64,
        /// How many are there.
        found: u64,
    },
    /// A manifest could not be written as JSON.
    #[error("the manifest cannot be written: {0}")]
    Manifest(#[source] serde_json::Error),
    /// A read of the application failed on a database that was restored whole.
    #[error(
        "the drill's read {name} failed: {error}. The backup has the rows that it should have, and stays what it was"
    )]
    NotRead {
        /// The read.
        name: &'static str,
        /// Why.
        #[source]
        error: DataError,
    },
    /// The server of the drills makes databases that write text otherwise than the one that the backup is of.
    #[error(
        "nothing was restored: databases of the drill's template {template} are made with `{found}`, and the backup is of one with \
         `{wanted}`, so rows would come out otherwise. Make a template with `createdb --template template0 {wanted}`, create postgis and \
         pg_stat_statements in it, and name it in PORTAL_DRILL_TEMPLATE (docs/restore.md). The backup stays what it was"
    )]
    OtherLocale {
        /// The template.
        template: String,
        /// As the manifest has it.
        wanted: Box<Locale>,
        /// As the scratch database has it.
        found: Box<Locale>,
    },
    /// So many are not found that it is not they who are wrong.
    #[error(
        "the objects of {} backups of the record are not found in s3://{place}, {} among them: nothing was changed in the record. Is that \
         the right place (docs/restore.md)? The backup of this run is made",
        .keys.len(),
        .keys.first().map_or("", String::as_str)
    )]
    Lost {
        /// Where they were looked for.
        place: String,
        /// The dumps' keys.
        keys: Vec<String>,
    },
    /// A backup is not what it should be.
    #[error("the backup {id} cannot be relied on: {fault}")]
    Broken {
        /// The backup.
        id: BackupId,
        /// What is wrong with it.
        fault: Fault,
    },
}

/// What can be wrong with a backup.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// An object of it is not there.
    #[error("{0} is gone")]
    Gone(String),
    /// The manifest cannot be read as one.
    #[error("its manifest is none: {0}")]
    NoManifest(String),
    /// The manifest speaks of another dump.
    #[error("its manifest is that of another dump: {what} is {found} there and {expected} here")]
    OtherManifest {
        /// What differs.
        what: &'static str,
        /// As the record of backups has it.
        expected: String,
        /// As the manifest has it.
        found: String,
    },
    /// The dump is shorter or longer than it was.
    #[error("the dump has {found} bytes and had {expected}")]
    Size {
        /// As the manifest has it.
        expected: u64,
        /// As S3 has it.
        found: u64,
    },
    /// The dump's bytes are others.
    #[error("the dump's SHA-256 is {found} and was {expected}")]
    Bytes {
        /// As the manifest has it.
        expected: String,
        /// Of what was read.
        found: String,
    },
    /// The bytes are those that were written, and no archive that can be read to its end.
    #[error("pg_restore cannot read the dump: {0}")]
    Archive(String),
    /// A table was restored with other rows.
    #[error("{} tables differ from the manifest: {}", .0.len(), .0.join("; "))]
    Rows(Vec<String>),
    /// The application does not find what is there.
    #[error("the application does not work on it: {0}")]
    Reads(String),
}
