//! Where a transaction runs: writes on the primary, reads on the replicas in turn, and on the primary when those cannot.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use crate::context::Mode;
use crate::node::{Lease, Node};
use crate::reading::Reading;
use crate::{DataError, DatabaseConfig, RequestContext, Secrets, Tx};

/// The database as a function sees it. Clones share their connections.
#[derive(Clone)]
pub struct Database {
    config: Arc<DatabaseConfig>,
    writer: Arc<Node>,
    readers: Arc<[Arc<Node>]>,
    next_reader: Arc<AtomicUsize>,
}

impl Database {
    /// Prepares the connections; none is opened before it is needed, or before [`Database::warm`].
    #[must_use]
    pub fn new(config: DatabaseConfig, secrets: &Secrets) -> Self {
        let config = Arc::new(config);
        let node =
            |endpoint: &crate::Endpoint| Node::new(endpoint.clone(), Arc::clone(&config), secrets.clone());
        Self {
            writer: node(&config.writer),
            readers: config.readers.iter().map(node).collect(),
            next_reader: Arc::default(),
            config,
        }
    }

    /// Opens the connection that the first read will use, while the execution environment still starts up.
    ///
    /// # Errors
    /// [`DataError`]; the next request tries again, so a caller may go on.
    pub async fn warm(&self) -> Result<(), DataError> {
        self.readers.first().unwrap_or(&self.writer).warm().await
    }

    /// Prepares a read; see [`read!`](crate::read).
    #[must_use]
    pub fn reading<'a>(&'a self, context: &'a RequestContext) -> Reading<'a> {
        Reading::new(self, context)
    }

    /// Begins a transaction that may write, on the primary.
    ///
    /// # Errors
    /// [`DataError::SessionEnded`], [`DataError::AccountInactive`] and [`DataError::NotApproved`] for a caller who may not go on;
    /// [`DataError::Unavailable`] when the primary is away.
    pub async fn begin(&self, context: &RequestContext) -> Result<Tx, DataError> {
        let lease = self.begin_on(&self.writer, context, Mode::ReadWrite).await?;
        Ok(Tx::new(lease, Arc::clone(&context.timings)))
    }

    pub(crate) async fn begin_on(
        &self,
        node: &Arc<Node>,
        context: &RequestContext,
        mode: Mode,
    ) -> Result<Lease, DataError> {
        let statement = context.begin_statement(mode, self.config.max_replica_lag);
        let started = Instant::now();
        let lease = node.begin(&statement).await;
        context.timings.add_acquire(started.elapsed());
        lease
    }

    /// The primary.
    pub(crate) fn writer(&self) -> &Arc<Node> {
        &self.writer
    }

    /// The next replica in turn that was reachable a moment ago.
    pub(crate) fn reader(&self) -> Option<Arc<Node>> {
        let turn = self.next_reader.fetch_add(1, Ordering::Relaxed);
        let count = self.readers.len();
        (0..count)
            .filter_map(|step| self.readers.get((turn.wrapping_add(step)) % count))
            .find(|node| !node.is_avoided())
            .cloned()
    }
}
