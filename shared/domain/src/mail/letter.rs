//! A mail before it is set as text and as HTML: its parts in their order.

use std::borrow::Cow;

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

use super::render::{Rendered, render};
use super::{MailKind, link, templates};
use crate::zone::ZoneName;

/// The longest value from a payload that a mail repeats, in characters.
const LONGEST_VALUE: usize = 120;
/// The longest name that a mail greets by, in characters.
const LONGEST_NAME: usize = 40;

/// The mail cannot be written however often it is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LetterError {
    /// The kind carries a token, and there is none.
    #[error("a {0} mail carries a token, and this one has none: give it a secret when it is added")]
    NoSecret(MailKind),
}

/// What the words of a mail are made from.
#[derive(Clone, Copy)]
pub struct Details<'a> {
    /// Whom it greets.
    pub first_name: Option<&'a str>,
    /// The mail's payload.
    pub payload: &'a Value,
    /// The token that its link carries.
    pub secret: Option<&'a str>,
    /// What its links begin with: scheme, host and perhaps a path.
    pub web_url: &'a str,
}

/// Writes a mail: the subject, and the body as text and as HTML.
///
/// # Errors
/// [`LetterError`] when something is missing that the kind cannot do without.
pub fn write(kind: MailKind, details: &Details<'_>) -> Result<Rendered, LetterError> {
    Ok(render(&templates::letter(kind, details)?))
}

/// The parts of a mail.
pub(super) struct Letter {
    pub(super) subject: Cow<'static, str>,
    pub(super) greeting: String,
    pub(super) parts: Vec<Part>,
}

/// One part.
pub(super) enum Part {
    /// A paragraph.
    Text(String),
    /// What the reader is asked to do.
    Link { label: &'static str, url: String },
    /// What happened, as names and values.
    Facts(Vec<(&'static str, String)>),
    /// A heading, and below it titles with where each leads.
    List {
        heading: String,
        items: Vec<(String, String)>,
    },
}

impl Letter {
    pub(super) fn new(subject: impl Into<Cow<'static, str>>, details: &Details<'_>) -> Self {
        let greeting = match details.greeted() {
            Some(name) => format!("Hello {name},"),
            None => "Hello,".to_owned(),
        };
        Self {
            subject: subject.into(),
            greeting,
            parts: Vec::new(),
        }
    }

    pub(super) fn text(mut self, text: impl Into<String>) -> Self {
        self.parts.push(Part::Text(text.into()));
        self
    }

    pub(super) fn link(mut self, label: &'static str, url: String) -> Self {
        self.parts.push(Part::Link { label, url });
        self
    }

    pub(super) fn list(mut self, heading: String, items: Vec<(String, String)>) -> Self {
        self.parts.push(Part::List { heading, items });
        self
    }

    /// Facts whose value is there; no part at all when none is.
    pub(super) fn facts<const N: usize>(mut self, facts: [(&'static str, Option<String>); N]) -> Self {
        let known: Vec<_> = facts
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect();
        if !known.is_empty() {
            self.parts.push(Part::Facts(known));
        }
        self
    }
}

impl Details<'_> {
    /// The name, when it looks like one. Who signs up with another's address chooses the name, and must not be able to put words
    /// or a link of theirs into our mail.
    fn greeted(&self) -> Option<&str> {
        let name = self.first_name?.trim();
        let plain = |c: char| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’');
        let fits = (1..=LONGEST_NAME).contains(&name.chars().count());
        (fits && name.chars().all(plain)).then_some(name)
    }

    /// A text of the payload on one line, cut where it is long.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        line(self.payload.get(name)?)
    }

    /// A whole number of the payload.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.payload.get(name)?.as_u64()
    }

    /// Whether the payload says so.
    pub(super) fn is(&self, name: &str) -> bool {
        self.payload.get(name) == Some(&Value::Bool(true))
    }

    /// An amount, from `amountCents` and `currency` of the payload.
    pub(super) fn price(&self) -> Option<String> {
        let cents = self.number("amountCents")?;
        let currency = self
            .value("currency")
            .map_or_else(String::new, |currency| format!(" {currency}"));
        Some(format!("{}.{:02}{currency}", cents / 100, cents % 100))
    }

    /// A time of the payload, in words.
    pub(super) fn moment(&self, name: &str) -> Option<String> {
        let at = OffsetDateTime::parse(self.payload.get(name)?.as_str()?, &Rfc3339).ok()?;
        let format = format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute] UTC");
        at.to_offset(time::UtcOffset::UTC).format(format).ok()
    }

    /// The day of a time of the payload, where the association is.
    pub(super) fn day(&self, name: &str) -> Option<String> {
        let at = OffsetDateTime::parse(self.payload.get(name)?.as_str()?, &Rfc3339).ok()?;
        let format = format_description!("[day padding:none] [month repr:long] [year]");
        ZoneName::default().on_its_clocks(at).format(format).ok()
    }

    /// A time of the payload in words, on the clocks of the time zone that another member names.
    pub(super) fn local_moment(&self, name: &str, zone: &str) -> Option<String> {
        let at = OffsetDateTime::parse(self.payload.get(name)?.as_str()?, &Rfc3339).ok()?;
        let zone: ZoneName = self.payload.get(zone)?.as_str()?.to_owned().try_into().ok()?;
        zone.in_words(at)
    }

    /// A page of the web client.
    pub(super) fn page(&self, path: &str) -> String {
        link::page(self.web_url, path)
    }

    /// A page of the web client that the mail's token opens.
    pub(super) fn opened(&self, kind: MailKind, path: &str) -> Result<String, LetterError> {
        let token = self.secret.ok_or(LetterError::NoSecret(kind))?;
        Ok(link::with_token(self.web_url, path, token))
    }
}

/// A text on one line, cut where it is long; none where it is something else, or empty.
pub(super) fn line(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    let line = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let line: String = line.take(LONGEST_VALUE).collect();
    (!line.is_empty()).then_some(line)
}
