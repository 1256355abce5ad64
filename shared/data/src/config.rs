//! Where the database is, from the environment.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use crate::{ConfigError, Environment};

/// What the settings that name a server should hold.
const ENDPOINT: &str = "host:port";

/// A server's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Host name or address; the server's certificate must name it.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

impl FromStr for Endpoint {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (host, port) = text.trim().rsplit_once(':').ok_or(())?;
        if host.is_empty() {
            return Err(());
        }
        Ok(Self {
            host: host.to_owned(),
            port: port.parse().map_err(drop)?,
        })
    }
}

/// How a function reaches its database. See `docs/architecture.md` for the variables.
#[derive(Clone, Debug)]
pub struct DatabaseConfig {
    /// The pooler before the primary (in AWS, the proxy's writer endpoint).
    pub writer: Endpoint,
    /// The poolers before the replicas; none means that the primary serves reads too.
    pub readers: Vec<Endpoint>,
    /// The primary itself, for what must not go through a pooler: COPY of whole files, VACUUM, migrations.
    pub direct: Option<Endpoint>,
    /// The database's name.
    pub database: String,
    /// The Secrets Manager id of the login role's `{"username", "password"}`.
    pub secret_id: String,
    /// The CA that signed the servers' certificates, where the public roots did not.
    pub ca_file: Option<PathBuf>,
    /// Shown as `application_name`: the function's name.
    pub application: String,
    /// Connections that one execution environment keeps to each server.
    pub connections: usize,
    /// How long a request waits for a connection.
    pub acquire_timeout: Duration,
    /// How far behind the primary a replica may be to serve a read.
    pub max_replica_lag: Duration,
}

impl DatabaseConfig {
    /// Reads `PORTAL_DATABASE_*`.
    ///
    /// # Errors
    /// [`ConfigError`], naming the variable.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(Environment::process())
    }

    fn read(environment: Environment<'_>) -> Result<Self, ConfigError> {
        let text = |name, expected, default: &str| environment.value_or(name, expected, default.to_owned());
        let milliseconds = |name, default| {
            let number = environment.value_or(name, "a whole number of milliseconds", default);
            number.map(Duration::from_millis)
        };
        Ok(Self {
            writer: environment.required("PORTAL_DATABASE_WRITER", ENDPOINT)?,
            readers: environment.list("PORTAL_DATABASE_READERS", ENDPOINT)?,
            direct: environment.optional("PORTAL_DATABASE_DIRECT", ENDPOINT)?,
            database: text("PORTAL_DATABASE_NAME", "the database's name", "portal")?,
            secret_id: environment.required(
                "PORTAL_DATABASE_SECRET",
                "the Secrets Manager id of the role's login",
            )?,
            ca_file: environment.optional("PORTAL_DATABASE_CA", "the path of a PEM file")?,
            application: text("AWS_LAMBDA_FUNCTION_NAME", "the function's name", "portal")?,
            connections: environment
                .value_or("PORTAL_DATABASE_CONNECTIONS", "a whole number", 2_usize)?
                .max(1),
            acquire_timeout: milliseconds("PORTAL_DATABASE_ACQUIRE_TIMEOUT_MS", 3_000)?,
            max_replica_lag: milliseconds("PORTAL_DATABASE_MAX_REPLICA_LAG_MS", 1_000)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: (&str, &str) = ("PORTAL_DATABASE_SECRET", "portal/database/portal_api");

    #[test]
    fn readers_are_a_list() {
        let config = DatabaseConfig::read(Environment::of(&[
            SECRET,
            ("PORTAL_DATABASE_WRITER", "proxy.example:5432"),
            ("PORTAL_DATABASE_READERS", "a:1, b:2"),
        ]))
        .unwrap();
        assert_eq!(config.readers.iter().map(|r| r.port).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(config.direct, None);
    }

    #[test]
    fn a_missing_or_bad_variable_is_named() {
        let missing = DatabaseConfig::read(Environment::of(&[])).unwrap_err();
        assert!(missing.to_string().contains("PORTAL_DATABASE_WRITER is not set"));
        for bad in ["nowhere", ":5432", "proxy.example:port"] {
            let variables = [SECRET, ("PORTAL_DATABASE_WRITER", bad)];
            let error = DatabaseConfig::read(Environment::of(&variables)).unwrap_err();
            assert!(error.to_string().contains("host:port"), "{error}");
        }
    }
}
