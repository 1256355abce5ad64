//! The mails of sign-in.

use portal_data::accounts::Account;
use portal_data::single_use_tokens::{self, Purpose, SecretToken};
use portal_data::{Tx, outbox};
use portal_domain::ids::UserId;
use portal_domain::mail::{Mail, MailKind};
use portal_http::Problem;
use ring::rand::SystemRandom;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use crate::Auth;
use crate::sign_in::{Device, no_randomness};

/// A link that a mail carries, with a token that is good once and for a while.
pub(crate) struct Link {
    /// What the token is good for.
    purpose: Purpose,
    /// The mail.
    kind: MailKind,
    /// For how long it is good.
    pub(crate) lasts: Duration,
}

/// Confirms the address of a new account.
pub(crate) static CONFIRM_ADDRESS: Link = Link {
    purpose: Purpose::VerifyEmail,
    kind: MailKind::VerifyEmail,
    lasts: Duration::days(1),
};

/// Confirms the new address of an account.
pub(crate) static CONFIRM_NEW_ADDRESS: Link = Link {
    purpose: Purpose::ChangeEmail,
    kind: MailKind::EmailChangeConfirm,
    lasts: Duration::days(1),
};

/// Sets a new password: good for longer than the longest pause between two of them.
pub(crate) static SET_PASSWORD: Link = Link {
    purpose: Purpose::ResetPassword,
    kind: MailKind::ResetPassword,
    lasts: Duration::hours(2),
};

impl Link {
    /// Makes a token, keeps its hash with what it is about, and puts in the mail that carries it. The transaction is the caller's to
    /// commit.
    ///
    /// # Errors
    /// A 503 problem when the database or the keys are away.
    pub(crate) async fn send(
        &self,
        auth: &Auth,
        tx: &mut Tx,
        user: UserId,
        recipient: &str,
        about: &Value,
    ) -> Result<(), Problem> {
        let now = auth.now();
        let token = SecretToken::generate(&SystemRandom::new()).map_err(no_randomness)?;
        single_use_tokens::add(tx, &token, self.purpose, user, about, now, now + self.lasts).await?;
        let mail = Mail {
            user_id: Some(user),
            payload: json!({"validMinutes": self.lasts.whole_minutes()}),
            secret: Some(token.text()),
            ..Mail::new(self.kind, recipient)
        };
        Ok(outbox::add(tx, &auth.sealer, &mail).await?)
    }
}

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
