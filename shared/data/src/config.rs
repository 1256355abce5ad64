//! Where the database is, from the environment.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// What is wrong with the environment.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ConfigError {
    /// A variable that must be there is not.
    #[error("environment variable {0} is not set")]
    Missing(&'static str),
    /// A variable is there but cannot be used.
    #[error("environment variable {name} is {value:?}: {expected} is expected")]
    Invalid {
        /// The variable.
        name: &'static str,
        /// What it holds.
        value: String,
        /// What it should hold.
        expected: &'static str,
    },
}

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
        Self::from_lookup(|name| std::env::var(name).ok().filter(|value| !value.trim().is_empty()))
    }

    fn from_lookup(lookup: impl Fn(&'static str) -> Option<String>) -> Result<Self, ConfigError> {
        let required = |name| lookup(name).ok_or(ConfigError::Missing(name));
        let number = |name, default| match lookup(name) {
            None => Ok(default),
            Some(value) => value.parse().map_err(|_| ConfigError::Invalid {
                name,
                value,
                expected: "a whole number",
            }),
        };
        Ok(Self {
            writer: endpoint("PORTAL_DATABASE_WRITER", &required("PORTAL_DATABASE_WRITER")?)?,
            readers: lookup("PORTAL_DATABASE_READERS")
                .map(|list| {
                    list.split(',')
                        .map(|one| endpoint("PORTAL_DATABASE_READERS", one))
                        .collect()
                })
                .transpose()?
                .unwrap_or_default(),
            direct: lookup("PORTAL_DATABASE_DIRECT")
                .map(|one| endpoint("PORTAL_DATABASE_DIRECT", &one))
                .transpose()?,
            database: lookup("PORTAL_DATABASE_NAME").unwrap_or_else(|| "portal".to_owned()),
            secret_id: required("PORTAL_DATABASE_SECRET")?,
            ca_file: lookup("PORTAL_DATABASE_CA").map(PathBuf::from),
            application: lookup("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_else(|| "portal".to_owned()),
            connections: usize::try_from(number("PORTAL_DATABASE_CONNECTIONS", 2)?)
                .unwrap_or(2)
                .max(1),
            acquire_timeout: Duration::from_millis(number("PORTAL_DATABASE_ACQUIRE_TIMEOUT_MS", 3_000)?),
            max_replica_lag: Duration::from_millis(number("PORTAL_DATABASE_MAX_REPLICA_LAG_MS", 1_000)?),
        })
    }
}

fn endpoint(name: &'static str, text: &str) -> Result<Endpoint, ConfigError> {
    text.parse().map_err(|()| ConfigError::Invalid {
        name,
        value: text.to_owned(),
        expected: "host:port",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(name: &str) -> Option<String> {
        match name {
            "PORTAL_DATABASE_WRITER" => Some("proxy.example:5432".into()),
            "PORTAL_DATABASE_READERS" => Some("a:1, b:2".into()),
            "PORTAL_DATABASE_SECRET" => Some("portal/database/portal_api".into()),
            _ => None,
        }
    }

    #[test]
    fn readers_are_a_list() {
        let config = DatabaseConfig::from_lookup(lookup).unwrap();
        assert_eq!(config.readers.iter().map(|r| r.port).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(config.direct, None);
    }

    #[test]
    fn a_missing_or_bad_variable_is_named() {
        assert_eq!(
            DatabaseConfig::from_lookup(|_| None).unwrap_err(),
            ConfigError::Missing("PORTAL_DATABASE_WRITER")
        );
        let bad = DatabaseConfig::from_lookup(|name| {
            if name == "PORTAL_DATABASE_WRITER" {
                Some("nowhere".into())
            } else {
                lookup(name)
            }
        });
        assert!(bad.unwrap_err().to_string().contains("host:port"));
    }
}
