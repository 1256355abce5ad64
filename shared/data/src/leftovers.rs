//! What sign-in and retried requests leave behind, deleted once nothing can come of it any more. A batch takes rows that nobody else
//! works on, so that no request waits, and two runs at once share the work.

use std::time::Duration;

use sqlx::postgres::PgQueryResult;
use time::OffsetDateTime;

use crate::{DataError, Tx};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Links and challenges are good for a day at most; those that have run out are kept so long for whoever looks into a complaint.
const TOKENS_STAY: Duration = DAY;
/// Sessions, after they have run out: what they were refreshed with is known as theirs as long.
const SESSIONS_STAY: Duration = DAY.saturating_mul(30);
/// Counts of attempts, after the last one: longer than any of them matters.
pub const ATTEMPTS_STAY: Duration = DAY.saturating_mul(8);
/// The same where the last sign-in of an account or device is noted.
const SIGN_INS_STAY: Duration = DAY.saturating_mul(400);
/// Devices that have not signed in.
const DEVICES_STAY: Duration = DAY.saturating_mul(365);
/// Steps of authenticators: codes of the step before the last are not taken anyway.
const STEPS_STAY: Duration = DAY;

/// Mails and notices that have gone out: longer than any key by which a duty knows that it has written one.
const MAILS_STAY: Duration = DAY.saturating_mul(400);

/// Records of runs that ended, and alerts that are over.
const RECORDS_STAY: Duration = DAY.saturating_mul(400);

/// Events of Stripe: it can be told to send one again for thirty days, and taken twice it changes nothing anyway.
const EVENTS_STAY: Duration = DAY.saturating_mul(400);

/// A table that rows are deleted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leftover {
    /// Links out of mails, and challenges for a second factor. Those that never run out stay.
    SingleUseTokens,
    /// Sign-ins. One that was ended runs out, too, within two weeks.
    Sessions,
    /// Counts of attempts.
    LoginAttempts,
    /// Devices that an account knows.
    KnownDevices,
    /// Time steps whose codes were taken.
    TotpSteps,
    /// Answers that are kept for retries.
    IdempotencyKeys,
    /// Mails and notices that were sent, or not wanted. Those that failed stay.
    Outbox,
    /// Records of runs.
    JobRuns,
    /// Alerts that people were told of from beginning to end.
    HealthAlerts,
    /// What Stripe has told.
    StripeEvents,
}

impl Leftover {
    /// Every table.
    pub const ALL: [Self; 10] = [
        Self::SingleUseTokens,
        Self::Sessions,
        Self::LoginAttempts,
        Self::KnownDevices,
        Self::TotpSteps,
        Self::IdempotencyKeys,
        Self::Outbox,
        Self::JobRuns,
        Self::HealthAlerts,
        Self::StripeEvents,
    ];

    /// The table's name.
    #[must_use]
    pub const fn table(self) -> &'static str {
        match self {
            Self::SingleUseTokens => "single_use_tokens",
            Self::Sessions => "sessions",
            Self::LoginAttempts => "login_attempts",
            Self::KnownDevices => "known_devices",
            Self::TotpSteps => "totp_steps",
            Self::IdempotencyKeys => "idempotency_keys",
            Self::Outbox => "outbox",
            Self::JobRuns => "job_runs",
            Self::HealthAlerts => "health_alerts",
            Self::StripeEvents => "stripe_events",
        }
    }
}

/// Deletes up to `limit` rows of a table that are past their time at `now`, and says how many: fewer than the limit when there are
/// no more that nobody works on.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn delete(tx: &mut Tx, from: Leftover, now: OffsetDateTime, limit: i64) -> Result<u64, DataError> {
    let done = match from {
        Leftover::SingleUseTokens => tokens(tx, now - TOKENS_STAY, limit).await?,
        Leftover::Sessions => sessions(tx, now - SESSIONS_STAY, limit).await?,
        Leftover::LoginAttempts => attempts(tx, now - ATTEMPTS_STAY, now - SIGN_INS_STAY, limit).await?,
        Leftover::KnownDevices => devices(tx, now - DEVICES_STAY, limit).await?,
        Leftover::TotpSteps => steps(tx, now - STEPS_STAY, limit).await?,
        Leftover::IdempotencyKeys => idempotency_keys(tx, now, limit).await?,
        Leftover::Outbox => mails(tx, now - MAILS_STAY, limit).await?,
        Leftover::JobRuns => runs(tx, now - RECORDS_STAY, limit).await?,
        Leftover::HealthAlerts => alerts(tx, now - RECORDS_STAY, limit).await?,
        Leftover::StripeEvents => events(tx, now - EVENTS_STAY, limit).await?,
    };
    Ok(done.rows_affected())
}

async fn tokens(tx: &mut Tx, before: OffsetDateTime, limit: i64) -> Result<PgQueryResult, DataError> {
    // The index single_use_tokens_expiry.
    Ok(sqlx::query!(
        "WITH past AS MATERIALIZED (
            SELECT token_hash FROM single_use_tokens
            WHERE expires_at < $1
            LIMIT $2
            FOR UPDATE SKIP LOCKED
        )
        DELETE FROM single_use_tokens AS t USING past WHERE t.token_hash = past.token_hash",
        before,
        limit,
    )
    .execute(&mut *tx)
    .await?)
}

