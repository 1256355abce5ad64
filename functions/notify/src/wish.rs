//! What the receiver of a mail wants to become of it.

use portal_data::notifications::UnsubscribeLink;
use portal_data::outbox::ClaimedMail;
use portal_domain::mail::MailKind;
use portal_domain::notification::Topic;
use time::OffsetDateTime;

use crate::deliver::Trouble;
use crate::handler::Run;

/// When a mail may go out, as far as its receiver is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    Now,
    Later(OffsetDateTime),
    Never,
}

impl Wish {
    /// Of a topic the receiver may want no mails, or none at this hour. Asked when it is sent, and not when it is written, so that what
    /// was chosen last counts.
    pub(crate) fn of(mail: &ClaimedMail) -> Self {
        if mail.account_deleted {
            return Self::Never;
        }
        match (topic(mail), mail.quiet_until) {
            (Some(topic), _) if !topic.is_mailed(&mail.preferences) => Self::Never,
            (Some(_), Some(until)) => Self::Later(until),
            _ => Self::Now,
        }
    }
}

/// What an optional mail is about. A kind that this version does not know waits for one that does.
fn topic(mail: &ClaimedMail) -> Option<Topic> {
    mail.kind.parse().ok().and_then(MailKind::topic)
}

impl Run<'_> {
    /// The address to which a mail program posts when the receiver of an optional mail wants no more (RFC 8058).
    pub(crate) async fn unsubscribe_address(&self, mail: &ClaimedMail) -> Result<Option<String>, Trouble> {
        let Some((topic, member)) = topic(mail).zip(mail.user_id) else {
            return Ok(None);
        };
        let keys = self
            .link_keys
            .get()
            .await
            .map_err(|error| Trouble::mail(format!("the signing keys cannot be had: {error}")))?;
        let token = keys.sign(UnsubscribeLink { member, topic });
        let base = self.settings.api_url.trim_end_matches('/');
        Ok(token.map(|token| format!("{base}/v1/notifications/unsubscribe?token={token}")))
    }
}
