//! A line of text as glyphs: the direction of each part (Unicode's bidirectional algorithm), its typeface, and the forms that its
//! letters take beside each other.

use std::ops::Range;

use harfrust::{Direction, ShapeOptions, ShaperData, UnicodeBuffer};
use krilla::text::{GlyphId, KrillaGlyph};
use unicode_bidi::BidiInfo;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::DocumentError;
use crate::fonts::{Face, FaceIndex, Faces, Weight};

/// A part of a line in one typeface and one direction.
pub(crate) struct Run {
    pub(crate) face: FaceIndex,
    pub(crate) text: String,
    pub(crate) glyphs: Vec<KrillaGlyph>,
    /// At size one.
    pub(crate) width: f32,
}

/// A line, its runs from left to right.
pub(crate) struct Line {
    pub(crate) runs: Vec<Run>,
}

impl Line {
    /// Sets a text in one line.
    ///
    /// # Errors
    /// [`DocumentError::Font`].
    pub(crate) fn set(faces: &mut Faces, text: &str, weight: Weight) -> Result<Self, DocumentError> {
        // A letter with its mark is one character where there is one: more typefaces have it, and searches find it.
        let text: String = text.nfc().collect();
        let bidi = BidiInfo::new(&text, None);
        let mut runs = Vec::new();
        for paragraph in &bidi.paragraphs {
            let (levels, parts) = bidi.visual_runs(paragraph, paragraph.range.clone());
            for part in parts {
                let leads_right = levels.get(part.start).is_some_and(unicode_bidi::Level::is_rtl);
                let mut pieces = pieces(faces, &text, part, weight)?;
                if leads_right {
                    pieces.reverse();
                }
                for (face, piece) in pieces {
                    let piece = text.get(piece).unwrap_or_default();
                    runs.extend(faces.get(face).map(|used| shape(used, face, piece, leads_right)));
                }
            }
        }
        Ok(Self { runs })
    }

    /// The width at a size.
    pub(crate) fn width(&self, size: f32) -> f32 {
        self.runs.iter().map(|run| run.width).sum::<f32>() * size
    }
}

/// A range of the text by its typefaces, in the order of the text.
fn pieces(
    faces: &mut Faces,
    text: &str,
    range: Range<usize>,
    weight: Weight,
) -> Result<Vec<(FaceIndex, Range<usize>)>, DocumentError> {
    let mut pieces: Vec<(FaceIndex, Range<usize>)> = Vec::new();
    let start = range.start;
    let part = text.get(range).unwrap_or_default();
    for (at, character) in part.char_indices() {
        let (from, to) = (start + at, start + at + character.len_utf8());
        let joins = character.is_whitespace() || is_combining_mark(character) || is_joiner(character);
        let before = pieces.last().map(|(face, _)| *face);
        let face = faces.with_character(character, weight, before.filter(|_| joins))?;
        match pieces.last_mut() {
            Some((last, piece)) if *last == face => piece.end = to,
            _ => pieces.push((face, from..to)),
        }
    }
    Ok(pieces)
}

/// Whether a character only says how its neighbours join.
const fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}')
}

fn shape(face: &Face, index: FaceIndex, text: &str, leads_right: bool) -> Run {
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.guess_segment_properties();
    buffer.set_direction(if leads_right {
        Direction::RightToLeft
    } else {
        Direction::LeftToRight
    });
    let data = ShaperData::new(&face.shaped);
    let shaped = data
        .shaper(&face.shaped)
        .build()
        .shape(buffer, ShapeOptions::default());
    let clusters: Vec<usize> = shaped
        .glyph_infos()
        .iter()
        .map(|info| usize::try_from(info.cluster).unwrap_or(0))
        .collect();
    let scale = face.font.units_per_em();
    let mut width = 0.0;
    let mut glyphs = Vec::with_capacity(clusters.len());
    for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
        let from = usize::try_from(info.cluster).unwrap_or(0);
        let glyph = KrillaGlyph::new(
            GlyphId::new(info.glyph_id),
            units(position.x_advance) / scale,
            units(position.x_offset) / scale,
            units(position.y_offset) / scale,
            units(position.y_advance) / scale,
            from..cluster_end(&clusters, from, text.len()),
            None,
        );
        width += glyph.x_advance;
        glyphs.push(glyph);
    }
    Run {
        face: index,
        text: text.to_owned(),
        glyphs,
        width,
    }
}

/// Where the cluster that begins there ends: at the beginning of the next in the text.
fn cluster_end(clusters: &[usize], from: usize, whole: usize) -> usize {
    let later = clusters.iter().copied().filter(|cluster| *cluster > from);
    later.min().unwrap_or(whole)
}

/// Units of a font: small whole numbers, which a float holds as they are.
#[allow(clippy::cast_precision_loss)]
const fn units(value: i32) -> f32 {
    value as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<String> {
        let line = Line::set(&mut Faces::default(), text, Weight::Regular).unwrap();
        line.runs.into_iter().map(|run| run.text).collect()
    }

    #[test]
    fn a_line_is_split_where_typeface_or_direction_change() {
        assert_eq!(parts("José Núñez"), ["José Núñez"]);
        assert_eq!(parts("Bruce 李小龙 Lee"), ["Bruce ", "李小龙 ", "Lee"]);
        // The Arabic name stands left of what is written after it in a right-to-left line.
        assert_eq!(parts("محمد Ali"), ["Ali", "محمد "]);
    }

    #[test]
    fn marks_are_composed_and_letters_join() {
        assert_eq!(parts("Jose\u{301}"), ["José"]);
        let line = Line::set(&mut Faces::default(), "سلام", Weight::Regular).unwrap();
        let run = &line.runs[0];
        // Lam and alef are one glyph; the first glyph, from the left, is the last letter.
        assert!(run.glyphs.len() < 4, "{}", run.glyphs.len());
        assert_eq!(run.glyphs[0].text_range.end, run.text.len());
    }

    #[test]
    fn a_line_is_as_wide_as_its_glyphs() {
        let width = |text: &str, size| {
            Line::set(&mut Faces::default(), text, Weight::Regular)
                .unwrap()
                .width(size)
        };
        assert!((width("iiii", 20.0) - 2.0 * width("iiii", 10.0)).abs() < 0.001);
        assert!(width("mmmm", 10.0) > width("iiii", 10.0));
        assert!(width("", 10.0).abs() < f32::EPSILON);
    }
}
