//! Breaking a text into lines, at the largest size at which it has room.

use crate::DocumentError;
use crate::fonts::{Faces, Weight};
use crate::text::Line;

/// The distance of lines, by their size.
pub(crate) const LEADING: f32 = 1.35;

/// The smallest size that text is set in.
const SMALLEST: f32 = 6.0;

/// Lines at a size.
pub(crate) struct Block {
    pub(crate) lines: Vec<Line>,
    pub(crate) size: f32,
}

impl Block {
    /// The height from the top of the first line to the bottom of the last.
    pub(crate) fn height(&self) -> f32 {
        (0..self.lines.len()).map(|_| self.size * LEADING).sum()
    }
}

/// Sets a text in a space of a width and a height, no larger than `largest`. What has no room at the smallest size is set in it all the
/// same: nothing is left out.
///
/// # Errors
/// [`DocumentError::Font`].
pub(crate) fn fit(
    faces: &mut Faces,
    text: &str,
    weight: Weight,
    (width, height): (f32, f32),
    largest: f32,
) -> Result<Block, DocumentError> {
    let mut size = largest;
    loop {
        let block = Block {
            lines: lines(faces, text, weight, width / size)?,
            size,
        };
        if block.height() <= height || size <= SMALLEST {
            return Ok(block);
        }
        size = (size * 0.92).max(SMALLEST);
    }
}

/// The lines of a text in a width that is given at size one: words as long as there is room, words that have none by their letters.
fn lines(faces: &mut Faces, text: &str, weight: Weight, width: f32) -> Result<Vec<Line>, DocumentError> {
    let mut lines = Vec::new();
    let mut current = String::new();
    for word in text.split_whitespace() {
        let longer = if current.is_empty() {
            word.to_owned()
        } else {
            format!("{current} {word}")
        };
        if Line::set(faces, &longer, weight)?.width(1.0) <= width {
            current = longer;
            continue;
        }
        if !current.is_empty() {
            lines.push(Line::set(faces, &current, weight)?);
        }
        current = broken(faces, word, weight, width, &mut lines)?;
    }
    if !current.is_empty() {
        lines.push(Line::set(faces, &current, weight)?);
    }
    Ok(lines)
}

/// Breaks a word into lines where it is longer than one; what is left begins the next.
fn broken(
    faces: &mut Faces,
    word: &str,
    weight: Weight,
    width: f32,
    lines: &mut Vec<Line>,
) -> Result<String, DocumentError> {
    if Line::set(faces, word, weight)?.width(1.0) <= width {
        return Ok(word.to_owned());
    }
    // By the widths of the letters alone: beside each other they are no wider.
    let (mut current, mut filled) = (String::new(), 0.0);
    for character in word.chars() {
        let wide = Line::set(faces, character.encode_utf8(&mut [0; 4]), weight)?.width(1.0);
        if !current.is_empty() && filled + wide > width {
            lines.push(Line::set(faces, &current, weight)?);
            (current, filled) = (String::new(), 0.0);
        }
        current.push(character);
        filled += wide;
    }
    Ok(current)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str, space: (f32, f32), largest: f32) -> (Vec<String>, f32) {
        let block = fit(&mut Faces::default(), text, Weight::Regular, space, largest).unwrap();
        let lines = block
            .lines
            .iter()
            .map(|line| line.runs.iter().map(|run| run.text.as_str()).collect::<String>());
        (lines.collect(), block.size)
    }

    #[test]
    fn a_short_text_is_one_line_at_the_largest_size() {
        assert_eq!(
            set("Ana Ruiz", (400.0, 60.0), 36.0),
            (vec!["Ana Ruiz".to_owned()], 36.0)
        );
    }

    #[test]
    fn a_long_text_gets_smaller_and_breaks_between_words_and_loses_nothing() {
        let text = "Estimating and bidding for public works in Northern California ".repeat(4);
        let (lines, size) = set(&text, (300.0, 60.0), 30.0);
        assert!(size < 30.0 && lines.len() > 1, "{size} {lines:?}");
        assert_eq!(lines.join(" "), text.trim());
    }

    #[test]
    fn what_has_no_spaces_breaks_between_letters() {
        let text = "李".repeat(100);
        let (lines, _) = set(&text, (200.0, 60.0), 30.0);
        assert!(lines.len() > 1);
        assert_eq!(lines.concat(), text);
    }
}
