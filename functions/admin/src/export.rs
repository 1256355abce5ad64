//! Whole lists as CSV: in the answer while they fit into it, in S3 beyond.

use std::time::{Duration, Instant};

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use portal_data::{DataError, Tx, read};
use portal_domain::file::DownloadTicket;
use portal_http::csv::{CsvSheet, Tabular};
use portal_http::cursor::CursorKeys;
use portal_http::negotiate::MediaType;
use portal_http::page::PageRequest;
use portal_http::{Call, Problem};
use portal_jobs::Upload;
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::permitted::permit;
use crate::state::Admin;

/// For how long rows are read. API Gateway waits 30 seconds for an answer.
const LONGEST: Duration = Duration::from_secs(20);

/// A table that is too large for an answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExportLink {
    /// What it is called.
    #[schema(example = "audit.csv")]
    name: String,
    /// How many rows it has.
    rows: i64,
    /// How large it is.
    bytes: u64,
    /// Where it is.
    download: DownloadTicket,
    /// Where the rest is, if the list could not be written to its end in time; null if it was.
    #[schema(required)]
    next: Option<String>,
}

/// Rows of a source.
pub(crate) struct Rows<R, P> {
    /// The rows, each with its position.
    pub(crate) rows: Vec<(R, P)>,
    /// Whether there are fewer than were asked for since more would be too large.
    pub(crate) is_cut: bool,
}

/// A list that can be written as a table.
pub(crate) trait Source: Sync {
    /// What a row of it is.
    type Row: Tabular + Send;
    /// Where it goes on.
    type Position: Serialize + DeserializeOwned + Clone + Send + Sync;
    /// How many rows are read in one transaction.
    const CHUNK: i64 = 2_000;

    /// The rows behind a position, each with its own.
    fn rows(
        &self,
        tx: &mut Tx,
        after: Option<Self::Position>,
        limit: i64,
    ) -> impl Future<Output = Result<Rows<Self::Row, Self::Position>, DataError>> + Send;
}

/// One list that is to be written.
pub(crate) struct Export<'a, S> {
    pub(crate) state: &'a Admin,
    pub(crate) call: &'a Call,
    pub(crate) page: &'a PageRequest,
    pub(crate) keys: &'a CursorKeys,
    pub(crate) source: &'a S,
    /// What the table is called.
    pub(crate) name: &'static str,
}

/// What is written so far.
struct Written {
    sheet: CsvSheet,
    upload: Option<(String, Upload)>,
    bytes: u64,
}

impl<S: Source> Export<'_, S> {
    /// The table: one page of it where the client has sent `limit`, all of it otherwise.
    ///
    /// # Errors
    /// 400 for a cursor of another list, 503 while S3 is away, and those of the queries.
    pub(crate) async fn respond(&self) -> Result<Response, Problem> {
        let first: Option<S::Position> = self.page.position(self.keys)?;
        if let Some(limit) = self.page.limit() {
            return self.one_page(first, limit).await;
        }
        let mut written = Written {
            sheet: CsvSheet::begin::<S::Row>()?,
            upload: None,
            bytes: 0,
        };
        match self.fill(&mut written, first).await {
            Ok(rest) => self.answer(written, rest).await,
            Err(problem) => {
                if let Some((_, upload)) = written.upload {
                    upload.give_up().await;
                }
                Err(problem)
            }
        }
    }

    async fn one_page(&self, first: Option<S::Position>, limit: i64) -> Result<Response, Problem> {
        let Rows { mut rows, is_cut } = self.read(first, limit + 1).await?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = is_cut || rows.len() > limit;
        rows.truncate(limit);
        let mut sheet = CsvSheet::begin::<S::Row>()?;
        for (row, _) in &rows {
            sheet.add(row)?;
        }
        let last = rows.last().filter(|_| more);
        let next = last.map(|(_, position)| self.page.address_after(self.keys, position));
        sheet.respond(self.name, next.transpose()?)
    }

    /// Reads on until the list or the time ends; where the list goes on, if it does.
    async fn fill(
        &self,
        written: &mut Written,
        first: Option<S::Position>,
    ) -> Result<Option<S::Position>, Problem> {
        let begun = Instant::now();
        let mut last = first;
        loop {
            let Rows { rows, is_cut } = self.read(last.clone(), S::CHUNK).await?;
            let is_end = !is_cut && i64::try_from(rows.len()).is_ok_and(|count| count < S::CHUNK);
            for (row, position) in rows {
                written.sheet.add(&row)?;
                last = Some(position);
            }
            self.pass_on(written).await?;
            if is_end {
                return Ok(None);
            }
            if begun.elapsed() >= LONGEST {
                return Ok(last);
            }
        }
    }

    /// Rows behind a position, in a transaction of their own: no connection is held while S3 is written to. A keyset shows every row once
    /// all the same.
    async fn read(
        &self,
        after: Option<S::Position>,
        limit: i64,
    ) -> Result<Rows<S::Row, S::Position>, Problem> {
        let rows = read!(self.state.portal.database(), &self.call.context, |tx| {
            permit(tx, self.call).await?;
            self.source.rows(tx, after.clone(), limit).await
        });
        Ok(rows?)
    }

    /// Hands what is written to S3, once it has outgrown an answer.
    async fn pass_on(&self, written: &mut Written) -> Result<(), Problem> {
        if written.upload.is_none() {
            if written.sheet.fits() {
                return Ok(());
            }
            // Nobody finds it by guessing.
            let key = format!("{}/{}.csv", self.call.member()?, Uuid::new_v4());
            let bucket = &self.state.exports;
            let upload = bucket
                .store()
                .upload(bucket.object(&key), MediaType::Csv.content_type());
            written.upload = Some((key, upload));
        }
        let piece = written.sheet.take()?;
        if let Some((_, upload)) = written.upload.as_mut() {
            upload.write(&piece).await.map_err(|error| away(&error))?;
            written.bytes += u64::try_from(piece.len()).unwrap_or_default();
        }
        Ok(())
    }

    async fn answer(&self, written: Written, rest: Option<S::Position>) -> Result<Response, Problem> {
        let next = rest
            .map(|last| self.page.address_after(self.keys, &last))
            .transpose()?;
        let rows = written.sheet.rows();
        let Some((key, upload)) = written.upload else {
            return written.sheet.respond(self.name, next);
        };
        upload.finish().await.map_err(|error| away(&error))?;
        let name = format!("{}.csv", self.name);
        let media = MediaType::Csv.content_type();
        let download = self
            .state
            .exports
            .download(&key, &name, media, self.state.now())
            .await;
        let link = ExportLink {
            name,
            rows,
            bytes: written.bytes,
            download: download.map_err(|error| away(&error))?,
            next,
        };
        Ok(Json(link).into_response())
    }
}

/// S3 cannot be written to now.
fn away(error: &portal_jobs::ObjectError) -> Problem {
    tracing::error!(%error, "a large table could not be written");
    Problem::new(
        portal_http::ProblemKind::Unavailable,
        "The table is too large for an answer, and cannot be stored in this moment: ask again, or for less of it.",
    )
}
