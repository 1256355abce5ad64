//! What members want to be told of and when, and the links by which they say so from a mail.
//!
//! Which topics are mailed is part of the profile; quiet hours and the rest stand in `notification_settings`, where a member has said
//! anything. Both count as one resource, whose version is the sum of theirs: it grows with every change of either.

mod link;

use portal_domain::ids::UserId;
use portal_domain::notification::{DEFAULT_ZONE, NotificationChoices, QuietHours, TimeOfDay, Topic, Topics};
use serde_json::{Map, Value};

use crate::single_row::one;
use crate::{DataError, Tx};

pub use link::{LinkKeys, UnsubscribeLink};

/// A member's choices as they are stored.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredChoices {
    /// The choices.
    pub choices: NotificationChoices,
    /// Raised by every change of them, and of the profile.
    pub version: i32,
    preferences: Map<String, Value>,
}

/// A member's own choices.
///
/// # Errors
/// [`DataError::NotFound`] for an account that is not the caller's, and those of the query.
pub async fn lookup(tx: &mut Tx, me: UserId) -> Result<StoredChoices, DataError> {
    let row = sqlx::query!(
        r#"SELECT u.notification_preferences, u.version,
            s.time_zone AS "time_zone?", s.quiet_from AS "quiet_from?", s.quiet_until AS "quiet_until?",
            s.accepts_messages AS "accepts_messages?", s.version AS "settings_version?"
        FROM users AS u
        LEFT JOIN notification_settings AS s ON s.user_id = u.id
        WHERE u.id = $1"#,
        me.as_uuid(),
    )
    .fetch_one(&mut *tx)
    .await?;
    let quiet_hours = row
        .quiet_from
        .zip(row.quiet_until)
        .map(|(from, until)| QuietHours {
            from: TimeOfDay(from),
            until: TimeOfDay(until),
        });
    Ok(StoredChoices {
        choices: NotificationChoices {
            topics: Topics::of(&row.notification_preferences),
            quiet_hours,
            time_zone: row.time_zone.unwrap_or_else(|| DEFAULT_ZONE.to_owned()),
            accepts_messages: row.accepts_messages.unwrap_or(true),
        },
        version: row.version + row.settings_version.unwrap_or(0),
        preferences: match row.notification_preferences {
            Value::Object(preferences) => preferences,
            _ => Map::new(),
        },
    })
}

/// The same, held until the transaction ends.
///
/// # Errors
/// As [`lookup`].
pub async fn lock(tx: &mut Tx, me: UserId) -> Result<StoredChoices, DataError> {
    sqlx::query!("SELECT id FROM users WHERE id = $1 FOR UPDATE", me.as_uuid())
        .fetch_one(&mut *tx)
        .await?;
    lookup(tx, me).await
}

/// Writes what differs from locked choices.
///
/// # Errors
/// [`DataError`] of the queries.
pub async fn change(
    tx: &mut Tx,
    me: UserId,
    stored: &StoredChoices,
    choices: &NotificationChoices,
) -> Result<(), DataError> {
    if choices.topics != stored.choices.topics {
        let preferences = Value::Object(choices.topics.put_into(&stored.preferences));
        let changed = sqlx::query!(
            "UPDATE users SET notification_preferences = $2 WHERE id = $1",
            me.as_uuid(),
            preferences,
        );
        one(changed.execute(&mut *tx).await?.rows_affected())?;
    }
    let rest = |choices: &NotificationChoices| {
        (
            choices.quiet_hours,
            choices.time_zone.clone(),
            choices.accepts_messages,
        )
    };
    if rest(choices) != rest(&stored.choices) {
        let written = sqlx::query!(
            "INSERT INTO notification_settings (user_id, time_zone, quiet_from, quiet_until, accepts_messages)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (user_id) DO UPDATE SET
                time_zone = EXCLUDED.time_zone,
                quiet_from = EXCLUDED.quiet_from,
                quiet_until = EXCLUDED.quiet_until,
                accepts_messages = EXCLUDED.accepts_messages",
            me.as_uuid(),
            choices.time_zone,
            choices.quiet_hours.map(|hours| hours.from.0),
            choices.quiet_hours.map(|hours| hours.until.0),
            choices.accepts_messages,
        );
        one(written.execute(&mut *tx).await?.rows_affected())?;
    }
    Ok(())
}

/// Whether the database knows a time zone, by which it will have to tell the time.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn is_time_zone(tx: &mut Tx, name: &str) -> Result<bool, DataError> {
    let known = sqlx::query_scalar!(r#"SELECT app.is_time_zone($1) AS "known!""#, name);
    Ok(known.fetch_one(&mut *tx).await?)
}

/// Ends mails of a topic to a member, who has not signed in but has a link of ours; false where there is no such account any more.
///
/// # Errors
/// [`DataError`] of the query.
pub async fn unsubscribe(tx: &mut Tx, member: UserId, topic: Topic) -> Result<bool, DataError> {
    let found = sqlx::query_scalar!(
        r#"SELECT app.unsubscribe($1, $2) AS "found!""#,
        member.as_uuid(),
        topic.as_str(),
    );
    Ok(found.fetch_one(&mut *tx).await?)
}
