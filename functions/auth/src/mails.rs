//! The mails of sign-in.

use portal_data::accounts::Account;
use portal_data::single_use_tokens::SecretToken;
use portal_domain::ids::UserId;
use portal_domain::mail::{Mail, MailKind};
use serde_json::json;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use crate::sign_in::Device;

/// Tells the owner of an account what happened to it, when, and from where.
pub(crate) fn mail_about(kind: MailKind, account: &Account, device: &Device, now: OffsetDateTime) -> Mail {
    Mail {
        user_id: Some(account.id),
        payload: json!({
            "at": moment(now),
            "device": device.description,
            "address": device.address.map(|address| address.to_canonical().to_string()),
        }),
        ..Mail::new(kind, &*account.email)
    }
}

/// Sends a token that is good for a while.
pub(crate) fn mail_with_token(
    kind: MailKind,
    user: UserId,
    recipient: &str,
    token: &SecretToken,
    valid: Duration,
) -> Mail {
    Mail {
        user_id: Some(user),
        payload: json!({"validMinutes": valid.whole_minutes()}),
        secret: Some(token.text()),
        ..Mail::new(kind, recipient)
    }
}

/// Tells the owner of an account that somebody wanted to use its address for another, at most once a day.
pub(crate) fn already_registered(owner: &Account, now: OffsetDateTime) -> Mail {
    Mail {
        user_id: Some(owner.id),
        deduplication_key: Some(format!("already-registered/{}/{}", owner.id, now.date())),
        ..Mail::new(MailKind::AlreadyRegistered, &*owner.email)
    }
}

/// Tells the owner of an account that others guess at its password, at most once a day.
pub(crate) fn locked(owner: &Account, device: &Device, until: OffsetDateTime, now: OffsetDateTime) -> Mail {
    let mut mail = mail_about(MailKind::AccountLocked, owner, device, now);
    if let Some(payload) = mail.payload.as_object_mut() {
        payload.remove("device");
        payload.insert("until".to_owned(), moment(until).into());
    }
    Mail {
        deduplication_key: Some(format!("account-locked/{}/{}", owner.id, now.date())),
        ..mail
    }
}

/// RFC 3339; no time that a clock gives is past what it can write.
fn moment(at: OffsetDateTime) -> Option<String> {
    at.format(&Rfc3339).ok()
}
