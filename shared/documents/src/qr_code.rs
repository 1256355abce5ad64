//! A text as a QR code (ISO/IEC 18004), as squares of a unit.

use qrcode::{Color, EcLevel, QrCode};

use crate::DocumentError;

/// How many modules of white are around a code.
pub(crate) const MARGIN: usize = 4;

/// The dark modules of a code.
pub(crate) struct Modules {
    /// How many modules a side has, without the margin.
    pub(crate) side: usize,
    /// Column and row of each that is dark.
    pub(crate) dark: Vec<(usize, usize)>,
}

/// Makes a code that can lose a seventh of its modules and be read.
///
/// # Errors
/// [`DocumentError::QrCode`] when the text is too long.
pub(crate) fn modules(text: &str) -> Result<Modules, DocumentError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|error| DocumentError::QrCode(error.to_string()))?;
    let side = code.width();
    let colors = code.to_colors();
    let dark = colors
        .into_iter()
        .enumerate()
        .filter(|(_, color)| *color == Color::Dark)
        .map(|(at, _)| (at % side, at / side));
    Ok(Modules {
        side,
        dark: dark.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners() {
        let code = modules("https://portal.example/v1/certificates/8Q2T-M4XA-0V7K-PD33").unwrap();
        let last = code.side - 1;
        for corner in [(0, 0), (last, 0), (0, last)] {
            assert!(code.dark.contains(&corner), "{corner:?}");
        }
        assert!(!code.dark.contains(&(7, 0)), "white around the corner");
        assert!(modules(&"a".repeat(5_000)).is_err());
    }
}
