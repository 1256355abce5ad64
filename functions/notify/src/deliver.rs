//! One claimed mail: written, sent, and its row settled.

use std::time::{Duration, Instant};

use portal_data::outbox::{self, Claim, ClaimedMail, Settled};
use portal_data::sealing::SealingError;
use portal_data::{DataError, Database, RequestContext, Tx};
use portal_domain::mail::{Details, MailKind, Rendered, write};
use time::OffsetDateTime;

use crate::backoff;
use crate::handler::Run;
use crate::mailer::{Outgoing, Refusal, SEND_LIMIT};
use crate::wish::Wish;

/// How often a mark is tried. While it is not made a mail that is sent looks as if it were not.
const MARK_TRIES: u32 = 6;
const MARK_PAUSE: Duration = Duration::from_millis(100);
/// The longest reason that a row keeps, in characters.
const LONGEST_REASON: usize = 500;

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Sent,
    /// `outage` when it was SES, and not the mail.
    Retried {
        outage: Outage,
    },
    Failed,
    Suppressed,
    Released,
    /// It waits until its receiver's quiet hours are over.
    Postponed,
    Lapsed,
}

/// What a failed try says about the next mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outage {
    /// Nothing.
    No,
    /// It may well meet with the same.
    Likely,
    /// It would.
    Certain,
}

/// Why a mail was not sent.
pub(crate) enum Trouble {
    /// Never to be sent.
    Permanent(String),
    /// To be tried again.
    Passing(String, Outage),
}

impl Trouble {
    pub(crate) const fn mail(reason: String) -> Self {
        Self::Passing(reason, Outage::No)
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        let reason = refusal.to_string();
        match refusal {
            Refusal::Permanent(_) => Self::Permanent(reason),
            Refusal::Passing(_) => Self::Passing(reason, Outage::Likely),
            Refusal::Throttled(_) => Self::Passing(reason, Outage::Certain),
        }
    }
}

impl From<SealingError> for Trouble {
    fn from(error: SealingError) -> Self {
        match error {
            // A key can be put back; a value that was tampered with does not get better.
            SealingError::Malformed | SealingError::NotAuthentic(_) | SealingError::TooLong => {
                Self::Permanent(error.to_string())
            }
            // Without keys no mail with a secret can go out.
            SealingError::Keys(_) | SealingError::BadKeys(_) => {
                Self::Passing(error.to_string(), Outage::Likely)
            }
            SealingError::UnknownKey(_) | SealingError::Random => Self::mail(error.to_string()),
        }
    }
}

/// Works on one mail. Never fails: what cannot be settled stays claimed, and is taken up when the claim has lapsed.
pub(crate) async fn deliver(run: &Run<'_>, mail: ClaimedMail, claimed_at: Instant) -> Outcome {
    let claim = mail.claim;
    match Wish::of(&mail) {
        Wish::Now => {}
        Wish::Never => return settle(run, &claim, Verdict::Suppress, Outcome::Suppressed).await,
        Wish::Later(until) => {
            return settle(run, &claim, Verdict::Postpone(until), Outcome::Postponed).await;
        }
    }
    if claim.attempts > run.settings.max_attempts {
        let reason = format!(
            "given up: {} runs that had taken it up died",
            run.settings.max_attempts
        );
        return fail(run, &claim, &reason).await;
    }
    let rendered = match compose(run, &mail).await {
        Ok(Some(rendered)) => rendered,
        Ok(None) => return settle(run, &claim, Verdict::Suppress, Outcome::Suppressed).await,
        Err(trouble) => return fail_or_retry(run, &claim, trouble).await,
    };
    let unsubscribe = match run.unsubscribe_address(&mail).await {
        Ok(address) => address,
        Err(trouble) => return fail_or_retry(run, &claim, trouble).await,
    };
    run.pacer.turn().await;
    // The claim must outlast the send: otherwise another run would take the row up meanwhile, and send it as well.
    let leaves_time = claimed_at.elapsed() + SEND_LIMIT * 2 < run.settings.lease;
    if run.is_over() || !leaves_time {
        return settle(run, &claim, Verdict::Release, Outcome::Released).await;
    }
    let outgoing = Outgoing {
        id: claim.id,
        from: &run.settings.from,
        recipient: &mail.recipient,
        rendered: &rendered,
        unsubscribe: unsubscribe.as_deref(),
    };
    match run.mailer.send(outgoing).await {
        Ok(message_id) => {
            tracing::info!(mail = %claim.id, kind = %mail.kind, message_id, "sent");
            settle(run, &claim, Verdict::Sent(&message_id), Outcome::Sent).await
        }
        Err(refusal) => fail_or_retry(run, &claim, refusal.into()).await,
    }
}

