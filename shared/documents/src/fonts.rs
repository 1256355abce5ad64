//! The typefaces, and which of them has a character.

use krilla::text::Font;
use skrifa::{FontRef, MetadataProvider as _};

use crate::DocumentError;

/// How bold text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// As in a book.
    Regular,
    /// As a heading.
    Bold,
}

/// A typeface as it is shipped.
struct File {
    name: &'static str,
    bytes: &'static [u8],
}

macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        [$(File { name: $name, bytes: include_bytes!(concat!("../fonts/", $name, ".ttf")) }),+]
    };
}

static BOLD: File = File {
    name: "NotoSans-Bold",
    bytes: include_bytes!("../fonts/NotoSans-Bold.ttf"),
};

/// Those that a character is looked for in, one after the other: Latin, Greek and Cyrillic first, Chinese, Japanese and Korean
/// last.
static FILES: [File; 11] = files![
    "NotoSans-Regular",
    "NotoSansArabic-Regular",
    "NotoSansArmenian-Regular",
    "NotoSansDevanagari-Regular",
    "NotoSansEthiopic-Regular",
    "NotoSansGeorgian-Regular",
    "NotoSansGurmukhi-Regular",
    "NotoSansHebrew-Regular",
    "NotoSansThai-Regular",
    "DroidSansFallbackFull",
    "NanumSquareR",
];

/// A typeface that is in use.
pub(crate) struct Face {
    /// As the document embeds it.
    pub(crate) font: Font,
    /// As text is set with it.
    pub(crate) shaped: FontRef<'static>,
    file: &'static File,
}

/// The typefaces that a document uses so far; each is read when it is first wanted.
#[derive(Default)]
pub(crate) struct Faces {
    used: Vec<Face>,
}

/// One of the typefaces in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FaceIndex(usize);

impl Faces {
    /// The typeface that has a character; one that has it already is preferred for what joins its neighbours. What none has is set in
    /// the first, which shows an empty box.
    ///
    /// # Errors
    /// [`DocumentError::Font`].
    pub(crate) fn with_character(
        &mut self,
        character: char,
        weight: Weight,
        neighbour: Option<FaceIndex>,
    ) -> Result<FaceIndex, DocumentError> {
        if let Some(index) = neighbour
            && self.get(index).is_some_and(|face| has(&face.shaped, character))
        {
            return Ok(index);
        }
        let bold = (weight == Weight::Bold).then_some(&BOLD);
        for file in bold.into_iter().chain(&FILES) {
            if has(&read(file)?, character) {
                return self.index(file);
            }
        }
        self.index(bold.unwrap_or(first()))
    }

    pub(crate) fn get(&self, index: FaceIndex) -> Option<&Face> {
        self.used.get(index.0)
    }

    fn index(&mut self, file: &'static File) -> Result<FaceIndex, DocumentError> {
        if let Some(at) = self.used.iter().position(|face| std::ptr::eq(face.file, file)) {
            return Ok(FaceIndex(at));
        }
        let font = Font::new(file.bytes.into(), 0).ok_or(DocumentError::Font(file.name))?;
        self.used.push(Face {
            font,
            shaped: read(file)?,
            file,
        });
        Ok(FaceIndex(self.used.len() - 1))
    }
}

fn first() -> &'static File {
    let [first, ..] = &FILES;
    first
}

fn read(file: &'static File) -> Result<FontRef<'static>, DocumentError> {
    FontRef::new(file.bytes).map_err(|_| DocumentError::Font(file.name))
}

fn has(font: &FontRef<'_>, character: char) -> bool {
    font.charmap().map(character).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_members_find_their_typefaces() {
        let mut faces = Faces::default();
        for (character, name) in [
            ('Ñ', "NotoSans-Regular"),
            ('ễ', "NotoSans-Regular"),
            ('Ж', "NotoSans-Regular"),
            ('م', "NotoSansArabic-Regular"),
            ('ਸ', "NotoSansGurmukhi-Regular"),
            ('李', "DroidSansFallbackFull"),
            ('김', "NanumSquareR"),
            ('\u{10ffff}', "NotoSans-Regular"),
        ] {
            let index = faces.with_character(character, Weight::Regular, None).unwrap();
            assert_eq!(faces.get(index).unwrap().file.name, name, "{character}");
        }
        let bold = faces.with_character('Ñ', Weight::Bold, None).unwrap();
        assert_eq!(faces.get(bold).unwrap().file.name, "NotoSans-Bold");
        // A space is set as what stands before it.
        let chinese = faces.with_character('李', Weight::Bold, None).unwrap();
        assert_eq!(
            faces.with_character(' ', Weight::Bold, Some(chinese)).unwrap(),
            chinese
        );
    }
}
