//! The certificate that a member has completed a course.

use time::OffsetDateTime;

use crate::DocumentError;
use crate::day::day;
use crate::fonts::Weight::{Bold, Regular};
use crate::sheet::{Align, Color, Description, Sheet, Space};

/// Letter paper, lying.
const PAPER: (f32, f32) = (792.0, 612.0);

const BLUE: Color = Color(0x1d, 0x4f, 0x91);
const GOLD: Color = Color(0xb8, 0x8a, 0x2e);
const DARK: Color = Color(0x22, 0x22, 0x22);
const GREY: Color = Color(0x55, 0x55, 0x55);

const ISSUER: &str = "NAMC NorCal";

/// What stands on a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate<'a> {
    /// Whom it is given.
    pub holder: &'a str,
    /// The title of the course.
    pub course: &'a str,
    /// Its number.
    pub number: &'a str,
    /// When the course was completed, on the clock whose day is printed.
    pub issued_at: OffsetDateTime,
    /// Until when it is good, on the same clock; for ever without.
    pub expires_at: Option<OffsetDateTime>,
    /// Where anyone verifies it.
    pub address: &'a str,
}

/// The certificate as a PDF of one page.
///
/// # Errors
/// [`DocumentError`] when the address is too long for a QR code, or a shipped font cannot be read.
pub fn certificate(contents: &Certificate<'_>) -> Result<Vec<u8>, DocumentError> {
    let (width, height) = PAPER;
    let mut sheet = Sheet::new(width, height);
    frame(&mut sheet)?;
    words(&mut sheet, contents)?;
    foot(&mut sheet, contents)?;
    sheet.finish(Description {
        title: format!("Certificate of Completion: {}", contents.course),
        author: ISSUER.to_owned(),
        subject: format!("{} has completed {}", contents.holder, contents.course),
        id: contents.number.to_owned(),
        dated: contents.issued_at,
    })
}

fn frame(sheet: &mut Sheet) -> Result<(), DocumentError> {
    let (width, height) = PAPER;
    let inset = |by: f32| Space {
        x: by,
        y: by,
        width: width - 2.0 * by,
        height: height - 2.0 * by,
    };
    sheet.frame(inset(24.0), 3.0, BLUE)?;
    sheet.frame(inset(32.0), 0.75, GOLD)?;
    sheet.area(
        Space {
            x: width / 2.0 - 60.0,
            y: 148.0,
            width: 120.0,
            height: 1.5,
        },
        GOLD,
    )
}

/// From the top to the date, each line in the middle of the page.
fn words(sheet: &mut Sheet, contents: &Certificate<'_>) -> Result<(), DocumentError> {
    let place = |y: f32, height: f32| Space {
        x: 76.0,
        y,
        width: PAPER.0 - 152.0,
        height,
    };
    let mut line = |text: &str, y: f32, height: f32, font, color| {
        sheet
            .text(text, place(y, height), font, Align::Center, color)
            .map(drop)
    };
    line(ISSUER, 58.0, 24.0, (14.0, Bold), BLUE)?;
    line("Certificate of Completion", 86.0, 52.0, (34.0, Bold), BLUE)?;
    line("This certifies that", 168.0, 24.0, (14.0, Regular), GREY)?;
    line(contents.holder, 196.0, 68.0, (40.0, Bold), DARK)?;
    line("has completed the course", 272.0, 24.0, (14.0, Regular), GREY)?;
    line(contents.course, 300.0, 78.0, (26.0, Bold), BLUE)?;
    let on = format!("on {}", day(contents.issued_at));
    line(&on, 386.0, 24.0, (14.0, Regular), DARK)
}

/// The number and how to verify it, beside the QR code.
fn foot(sheet: &mut Sheet, contents: &Certificate<'_>) -> Result<(), DocumentError> {
    let side = 116.0;
    let left = 60.0;
    let top = 440.0;
    sheet.qr_code(contents.address, (PAPER.0 - left - side, top), side)?;
    let mut line = |text: &str, y: f32, font, color| {
        let place = Space {
            x: left,
            y,
            width: PAPER.0 - 2.0 * left - side - 24.0,
            height: 20.0,
        };
        sheet.text(text, place, font, Align::Left, color).map(drop)
    };
    let number = format!("Certificate number {}", contents.number);
    line(&number, top + 24.0, (12.0, Bold), DARK)?;
    let validity = match contents.expires_at {
        Some(expires) => format!("Valid until {}", day(expires)),
        None => "Valid without limit of time".to_owned(),
    };
    line(&validity, top + 46.0, (11.0, Regular), DARK)?;
    line(
        "Anyone can verify it by this code, or at",
        top + 68.0,
        (9.5, Regular),
        GREY,
    )?;
    line(contents.address, top + 84.0, (9.5, Regular), GREY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn sample() -> Certificate<'static> {
        Certificate {
            holder: "María José Núñez-Đặng",
            course: "Estimating for public works",
            number: "8Q2T-M4XA-0V7K-PD33",
            issued_at: datetime!(2026-03-05 09:07 UTC),
            expires_at: Some(datetime!(2028-03-05 09:07 UTC)),
            address: "https://portal.example/v1/certificates/8Q2T-M4XA-0V7K-PD33",
        }
    }

    #[test]
    fn the_same_certificate_is_the_same_bytes() {
        let one = certificate(&sample()).unwrap();
        assert!(one.starts_with(b"%PDF-1."));
        assert_eq!(one, certificate(&sample()).unwrap());
        let other = Certificate {
            holder: "Ana Ruiz",
            ..sample()
        };
        assert_ne!(one, certificate(&other).unwrap());
    }

    #[test]
    fn only_what_is_needed_of_the_fonts_is_in_it() {
        let in_chinese = Certificate {
            holder: "李小龙",
            ..sample()
        };
        let bytes = certificate(&in_chinese).unwrap();
        assert!(bytes.len() < 80_000, "{} bytes", bytes.len());
    }
}
