//! The transaction: the only way to run SQL.
//!
//! Behind a transaction pooler a named statement may meet a server connection that has never heard of it, so every statement
//! that goes through [`Tx`] is sent unnamed, inside an explicit transaction.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use futures_util::stream::{BoxStream, StreamExt};
use sqlx::postgres::{PgArguments, PgQueryResult, PgRow, PgStatement, PgTypeInfo, Postgres};
use sqlx::{Describe, Either, Execute, Executor, Row};

use crate::node::Lease;
use crate::{ConsistencyToken, DataError, Timings};

/// A transaction that acts as its caller. `&mut Tx` is an sqlx [`Executor`], so `query!` works through it as it is. Dropped
/// without [`Tx::commit`], it is rolled back by the server.
pub struct Tx {
    lease: Lease,
    timings: Arc<Timings>,
}

impl Tx {
    pub(crate) fn new(lease: Lease, timings: Arc<Timings>) -> Self {
        Self { lease, timings }
    }

    /// Commits, and names the write for later reads; `None` when nothing was written. One round trip.
    ///
    /// # Errors
    /// [`DataError`]; a deferred constraint may only speak up now. With `outcome_unknown` the connection broke after COMMIT was
    /// sent.
    pub async fn commit(mut self) -> Result<Option<ConsistencyToken>, DataError> {
        let statement = "SELECT app.consistency_token(); COMMIT";
        let timer = self.timings.start(statement);
        let answer = self.lease.connection.fetch_one(sqlx::raw_sql(statement)).await;
        drop(timer);
        let row = answer.map_err(|error| DataError::from(error).during_commit())?;
        let token = row.try_get::<i64, _>(0)?;
        self.lease.give_back();
        Ok(ConsistencyToken::new(token))
    }

    /// Takes back what was done.
    ///
    /// # Errors
    /// [`DataError::Unavailable`] when the connection broke; the server rolls back then too.
    pub async fn rollback(self) -> Result<(), DataError> {
        self.end("ROLLBACK").await
    }

    /// Ends a transaction that could not write; of a failed one, COMMIT is a rollback.
    pub(crate) async fn end_read(self) -> Result<(), DataError> {
        self.end("COMMIT").await
    }

    async fn end(mut self, statement: &'static str) -> Result<(), DataError> {
        let timer = self.timings.start(statement);
        let answer = self.lease.connection.execute(sqlx::raw_sql(statement)).await;
        drop(timer);
        answer?;
        self.lease.give_back();
        Ok(())
    }
}

/// A query whose statement is not given a name on the server.
struct Unnamed<E>(E);

impl<'q, E: Execute<'q, Postgres>> Execute<'q, Postgres> for Unnamed<E> {
    fn sql(&self) -> &'q str {
        self.0.sql()
    }

    fn statement(&self) -> Option<&PgStatement<'q>> {
        None
    }

    fn take_arguments(&mut self) -> Result<Option<PgArguments>, sqlx::error::BoxDynError> {
        // With no arguments sqlx would send a simple query, whose answer is text: an empty list keeps it one kind.
        Ok(Some(self.0.take_arguments()?.unwrap_or_default()))
    }

    fn persistent(&self) -> bool {
        false
    }
}

impl<'c> Executor<'c> for &'c mut Tx {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(
        self,
        query: E,
    ) -> BoxStream<'e, Result<Either<PgQueryResult, PgRow>, sqlx::Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let timer = self.timings.start(query.sql());
        let rows = self.lease.connection.fetch_many(Unnamed(query));
        // The stream owns the timer, which stops when the last row was read.
        Box::pin(rows.map(move |row| {
            let _running = &timer;
            row
        }))
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, sqlx::Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let timer = self.timings.start(query.sql());
        let row = self.lease.connection.fetch_optional(Unnamed(query));
        Box::pin(async move {
            let row = row.await;
            drop(timer);
            row
        })
    }

    fn prepare_with<'e, 'q: 'e>(
        self,
        _sql: &'q str,
        _parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, Result<PgStatement<'q>, sqlx::Error>>
    where
        'c: 'e,
    {
        Box::pin(async {
            Err(sqlx::Error::Protocol(
                "a prepared statement would outlive its pooled connection".into(),
            ))
        })
    }

    fn describe<'e, 'q: 'e>(self, sql: &'q str) -> BoxFuture<'e, Result<Describe<Postgres>, sqlx::Error>>
    where
        'c: 'e,
    {
        self.lease.connection.describe(sql)
    }
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Tx").finish_non_exhaustive()
    }
}
