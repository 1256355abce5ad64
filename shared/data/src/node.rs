//! One server as this execution environment sees it: a few connections, kept between requests.
//!
//! Not sqlx's own pool: that one pings a connection each time it is given back, which behind a transaction pooler borrows a
//! server connection for nothing, once a request.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sqlx::Executor;
use sqlx::postgres::PgConnection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{DataError, DatabaseConfig, Endpoint, Secrets, connect};

/// How long a server that could not be reached is left alone while another can answer.
const PENALTY: Duration = Duration::from_secs(2);

pub(crate) struct Node {
    endpoint: Endpoint,
    config: Arc<DatabaseConfig>,
    secrets: Secrets,
    permits: Arc<Semaphore>,
    idle: Mutex<Vec<PgConnection>>,
    avoid_until: Mutex<Option<Instant>>,
}

/// A connection in use, and the place that it takes among the node's few.
pub(crate) struct Lease {
    pub(crate) connection: PgConnection,
    node: Arc<Node>,
    _permit: OwnedSemaphorePermit,
}

impl Node {
    pub(crate) fn new(endpoint: Endpoint, config: Arc<DatabaseConfig>, secrets: Secrets) -> Arc<Self> {
        Arc::new(Self {
            endpoint,
            permits: Arc::new(Semaphore::new(config.connections)),
            config,
            secrets,
            idle: Mutex::default(),
            avoid_until: Mutex::default(),
        })
    }

    /// Borrows a connection and opens a transaction on it with `statement`, one simple query. A connection that died while it
    /// lay idle is replaced: nothing that could have had an effect was sent on it.
    pub(crate) async fn begin(self: &Arc<Self>, statement: &str) -> Result<Lease, DataError> {
        let permit = self.permit().await?;
        loop {
            let idle = lock(&self.idle).pop();
            let reused = idle.is_some();
            let mut connection = match idle {
                Some(connection) => connection,
                None => self.open().await?,
            };
            match connection.execute(sqlx::raw_sql(statement)).await {
                Ok(_) => {
                    return Ok(Lease {
                        connection,
                        node: Arc::clone(self),
                        _permit: permit,
                    });
                }
                Err(error) => {
                    let error = DataError::from(error);
                    let broken = matches!(error, DataError::Unavailable { .. });
                    if !broken {
                        self.give_back_after_rollback(connection).await;
                    }
                    if !(broken && reused) {
                        return Err(error);
                    }
                    tracing::debug!(endpoint = ?self.endpoint, "an idle connection had died");
                }
            }
        }
    }

    /// Opens a connection now, so that the first request finds one.
    pub(crate) async fn warm(&self) -> Result<(), DataError> {
        let connection = self.open().await?;
        lock(&self.idle).push(connection);
        Ok(())
    }

    /// Whether the server was unreachable a moment ago.
    pub(crate) fn is_avoided(&self) -> bool {
        lock(&self.avoid_until).is_some_and(|until| Instant::now() < until)
    }

    /// Leaves the server alone for a moment.
    pub(crate) fn avoid(&self) {
        *lock(&self.avoid_until) = Some(Instant::now() + PENALTY);
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit, DataError> {
        let waiting = Arc::clone(&self.permits).acquire_owned();
        match tokio::time::timeout(self.config.acquire_timeout, waiting).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(self.unreachable("no connection became free")),
        }
    }

    async fn open(&self) -> Result<PgConnection, DataError> {
        let opening = connect::open(&self.config, &self.secrets, &self.endpoint);
        tokio::time::timeout(self.config.acquire_timeout, opening)
            .await
            .unwrap_or_else(|_| Err(self.unreachable("the server did not answer")))
    }

    fn unreachable(&self, reason: &str) -> DataError {
        DataError::Unavailable {
            message: format!(
                "{reason} within {:?} at {}:{}",
                self.config.acquire_timeout, self.endpoint.host, self.endpoint.port
            ),
            outcome_unknown: false,
        }
    }

    /// A failed BEGIN leaves an aborted transaction behind.
    async fn give_back_after_rollback(&self, mut connection: PgConnection) {
        if connection.execute(sqlx::raw_sql("ROLLBACK")).await.is_ok() {
            lock(&self.idle).push(connection);
        }
    }
}

impl Lease {
    /// Keeps the connection for the next request. A lease that is dropped instead closes it, and the server rolls back.
    pub(crate) fn give_back(self) {
        lock(&self.node.idle).push(self.connection);
    }
}

/// What these mutexes guard is whole after every statement, so poison means nothing.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
