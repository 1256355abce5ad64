//! The receipt for money that was taken.

use time::OffsetDateTime;

use crate::DocumentError;
use crate::day::day;
use crate::fonts::Weight::{self, Bold, Regular};
use crate::sheet::{Align, Color, Description, Sheet, Space};

/// Letter paper, standing.
const PAPER: (f32, f32) = (612.0, 792.0);
const MARGIN: f32 = 64.0;

const BLUE: Color = Color(0x1d, 0x4f, 0x91);
const DARK: Color = Color(0x22, 0x22, 0x22);
const GREY: Color = Color(0x55, 0x55, 0x55);

const ISSUER: &str = "NAMC NorCal";

/// What stands on a receipt. Amounts are cents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt<'a> {
    /// Its number.
    pub number: &'a str,
    /// When the money was taken, on the clock whose day is to be printed.
    pub issued_at: OffsetDateTime,
    /// Who has paid.
    pub payer: &'a str,
    /// The payer's firm.
    pub company: Option<&'a str>,
    /// What was paid for.
    pub description: &'a str,
    /// What was paid.
    pub amount: i64,
    /// What was given back.
    pub refunded: i64,
    /// The currency's code.
    pub currency: &'a str,
}

/// The receipt as a PDF of one page.
///
/// # Errors
/// [`DocumentError`] when a shipped font cannot be read.
pub fn receipt(contents: &Receipt<'_>) -> Result<Vec<u8>, DocumentError> {
    let mut sheet = Sheet::new(PAPER.0, PAPER.1);
    line(&mut sheet, ISSUER, (64.0, 24.0), (14.0, Bold), BLUE)?;
    line(&mut sheet, "Receipt", (90.0, 44.0), (30.0, Bold), BLUE)?;
    rule(&mut sheet, 142.0)?;
    let mut y = 164.0;
    let date = day(contents.issued_at);
    let facts = [
        ("Number", Some(contents.number)),
        ("Date", Some(date.as_str())),
        ("Received from", Some(contents.payer)),
        ("Firm", contents.company),
        ("For", Some(contents.description)),
    ];
    for (name, value) in facts {
        let Some(value) = value else { continue };
        y = fact(&mut sheet, y, name, value)?;
    }
    rule(&mut sheet, y + 8.0)?;
    y = sum(&mut sheet, y + 24.0, "Paid", contents.amount, contents)?;
    if contents.refunded > 0 {
        y = sum(&mut sheet, y, "Given back", -contents.refunded, contents)?;
        sum(
            &mut sheet,
            y,
            "Remaining",
            contents.amount - contents.refunded,
            contents,
        )?;
    }
    sheet.finish(Description {
        title: format!("Receipt {}", contents.number),
        author: ISSUER.to_owned(),
        subject: contents.description.to_owned(),
        id: contents.number.to_owned(),
        dated: contents.issued_at,
    })
}

fn width() -> f32 {
    PAPER.0 - 2.0 * MARGIN
}

fn rule(sheet: &mut Sheet, y: f32) -> Result<(), DocumentError> {
    let place = Space {
        x: MARGIN,
        y,
        width: width(),
        height: 0.75,
    };
    sheet.area(place, GREY)
}

fn line(
    sheet: &mut Sheet,
    text: &str,
    (y, height): (f32, f32),
    font: (f32, Weight),
    color: Color,
) -> Result<(), DocumentError> {
    let place = Space {
        x: MARGIN,
        y,
        width: width(),
        height,
    };
    sheet.text(text, place, font, Align::Left, color).map(drop)
}

/// A name and its value; gives where the next one stands.
fn fact(sheet: &mut Sheet, y: f32, name: &str, value: &str) -> Result<f32, DocumentError> {
    let height = if value.chars().count() > 60 { 40.0 } else { 22.0 };
    let column = 120.0;
    let place = |x: f32, width: f32| Space { x, y, width, height };
    sheet.text(name, place(MARGIN, column), (11.0, Regular), Align::Left, GREY)?;
    sheet.text(
        value,
        place(MARGIN + column, width() - column),
        (11.0, Regular),
        Align::Left,
        DARK,
    )?;
    Ok(y + height + 4.0)
}

/// An amount at the right; gives where the next one stands.
fn sum(
    sheet: &mut Sheet,
    y: f32,
    name: &str,
    cents: i64,
    contents: &Receipt<'_>,
) -> Result<f32, DocumentError> {
    let place = Space {
        x: MARGIN,
        y,
        width: width(),
        height: 22.0,
    };
    sheet.text(name, place, (12.0, Bold), Align::Left, DARK)?;
    sheet.text(
        &amount(cents, contents.currency),
        place,
        (12.0, Bold),
        Align::Right,
        DARK,
    )?;
    Ok(y + 26.0)
}

/// Cents in the notation of people.
fn amount(cents: i64, currency: &str) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let cents = cents.unsigned_abs();
    format!("{sign}{}.{:02} {currency}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn sample() -> Receipt<'static> {
        Receipt {
            number: "R2026-0000123",
            issued_at: datetime!(2026-03-05 09:07 UTC),
            payer: "María José Núñez-Đặng",
            company: Some("Acme Builders, Inc"),
            description: "Corporate membership (renew)",
            amount: 250_000,
            refunded: 0,
            currency: "USD",
        }
    }

    #[test]
    fn the_same_receipt_is_the_same_bytes() {
        let one = receipt(&sample()).unwrap();
        assert!(one.starts_with(b"%PDF-1."));
        assert_eq!(one, receipt(&sample()).unwrap());
        let refunded = Receipt {
            refunded: 5_000,
            ..sample()
        };
        assert_ne!(one, receipt(&refunded).unwrap());
    }

    #[test]
    fn amounts_are_written_to_the_cent() {
        assert_eq!(amount(250_005, "USD"), "2500.05 USD");
        assert_eq!(amount(-7, "USD"), "-0.07 USD");
    }
}
