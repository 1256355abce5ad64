//! Documents for people: PDF with text that can be read out and searched, in any script that names of members are written in.
//!
//! The same contents always make the same bytes: no clock and no chance goes into a document.

mod certificate;
mod day;
mod fonts;
mod qr_code;
mod receipt;
mod sheet;
mod text;
mod wrap;

pub use certificate::{Certificate, certificate};
pub use day::day;
pub use fonts::Weight;
pub use receipt::{Receipt, receipt};
pub use sheet::{Align, Color, Description, Sheet, Space};

/// Why a document cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// A font that is shipped cannot be read.
    #[error("the font {0} cannot be read")]
    Font(&'static str),
    /// A text has no room in a QR code.
    #[error("no QR code can hold the address: {0}")]
    QrCode(String),
    /// A length is no number, or negative.
    #[error("a length is out of range")]
    Length,
    /// The document cannot be put together.
    #[error("the document cannot be put together: {0}")]
    Assembly(String),
}