async fn sessions(tx: &mut Tx, before: OffsetDateTime, limit: i64) -> Result<PgQueryResult, DataError> {
    // The index sessions_expiry.
    Ok(sqlx::query!(
        "WITH past AS MATERIALIZED (
            SELECT id FROM sessions
            WHERE expires_at < $1
            LIMIT $2
            FOR UPDATE SKIP LOCKED
        )
        DELETE FROM sessions AS s USING past WHERE s.id = past.id",
        before,
        limit,
    )
    .execute(&mut *tx)
    .await?)
}

async fn attempts(
    tx: &mut Tx,
    before: OffsetDateTime,
    signed_in_before: OffsetDateTime,
    limit: i64,
) -> Result<PgQueryResult, DataError> {
    // The index login_attempts_age. The last sign-in of an account is noted with its count, and stays longer.
    Ok(sqlx::query!(
        "WITH past AS MATERIALIZED (
            SELECT subject_kind, subject_hash FROM login_attempts
            WHERE last_failure_at < $1
                AND (user_id IS NULL OR last_login_at IS NULL OR last_failure_at < $2)
            LIMIT $3
            FOR UPDATE SKIP LOCKED
        )
        DELETE FROM login_attempts AS a USING past
        WHERE a.subject_kind = past.subject_kind AND a.subject_hash = past.subject_hash",
        before,
        signed_in_before,
        limit,
    )
    .execute(&mut *tx)
    .await?)
}

async fn devices(tx: &mut Tx, before: OffsetDateTime, limit: i64) -> Result<PgQueryResult, DataError> {
    // Without an index: a look at the whole table once a day costs less than one that every sign-in would have to keep.
    Ok(sqlx::query!(
        "WITH past AS MATERIALIZED (
            SELECT user_id, device_hash FROM known_devices
            WHERE last_seen_at < $1
            LIMIT $2
            FOR UPDATE SKIP LOCKED
        )
        DELETE FROM known_devices AS d USING past
        WHERE d.user_id = past.user_id AND d.device_hash = past.device_hash",
        before,
        limit,
    )
    .execute(&mut *tx)
    .await?)
}

async fn steps(tx: &mut Tx, before: OffsetDateTime, limit: i64) -> Result<PgQueryResult, DataError> {
    // Without an index, for the same reason: there is one row for each account at most.
    Ok(sqlx::query!(
        "WITH past AS MATERIALIZED (
            SELECT user_id FROM totp_steps
            WHERE used_at < $1
            LIMIT $2
            FOR UPDATE SKIP LOCKED
        )
        DELETE FROM totp_steps AS t USING past WHERE t.user_id = past.user_id",
        before,
        limit,
    )
    .execute(&mut *tx)
    .await?)
}

async fn idempotency_keys(
    tx: &mut Tx,
    before: OffsetDateTime,
    limit: i64,
) -> Result<PgQueryResult, DataError> {
    // The index idempotency_keys_expiry.
    Ok(sqlx::query!(
        "WITH past AS MATERIALIZED (
            SELECT user_id, operation, key FROM idempotency_keys
            WHERE expires_at < $1
            LIMIT $2
            FOR UPDATE SKIP LOCKED
        )
        DELETE FROM idempotency_keys AS k USING past
        WHERE k.user_id = past.user_id AND k.operation = past.operation AND k.key = past.key",
        before,
        limit,
    )
    .execute(&mut *tx)
    .await?)
}

async fn mails(tx: &mut Tx, before: OffsetDateTime, limit: i64) -> Result<PgQueryResult, DataError> {
    // The index outbox_past.
    Ok(sqlx::query!(
        "WITH past AS MATERIALIZED (
            SELECT id FROM outbox
            WHERE state IN ('SENT', 'SUPPRESSED') AND created_at < $1
            LIMIT $2
            FOR UPDATE SKIP LOCKED
        )
        DELETE FROM outbox AS o USING past WHERE o.id = past.id",
        before,
        limit,
    )
    .execute(&mut *tx)
    .await?)
}

async fn runs(tx: &mut Tx, before: OffsetDateTime, limit: i64) -> Result<PgQueryResult, DataError> {
    // The index job_runs_finished. Those of a schedule that was forgotten long ago go as well.
    Ok(sqlx::query!(
        "WITH past AS MATERIALIZED (
            SELECT id FROM job_runs
            WHERE finished_at < $1
            LIMIT $2
            FOR UPDATE SKIP LOCKED
        )
        DELETE FROM job_runs AS r USING past WHERE r.id = past.id",
        before,
        limit,
    )
    .execute(&mut *tx)
    .await?)
}

async fn alerts(tx: &mut Tx, before: OffsetDateTime, limit: i64) -> Result<PgQueryResult, DataError> {
    // Without an index: there are a few of them a week.
    Ok(sqlx::query!(
        "WITH past AS MATERIALIZED (
            SELECT id FROM health_alerts
            WHERE end_told_at < $1
            LIMIT $2
            FOR UPDATE SKIP LOCKED
        )
        DELETE FROM health_alerts AS a USING past WHERE a.id = past.id",
        before,
        limit,
    )
    .execute(&mut *tx)
    .await?)
}

async fn events(tx: &mut Tx, before: OffsetDateTime, limit: i64) -> Result<PgQueryResult, DataError> {
    // The index stripe_events_received.
    Ok(sqlx::query!(
        "WITH past AS MATERIALIZED (
            SELECT id FROM stripe_events
            WHERE received_at < $1
            LIMIT $2
            FOR UPDATE SKIP LOCKED
        )
        DELETE FROM stripe_events AS e USING past WHERE e.id = past.id",
        before,
        limit,
    )
    .execute(&mut *tx)
    .await?)
}
