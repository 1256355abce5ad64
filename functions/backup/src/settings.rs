//! What can be set in the function's environment.

use std::path::PathBuf;
use std::time::Duration;

use portal_data::{ConfigError, Endpoint, Environment};
use portal_domain::backup::Retention;

/// The settings of the function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The bucket of the backups.
    pub bucket: String,
    /// What their keys begin with, slash included.
    pub prefix: String,
    /// The key of KMS that S3 encrypts them with; the bucket's own rule holds without one.
    pub kms_key: Option<String>,
    /// The program `pg_dump`, of the server's major version or a newer one.
    pub pg_dump: PathBuf,
    /// The program `pg_restore`, no older than `pg_dump`.
    pub pg_restore: PathBuf,
    /// How hard `pg_dump` compresses, from 0 to 9.
    pub compression: u8,
    /// The size of the parts that a dump is sent in. S3 takes 10,000 of them.
    pub part_bytes: usize,
    /// What is kept.
    pub retention: Retention,
    /// How often a run shows that it is alive.
    pub heartbeat: Duration,
    /// Before the invocation's deadline, what is under way is given up, so that its end can be recorded.
    pub deadline_margin: Duration,
    /// Where backups are restored; without it there is no drill.
    pub drill: Option<Drill>,
}

/// The settings of the drill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drill {
    /// The server; the primary unless set.
    pub server: Option<Endpoint>,
    /// The Secrets Manager id of a login that may make databases and is a member of `portal_owner`.
    pub secret_id: String,
    /// The same of the role that the application reads as.
    pub reader_secret_id: String,
    /// The template of the scratch databases.
    pub template: String,
}

impl Settings {
    /// Reads `PORTAL_BACKUPS_BUCKET`, `PORTAL_BACKUPS_PREFIX` (`backups/`), `PORTAL_BACKUP_KMS_KEY`, `PORTAL_PG_DUMP`,
    /// `PORTAL_PG_RESTORE`, `PORTAL_BACKUP_COMPRESSION` (6), `PORTAL_BACKUP_PART_MIB` (16), `PORTAL_BACKUP_KEEP_DAYS` (30),
    /// `PORTAL_BACKUP_KEEP_MONTHS` (12), `PORTAL_BACKUP_HEARTBEAT_SECONDS` (60), `PORTAL_BACKUP_DEADLINE_MARGIN_SECONDS` (60) and
    /// `PORTAL_DRILL_*`.
    ///
    /// # Errors
    /// [`ConfigError`], naming the variable.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(Environment::process())
    }

    fn read(environment: Environment<'_>) -> Result<Self, ConfigError> {
        let program =
            |name, default: &str| environment.value_or(name, "the path of a program", default.into());
        let mebibytes: usize = environment.whole("PORTAL_BACKUP_PART_MIB", 5..=512, 16)?;
        let margin = environment.whole("PORTAL_BACKUP_DEADLINE_MARGIN_SECONDS", 0..=900, 60)?;
        let heartbeat = environment.whole("PORTAL_BACKUP_HEARTBEAT_SECONDS", 1..=600, 60)?;
        let kept = Retention::default();
        Ok(Self {
            bucket: environment.required("PORTAL_BACKUPS_BUCKET", "the name of the bucket for backups")?,
            prefix: environment.value_or(
                "PORTAL_BACKUPS_PREFIX",
                "the beginning of the backups' keys",
                "backups/".to_owned(),
            )?,
            kms_key: environment.optional("PORTAL_BACKUP_KMS_KEY", "the id of a key of KMS")?,
            pg_dump: program("PORTAL_PG_DUMP", "pg_dump")?,
            pg_restore: program("PORTAL_PG_RESTORE", "pg_restore")?,
            compression: environment.whole("PORTAL_BACKUP_COMPRESSION", 0..=9, 6)?,
            part_bytes: mebibytes << 20,
            retention: Retention {
                daily: environment.whole("PORTAL_BACKUP_KEEP_DAYS", 1..=3650, kept.daily)?,
                monthly: environment.whole("PORTAL_BACKUP_KEEP_MONTHS", 0..=1200, kept.monthly)?,
            },
            heartbeat: Duration::from_secs(heartbeat),
            deadline_margin: Duration::from_secs(margin),
            drill: Drill::read(environment)?,
        })
    }
}

impl Drill {
    /// Reads `PORTAL_DRILL_SECRET`, without which there is no drill, `PORTAL_DRILL_READER_SECRET`, `PORTAL_DRILL_SERVER` and
    /// `PORTAL_DRILL_TEMPLATE` (`template1`).
    fn read(environment: Environment<'_>) -> Result<Option<Self>, ConfigError> {
        let login = "the Secrets Manager id of a login";
        let Some(secret_id) = environment.optional("PORTAL_DRILL_SECRET", login)? else {
            return Ok(None);
        };
        Ok(Some(Self {
            secret_id,
            reader_secret_id: environment.required("PORTAL_DRILL_READER_SECRET", login)?,
            server: environment.optional("PORTAL_DRILL_SERVER", "host:port")?,
            template: environment.value_or(
                "PORTAL_DRILL_TEMPLATE",
                "the name of a database",
                "template1".to_owned(),
            )?,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUCKET: (&str, &str) = ("PORTAL_BACKUPS_BUCKET", "b");

    #[test]
    fn the_bucket_alone_has_no_default() {
        assert!(Settings::read(Environment::of(&[])).is_err());
        let settings = Settings::read(Environment::of(&[BUCKET])).unwrap();
        assert_eq!(
            (settings.prefix.as_str(), settings.part_bytes),
            ("backups/", 16 << 20)
        );
        assert_eq!(settings.retention, Retention::default());
        assert_eq!(settings.drill, None);
    }

    #[test]
    fn a_drill_wants_both_logins() {
        let drill = ("PORTAL_DRILL_SECRET", "maintenance");
        let error = Settings::read(Environment::of(&[BUCKET, drill])).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("PORTAL_DRILL_READER_SECRET is not set")
        );
        let variables = [BUCKET, drill, ("PORTAL_DRILL_READER_SECRET", "api")];
        let drill = Settings::read(Environment::of(&variables))
            .unwrap()
            .drill
            .unwrap();
        assert_eq!((drill.template.as_str(), drill.server), ("template1", None));
    }

    #[test]
    fn something_is_always_kept() {
        let error = Settings::read(Environment::of(&[BUCKET, ("PORTAL_BACKUP_KEEP_DAYS", "0")])).unwrap_err();
        assert!(error.to_string().contains("a whole number from 1 to 3650"));
    }
}
