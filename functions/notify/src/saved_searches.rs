//! Tells members once a day what is new in the searches that they keep.
//!
//! A member's searches are looked at together, as that member, in one transaction, which also writes the mail and moves the marks.

use std::collections::HashSet;

use portal_data::saved_searches::{self, DuePosition, DueSearch, WatchedSearch};
use portal_data::search::{Fresh, find_fresh};
use portal_data::{DataError, Tx, outbox};
use portal_domain::ids::UserId;
use portal_domain::mail::{Mail, MailKind};
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::handler::Run;
use crate::report::Report;

/// How many due searches are taken up at a time.
const BATCH: i64 = 100;
/// How many results of a search a mail shows.
const SHOWN: usize = 5;

/// What became of a member.
enum Told {
    /// There is a mail for them.
    Mail,
    /// Nothing is new, or they get no mails now.
    Nothing,
}

impl Run<'_> {
    /// Looks at the searches that are due until none is or the deadline comes; the next run goes on.
    ///
    /// # Errors
    /// [`DataError`] when the database cannot be reached. What is wrong with one member's searches keeps nobody else waiting.
    pub(crate) async fn write_alerts(&self, report: &mut Report) -> Result<(), DataError> {
        let mut seen = HashSet::new();
        let mut after = None;
        loop {
            let (until, batch) = self.due_searches(after).await?;
            let Some(last) = batch.last() else { return Ok(()) };
            after = Some(last.position);
            for search in &batch {
                if !seen.insert(search.member) {
                    continue;
                }
                if self.deadline.has_come() {
                    tracing::info!("saved searches that are due are left to the next run");
                    return Ok(());
                }
                match self.tell(search.member, until).await {
                    Ok(Told::Mail) => report.alerts += 1,
                    Ok(Told::Nothing) => {}
                    Err(error @ DataError::Unavailable { .. }) => return Err(error),
                    Err(error) => {
                        tracing::error!(member = %search.member, %error, "saved searches could not be looked at");
                        report.alerts_failed += 1;
                    }
                }
            }
        }
    }

    /// The next due searches, and up to when they are to be looked at. In a transaction of its own: what is open when the moment is
    /// taken is then told from what has been committed by the time that the searches are made.
    async fn due_searches(
        &self,
        after: Option<DuePosition>,
    ) -> Result<(OffsetDateTime, Vec<DueSearch>), DataError> {
        let mut tx = self.database.begin(self.context).await?;
        let until = saved_searches::settled_until(&mut tx).await?;
        let batch = saved_searches::due(&mut tx, until, after, BATCH).await?;
        tx.commit().await?;
        Ok((until, batch))
    }

    async fn tell(&self, member: UserId, until: OffsetDateTime) -> Result<Told, DataError> {
        let mut tx = self.database.begin(self.context).await?;
        let Some(watch) = saved_searches::watch(&mut tx, member, until).await? else {
            tx.rollback().await?;
            return Ok(Told::Nothing);
        };
        let news = news(&mut tx, member, &watch.searches, until).await?;
        let told: Vec<_> = news.iter().map(|(search, _)| search.id).collect();
        if !news.is_empty() {
            let mut mail = Mail::new(MailKind::SavedSearchAlert, watch.email);
            mail.user_id = Some(member);
            mail.payload = payload(&news);
            outbox::add(&mut tx, self.sealer, &mail).await?;
        }
        saved_searches::move_marks(&mut tx, &watch.searches, &told, until).await?;
        tx.commit().await?;
        Ok(if told.is_empty() {
            Told::Nothing
        } else {
            Told::Mail
        })
    }
}

/// The searches that have something new, as their member sees it. Nothing for a member who gets no mails now: what is published
/// meanwhile is not told later either.
async fn news<'a>(
    tx: &mut Tx,
    member: UserId,
    searches: &'a [WatchedSearch],
    until: OffsetDateTime,
) -> Result<Vec<(&'a WatchedSearch, Fresh)>, DataError> {
    let mut news = Vec::new();
    if !saved_searches::act_as(tx, Some(member)).await? {
        return Ok(news);
    }
    for search in searches.iter().filter(|search| search.matched_until < until) {
        let fresh = find_fresh(tx, &search.query, search.matched_until, until, SHOWN).await?;
        if fresh.total > 0 || fresh.is_capped {
            news.push((search, fresh));
        }
    }
    // The mail and the marks are the job's doing.
    saved_searches::act_as(tx, None).await?;
    Ok(news)
}

/// What the mail's words are made of.
fn payload(news: &[(&WatchedSearch, Fresh)]) -> Value {
    let searches: Vec<_> = news
        .iter()
        .map(|(search, fresh)| {
            let results: Vec<_> = fresh
                .results
                .iter()
                .map(|result| json!({ "type": result.kind, "id": result.id, "title": result.title }))
                .collect();
            json!({
                "name": search.name,
                "query": search.query.query_string(),
                "results": results,
                "more": fresh.total.saturating_sub(fresh.results.len()),
                "isCapped": fresh.is_capped,
            })
        })
        .collect();
    json!({ "searches": searches })
}
