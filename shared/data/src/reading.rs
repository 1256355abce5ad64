//! A read that may begin again on another node.

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::context::Mode;
use crate::node::Node;
use crate::{DataError, Database, RequestContext, Tx};

/// One read, on a replica first and then, when that cannot answer, on the primary. Used through [`read!`](crate::read).
pub struct Reading<'a> {
    database: &'a Database,
    context: &'a RequestContext,
    reader: Option<Arc<Node>>,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(database: &'a Database, context: &'a RequestContext) -> Self {
        Self {
            database,
            context,
            reader: database.reader(),
        }
    }

    /// Begins the next attempt's transaction, which cannot write.
    ///
    /// # Errors
    /// [`DataError`] of the last node that could have answered.
    pub async fn begin(&mut self) -> Result<Tx, DataError> {
        if let Some(reader) = &self.reader {
            match self.database.begin_on(reader, self.context, Mode::ReadOnly).await {
                Ok(lease) => return Ok(Tx::new(lease, Arc::clone(&self.context.timings))),
                Err(error) => self.give_up_reader(error)?,
            }
        }
        let lease = self
            .database
            .begin_on(self.database.writer(), self.context, Mode::ReadOnly)
            .await?;
        Ok(Tx::new(lease, Arc::clone(&self.context.timings)))
    }

    /// Ends an attempt's transaction, and says whether its outcome stands or another node is to be asked.
    pub async fn end<T>(
        &mut self,
        tx: Tx,
        outcome: Result<T, DataError>,
    ) -> ControlFlow<Result<T, DataError>> {
        // Nothing was written, so how the transaction ends changes nothing; an end that fails costs the connection.
        if !matches!(outcome, Err(DataError::Unavailable { .. }))
            && let Err(error) = tx.end_read().await
        {
            tracing::debug!(%error, "a read's transaction could not be ended");
        }
        match outcome {
            Err(error) if self.reader.is_some() => match self.give_up_reader(error) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => ControlFlow::Break(Err(error)),
            },
            outcome => {
                if self.reader.is_some() {
                    self.context.timings.add_replica_read();
                }
                ControlFlow::Break(outcome)
            }
        }
    }

    /// Turns to the primary when the replica's error is worth it; else the error stands.
    fn give_up_reader(&mut self, error: DataError) -> Result<(), DataError> {
        // A sign-in of this moment may not have reached the replica.
        if !error.is_worth_another_node() && !matches!(error, DataError::SessionEnded) {
            return Err(error);
        }
        tracing::info!(%error, "a replica could not answer: the primary does");
        if let Some(reader) = self.reader.take()
            && matches!(error, DataError::Unavailable { .. })
        {
            reader.avoid();
        }
        self.context.timings.add_fallback();
        Ok(())
    }
}

/// Runs a read on a replica, or on the primary when no replica is there, reachable, or has what the caller must see:
/// `read!(database, &context, |tx| projects::lookup(tx, id).await)`. The body may therefore run twice; in it `tx` is a
/// `&mut Tx` and `?` passes on a [`DataError`].
///
/// A macro and no method: a method would take an async closure, and where that borrows, the compiler cannot tell that the
/// future is `Send`, as a handler's must be.
#[macro_export]
macro_rules! read {
    ($database:expr, $context:expr, |$tx:ident| $body:expr) => {{
        let mut reading = $database.reading($context);
        loop {
            let mut transaction = match reading.begin().await {
                Ok(transaction) => transaction,
                Err(error) => break Err(error),
            };
            let outcome: Result<_, $crate::DataError> = async {
                let $tx = &mut transaction;
                $body
            }
            .await;
            if let std::ops::ControlFlow::Break(outcome) = reading.end(transaction, outcome).await {
                break outcome;
            }
        }
    }};
}
