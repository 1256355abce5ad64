//! A letter as plain text and as HTML.

use std::borrow::Cow;
use std::fmt;

use super::letter::{Letter, Part};

const SIGNATURE: &str = "NAMC NorCal member portal";

/// A mail as it goes out.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The subject.
    pub subject: Cow<'static, str>,
    /// The body for readers of plain text.
    pub text: String,
    /// The same as an HTML document.
    pub html: String,
}

/// Shows the subject alone: the bodies may carry a token.
impl fmt::Debug for Rendered {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Rendered")
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}

pub(super) fn render(letter: &Letter) -> Rendered {
    Rendered {
        subject: letter.subject.clone(),
        text: text(letter),
        html: html(letter),
    }
}

fn text(letter: &Letter) -> String {
    let mut paragraphs = vec![letter.greeting.clone()];
    paragraphs.extend(letter.parts.iter().map(|part| match part {
        Part::Text(text) => text.clone(),
        Part::Link { label, url } => format!("{label}:\n{url}"),
        Part::Facts(facts) => {
            let lines: Vec<_> = facts
                .iter()
                .map(|(name, value)| format!("{name}: {value}"))
                .collect();
            lines.join("\n")
        }
        Part::List { heading, items } => {
            let items: String = items
                .iter()
                .map(|(title, url)| format!("\n- {title}\n  {url}"))
                .collect();
            format!("{heading}{items}")
        }
    }));
    format!("{}\n\n-- \n{SIGNATURE}\n", paragraphs.join("\n\n"))
}

/// Styles stand at each element: many mail clients drop style sheets. No pictures and no fonts are loaded, so nothing tells that a
/// mail was opened.
fn html(letter: &Letter) -> String {
    let mut body = format!("<p>{}</p>\n", escape(&letter.greeting));
    for part in &letter.parts {
        body.push_str(&match part {
            Part::Text(text) => format!("<p>{}</p>\n", escape(text)),
            Part::Link { label, url } => format!(
                "<p><a href=\"{url}\" style=\"display:inline-block;padding:10px 18px;background:#1d4f91;color:#ffffff;\
                 text-decoration:none;border-radius:4px\">{}</a></p>\n\
                 <p style=\"font-size:13px;color:#555555;word-break:break-all\">{url}</p>\n",
                escape(label),
                url = escape(url),
            ),
            Part::Facts(facts) => {
                let rows: String = facts.iter().map(row).collect();
                format!("<table style=\"border-collapse:collapse\">\n{rows}</table>\n")
            }
            Part::List { heading, items } => {
                let items: String = items.iter().map(item).collect();
                format!("<p><strong>{}</strong></p>\n<ul>\n{items}</ul>\n", escape(heading))
            }
        });
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{subject}</title></head>\n\
         <body style=\"font-family:sans-serif;font-size:15px;line-height:1.5;color:#222222;max-width:560px\">\n\
         {body}<p style=\"font-size:13px;color:#555555\">{SIGNATURE}</p>\n</body>\n</html>\n",
        subject = escape(&letter.subject),
    )
}

fn row((name, value): &(&'static str, String)) -> String {
    format!(
        "<tr><td style=\"padding:2px 12px 2px 0;color:#555555\">{}</td><td>{}</td></tr>\n",
        escape(name),
        escape(value)
    )
}

fn item((title, url): &(String, String)) -> String {
    format!("<li><a href=\"{}\">{}</a></li>\n", escape(url), escape(title))
}

/// Makes a text safe between tags and in quoted attributes.
fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    Cow::Owned(safe)
}
