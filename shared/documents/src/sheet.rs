//! One page to draw on, in points (1/72 inch) from its upper left corner.

use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Stroke};
use krilla::surface::Surface;
use krilla::{Document, SerializeSettings};
use time::OffsetDateTime;

use crate::DocumentError;
use crate::fonts::{Faces, Weight};
use crate::qr_code::{self, MARGIN};
use crate::wrap::{LEADING, fit};

/// What is told of a document beside its page.
#[derive(Clone, Debug)]
pub struct Description {
    /// The title.
    pub title: String,
    /// Who issues it.
    pub author: String,
    /// What it is about.
    pub subject: String,
    /// What it is known by, so that two copies are known as one.
    pub id: String,
    /// The moment that it is dated by.
    pub dated: OffsetDateTime,
}

/// A color: red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color(pub u8, pub u8, pub u8);

/// A space on the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Space {
    /// From the left.
    pub x: f32,
    /// From the top.
    pub y: f32,
    /// To the right.
    pub width: f32,
    /// Down.
    pub height: f32,
}

/// Where text stands in its space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// At the left.
    Left,
    /// In the middle.
    Center,
    /// At the right.
    Right,
}

/// What is on the page, in the order in which it is drawn.
enum Mark {
    Frame {
        place: Rect,
        width: f32,
        color: Color,
    },
    Area {
        places: Vec<Rect>,
        color: Color,
    },
    Text {
        block: crate::wrap::Block,
        place: Space,
        align: Align,
        color: Color,
    },
}

/// A page, and what is on it so far.
pub struct Sheet {
    size: (f32, f32),
    faces: Faces,
    marks: Vec<Mark>,
}

impl Sheet {
    /// An empty page of a width and a height.
    #[must_use]
    pub fn new(width: f32, height: f32) -> Self {
        Self {
            size: (width, height),
            faces: Faces::default(),
            marks: Vec::new(),
        }
    }

    /// Writes a text into a space, no larger than `size`; it breaks into lines and gets smaller until it has room. It stands in the
    /// middle of the height. Gives how high it is.
    ///
    /// # Errors
    /// [`DocumentError::Font`].
    pub fn text(
        &mut self,
        text: &str,
        place: Space,
        (size, weight): (f32, Weight),
        align: Align,
        color: Color,
    ) -> Result<f32, DocumentError> {
        let block = fit(&mut self.faces, text, weight, (place.width, place.height), size)?;
        let height = block.height();
        self.marks.push(Mark::Text {
            block,
            place,
            align,
            color,
        });
        Ok(height)
    }

    /// Draws the outline of a space.
    ///
    /// # Errors
    /// [`DocumentError::Length`].
    pub fn frame(&mut self, place: Space, width: f32, color: Color) -> Result<(), DocumentError> {
        let place = rect(place)?;
        self.marks.push(Mark::Frame { place, width, color });
        Ok(())
    }

    /// Fills a space.
    ///
    /// # Errors
    /// [`DocumentError::Length`].
    pub fn area(&mut self, place: Space, color: Color) -> Result<(), DocumentError> {
        let places = vec![rect(place)?];
        self.marks.push(Mark::Area { places, color });
        Ok(())
    }

    /// Draws a text as a QR code, with its margin, into a square whose upper left corner and side are given.
    ///
    /// # Errors
    /// [`DocumentError::QrCode`] when the text is too long.
    pub fn qr_code(&mut self, text: &str, (x, y): (f32, f32), side: f32) -> Result<(), DocumentError> {
        let code = qr_code::modules(text)?;
        let unit = side / steps(code.side + 2 * MARGIN);
        let square = |(column, row): &(usize, usize)| {
            rect(Space {
                x: x + unit * steps(column + MARGIN),
                y: y + unit * steps(row + MARGIN),
                width: unit,
                height: unit,
            })
        };
        let places = code.dark.iter().map(square).collect::<Result<_, _>>()?;
        self.marks.push(Mark::Area {
            places,
            color: Color(0, 0, 0),
        });
        Ok(())
    }

    /// The document with this page.
    ///
    /// # Errors
    /// [`DocumentError::Assembly`].
    pub fn finish(self, description: Description) -> Result<Vec<u8>, DocumentError> {
        let mut document = Document::new_with(SerializeSettings::default());
        document.set_metadata(metadata(description));
        let (width, height) = self.size;
        let settings = PageSettings::from_wh(width, height).ok_or(DocumentError::Length)?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for mark in &self.marks {
            draw(&mut surface, &self.faces, mark);
        }
        surface.finish();
        page.finish();
        document
            .finish()
            .map_err(|error| DocumentError::Assembly(format!("{error:?}")))
    }
}

fn metadata(description: Description) -> Metadata {
    let at = description.dated.to_offset(time::UtcOffset::UTC);
    let year = u16::try_from(at.year()).unwrap_or(0);
    Metadata::new()
        .title(description.title)
        .authors(vec![description.author])
        .description(description.subject)
        .document_id(description.id)
        .language("en-US".to_owned())
        .creation_date(
            DateTime::new(year)
                .month(at.month().into())
                .day(at.day())
                .hour(at.hour())
                .minute(at.minute())
                .second(at.second())
                .utc_offset_hour(0)
                .utc_offset_minute(0),
        )
}

fn draw(surface: &mut Surface<'_>, faces: &Faces, mark: &Mark) {
    match mark {
        Mark::Frame { place, width, color } => {
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke {
                paint: paint(*color),
                width: *width,
                ..Stroke::default()
            }));
            path(surface, std::slice::from_ref(place));
            surface.set_stroke(None);
        }
        Mark::Area { places, color } => {
            surface.set_fill(Some(fill(*color)));
            path(surface, places);
        }
        Mark::Text {
            block,
            place,
            align,
            color,
        } => {
            surface.set_fill(Some(fill(*color)));
            // A letter stands on its line about a third of the leading above the bottom of it.
            let mut baseline =
                place.y + (place.height - block.height()) / 2.0 + block.size * (0.5 + LEADING / 2.0 - 0.15);
            for line in &block.lines {
                let free = place.width - line.width(block.size);
                let mut x = place.x
                    + match align {
                        Align::Left => 0.0,
                        Align::Center => free / 2.0,
                        Align::Right => free,
                    };
                for run in &line.runs {
                    let Some(face) = faces.get(run.face) else { continue };
                    let from = Point::from_xy(x, baseline);
                    surface.draw_glyphs(from, &run.glyphs, face.font.clone(), &run.text, block.size, false);
                    x += run.width * block.size;
                }
                baseline += block.size * LEADING;
            }
        }
    }
}

fn path(surface: &mut Surface<'_>, places: &[Rect]) {
    let mut builder = PathBuilder::new();
    for place in places {
        builder.push_rect(*place);
    }
    if let Some(path) = builder.finish() {
        surface.draw_path(&path);
    }
}

fn paint(Color(red, green, blue): Color) -> krilla::paint::Paint {
    rgb::Color::new(red, green, blue).into()
}

fn fill(color: Color) -> Fill {
    Fill {
        paint: paint(color),
        opacity: NormalizedF32::ONE,
        rule: FillRule::NonZero,
    }
}

fn rect(place: Space) -> Result<Rect, DocumentError> {
    Rect::from_xywh(place.x, place.y, place.width, place.height).ok_or(DocumentError::Length)
}

/// A small count as a float, which holds it as it is.
#[allow(clippy::cast_precision_loss)]
const fn steps(count: usize) -> f32 {
    count as f32
}
