//! The database that a backup is restored into, and that nobody needs afterwards.

use std::time::Duration;

use sqlx::postgres::PgConnection;
use sqlx::{Connection, Executor};
use uuid::Uuid;

use super::digest::{TableDigest, digest};
use super::locale::{self, Locale};
use super::probe::{self, Probe};
use crate::{DataError, DatabaseConfig, Endpoint, Secrets, connect};

/// The longest name that PostgreSQL keeps whole.
const MAX_NAME: usize = 63;

/// How often dropping a database is tried: a session that has just ended may still be on its way out, and belong to a role that this
/// one may not end.
const ATTEMPTS: u32 = 5;

/// What has to be so before `pg_restore` can hand everything to its owners without being a superuser: they need CREATE where their
/// things are to lie. Nobody else gets in.
const RIGHTS: &str = "
    GRANT CREATE ON SCHEMA public TO portal_owner, portal_definer, portal_views;
    ALTER DEFAULT PRIVILEGES GRANT USAGE, CREATE ON SCHEMAS TO portal_owner, portal_definer;
";

/// The server that backups are restored on, as a role that may make databases and is a member of `portal_owner`.
pub struct ScratchServer {
    connection: PgConnection,
    config: DatabaseConfig,
    secrets: Secrets,
    /// What the names of scratch databases begin with: they are told apart by the database that the backups are of.
    prefix: String,
}

/// A scratch database.
pub struct Scratch {
    name: String,
    config: DatabaseConfig,
    secrets: Secrets,
}

impl ScratchServer {
    /// Connects to the server at `endpoint`, where backups of the database that `config` names are to be restored, with the login of
    /// the secret `secret_id`.
    ///
    /// # Errors
    /// [`DataError`] when the server cannot be reached.
    pub async fn connect(
        config: &DatabaseConfig,
        endpoint: &Endpoint,
        secret_id: &str,
        secrets: &Secrets,
    ) -> Result<Self, DataError> {
        let source = config.database.as_str();
        let config = DatabaseConfig {
            writer: endpoint.clone(),
            readers: Vec::new(),
            direct: Some(endpoint.clone()),
            database: "postgres".to_owned(),
            secret_id: secret_id.to_owned(),
            ..config.clone()
        };
        Ok(Self {
            connection: connect::direct(&config, secrets).await?,
            prefix: format!("drill_{source}_"),
            config,
            secrets: secrets.clone(),
        })
    }

    /// Makes an empty database from a template that has the extensions which only a superuser may create, and of a locale where one is
    /// known and the template allows it.
    ///
    /// # Errors
    /// [`DataError`] of a statement; where it is one behind the first, the database is there and goes with the leftovers.
    pub async fn create(
        &mut self,
        run: Uuid,
        template: &str,
        locale: Option<&Locale>,
    ) -> Result<Scratch, DataError> {
        // The random part of a version 7 id.
        let random = run.as_u64_pair().1 & 0xffff_ffff_ffff;
        let name = format!("{}{random:012x}", self.prefix);
        if name.len() > MAX_NAME {
            return Err(DataError::Internal(sqlx::Error::Configuration(
                format!("the name {name} is longer than PostgreSQL takes").into(),
            )));
        }
        // Names cannot be parameters. Two at once from one template wait for each other in the server.
        let quoted_name = quoted(&name);
        let options = locale.map_or_else(String::new, |locale| locale.options(template));
        for statement in [
            format!(
                "CREATE DATABASE {quoted_name} TEMPLATE {}{options}",
                quoted(template)
            ),
            format!("REVOKE ALL ON DATABASE {quoted_name} FROM PUBLIC"),
            format!("GRANT CREATE ON DATABASE {quoted_name} TO portal_owner"),
            format!("GRANT CONNECT ON DATABASE {quoted_name} TO portal_api"),
        ] {
            self.connection.execute(statement.as_str()).await?;
        }
        let scratch = Scratch {
            config: DatabaseConfig {
                database: name.clone(),
                ..self.config.clone()
            },
            name,
            secrets: self.secrets.clone(),
        };
        let mut inside = scratch.connect().await?;
        inside.execute(sqlx::raw_sql(RIGHTS)).await?;
        inside.close().await?;
        Ok(scratch)
    }

    /// Drops the scratch databases of runs that have died. Only whoever holds the lock of the drills may do so: nobody else's is
    /// in use then.
    ///
    /// # Errors
    /// [`DataError`] of a query.
    pub async fn drop_leftovers(&mut self) -> Result<usize, DataError> {
        let names = sqlx::query_scalar!(
            r#"SELECT datname AS "name!" FROM pg_database
            WHERE starts_with(datname, $1) AND substr(datname, length($1) + 1) ~ '^[0-9a-f]{12}$'
              AND pg_has_role(datdba, 'USAGE')"#,
            self.prefix,
        )
        .fetch_all(&mut self.connection)
        .await?;
        for name in &names {
            self.drop_named(name).await?;
        }
        Ok(names.len())
    }

    /// Drops a scratch database.
    ///
    /// # Errors
    /// [`DataError`] when it cannot be dropped.
    pub async fn drop(&mut self, scratch: Scratch) -> Result<(), DataError> {
        self.drop_named(&scratch.name).await
    }

    async fn drop_named(&mut self, name: &str) -> Result<(), DataError> {
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quoted(name));
        let mut attempt = 1;
        loop {
            match self.connection.execute(statement.as_str()).await {
                Ok(_) => return Ok(()),
                Err(error) if attempt == ATTEMPTS => return Err(error.into()),
                Err(error) => tracing::info!(%error, name, attempt, "a scratch database is still in use"),
            }
            attempt += 1;
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}

impl Scratch {
    /// How it is reached, by the role that made it.
    #[must_use]
    pub const fn config(&self) -> &DatabaseConfig {
        &self.config
    }

    /// Has the planner know what was restored.
    ///
    /// # Errors
    /// [`DataError`] of the statement.
    pub async fn analyze(&self) -> Result<(), DataError> {
        let mut inside = self.connect().await?;
        inside.execute("ANALYZE").await?;
        Ok(inside.close().await?)
    }

    /// How it writes text.
    ///
    /// # Errors
    /// [`DataError`] of the query.
    pub async fn locale(&self) -> Result<Locale, DataError> {
        let mut inside = self.connect().await?;
        let locale = locale::locale(&mut inside).await?;
        inside.close().await?;
        Ok(locale)
    }

    /// What every table holds.
    ///
    /// # Errors
    /// [`DataError`] of a query.
    pub async fn digest(&self) -> Result<Vec<TableDigest>, DataError> {
        let mut inside = self.connect().await?;
        let tables = digest(&mut inside).await?;
        inside.close().await?;
        Ok(tables)
    }

    /// What an application that works must find in it; a member is signed in for the purpose.
    ///
    /// # Errors
    /// [`DataError`] of a query.
    pub async fn probe(&self) -> Result<Probe, DataError> {
        let mut inside = self.connect().await?;
        let probe = probe::choose(&mut inside).await?;
        inside.close().await?;
        Ok(probe)
    }

    async fn connect(&self) -> Result<PgConnection, DataError> {
        connect::direct(&self.config, &self.secrets).await
    }
}

/// A name as SQL reads it, whatever it holds.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_one_name() {
        assert_eq!(quoted("portal"), "\"portal\"");
        assert_eq!(quoted("a\"; DROP TABLE b"), "\"a\"\"; DROP TABLE b\"");
    }
}