/// Writes a mail; nothing where what it says is not so any more.
async fn compose(run: &Run<'_>, mail: &ClaimedMail) -> Result<Option<Rendered>, Trouble> {
    if !stands(run, mail).await? {
        return Ok(None);
    }
    // A row of a newer version waits for that version.
    let kind: MailKind = mail
        .kind
        .parse()
        .map_err(|_| Trouble::mail(format!("this version knows no mail of the kind {}", mail.kind)))?;
    let secret = mail.secret(run.sealer).await?;
    let details = Details {
        first_name: mail.first_name.as_deref(),
        payload: &mail.payload,
        secret: secret.as_deref(),
        web_url: &run.settings.web_url,
    };
    let rendered = write(kind, &details).map_err(|error| Trouble::Permanent(error.to_string()))?;
    Ok(Some(rendered))
}

/// Whether the mail is to go out although it has waited: what it is about may be gone.
async fn stands(run: &Run<'_>, mail: &ClaimedMail) -> Result<bool, Trouble> {
    if !mail.may_be_moot {
        return Ok(true);
    }
    ask(run, &mail.claim)
        .await
        .map_err(|error| Trouble::mail(format!("nobody could be asked whether it still stands: {error}")))
}

async fn ask(run: &Run<'_>, claim: &Claim) -> Result<bool, DataError> {
    let mut tx = run.database.begin(run.context).await?;
    let stands = outbox::stands(&mut tx, claim).await?;
    tx.commit().await?;
    Ok(stands)
}

async fn fail_or_retry(run: &Run<'_>, claim: &Claim, trouble: Trouble) -> Outcome {
    match trouble {
        Trouble::Permanent(reason) => fail(run, claim, &reason).await,
        Trouble::Passing(reason, _) if claim.attempts >= run.settings.max_attempts => {
            let reason = format!("given up after {} tries: {reason}", claim.attempts);
            fail(run, claim, &reason).await
        }
        Trouble::Passing(reason, outage) => {
            let pause = backoff::pause(claim.attempts, (run.chance)());
            // The reason stays out of the log: SES's may name the address.
            tracing::warn!(mail = %claim.id, attempts = claim.attempts, ?pause, "not sent; the row says why");
            let verdict = Verdict::Retry(pause, cut(&reason));
            settle(run, claim, verdict, Outcome::Retried { outage }).await
        }
    }
}

async fn fail(run: &Run<'_>, claim: &Claim, reason: &str) -> Outcome {
    tracing::error!(mail = %claim.id, attempts = claim.attempts, "given up; the row says why");
    settle(run, claim, Verdict::Fail(cut(reason)), Outcome::Failed).await
}

fn cut(reason: &str) -> String {
    reason.chars().take(LONGEST_REASON).collect()
}

/// What is to be written into the row.
enum Verdict<'a> {
    Sent(&'a str),
    Retry(Duration, String),
    Fail(String),
    Suppress,
    Postpone(OffsetDateTime),
    Release,
}

/// Writes the verdict, patiently.
async fn settle(run: &Run<'_>, claim: &Claim, verdict: Verdict<'_>, outcome: Outcome) -> Outcome {
    for attempt in 1..=MARK_TRIES {
        match record(run.database, run.context, claim, &verdict).await {
            Ok(Settled::Done) => return outcome,
            Ok(Settled::Lapsed) => {
                tracing::warn!(mail = %claim.id, ?outcome, "the claim had lapsed before the row could be settled");
                return Outcome::Lapsed;
            }
            Err(error) => {
                tracing::error!(mail = %claim.id, ?outcome, attempt, %error, "the row could not be settled");
                tokio::time::sleep(MARK_PAUSE * 2_u32.pow(attempt)).await;
            }
        }
    }
    Outcome::Lapsed
}

async fn record(
    database: &Database,
    context: &RequestContext,
    claim: &Claim,
    verdict: &Verdict<'_>,
) -> Result<Settled, DataError> {
    let mut tx: Tx = database.begin(context).await?;
    let settled = match verdict {
        Verdict::Sent(message_id) => outbox::mark_sent(&mut tx, claim, message_id).await?,
        Verdict::Retry(pause, reason) => outbox::retry(&mut tx, claim, *pause, reason).await?,
        Verdict::Fail(reason) => outbox::fail(&mut tx, claim, reason).await?,
        Verdict::Suppress => outbox::suppress(&mut tx, claim).await?,
        Verdict::Postpone(until) => outbox::postpone(&mut tx, claim, *until).await?,
        Verdict::Release => outbox::release(&mut tx, claim).await?,
    };
    tx.commit().await?;
    Ok(settled)
}
