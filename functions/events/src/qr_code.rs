//! A text as a picture that cameras read.

use portal_http::Problem;
use qrcode::{Color, EcLevel, QrCode};
use utoipa::ToSchema;

/// A picture, as its bytes.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, format = Binary)]
pub(crate) struct Picture(pub(crate) Vec<u8>);

/// How many pixels wide a module is.
const MODULE: usize = 6;

/// How many modules of white are around the code (ISO/IEC 18004 asks for four).
const MARGIN: usize = 4;

/// The code as PNG, one bit for each pixel.
///
/// # Errors
/// A 500 problem when the text is too long.
pub(crate) fn png(text: &str) -> Result<Picture, Problem> {
    let unwritten = |error: &dyn std::fmt::Display| Problem::internal(&format!("a QR code: {error}"));
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|error| unwritten(&error))?;
    let side = (code.width() + 2 * MARGIN) * MODULE;
    let side = u32::try_from(side).map_err(|error| unwritten(&error))?;
    let mut picture = Vec::new();
    let mut encoder = png::Encoder::new(&mut picture, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header().map_err(|error| unwritten(&error))?;
    writer
        .write_image_data(&pixels(&code))
        .map_err(|error| unwritten(&error))?;
    writer.finish().map_err(|error| unwritten(&error))?;
    Ok(Picture(picture))
}

/// Rows of pixels, eight in a byte, the first in the highest bit; 1 is white.
fn pixels(code: &QrCode) -> Vec<u8> {
    let width = code.width();
    let across = width + 2 * MARGIN;
    let colors = code.to_colors();
    let is_white = |x: usize, y: usize| {
        let (Some(x), Some(y)) = (x.checked_sub(MARGIN), y.checked_sub(MARGIN)) else {
            return true;
        };
        x >= width || y >= width || colors.get(y * width + x) != Some(&Color::Dark)
    };
    let mut rows = Vec::new();
    for y in 0..across {
        let mut row = vec![0_u8; (across * MODULE).div_ceil(8)];
        for pixel in (0..across * MODULE).filter(|pixel| is_white(pixel / MODULE, y)) {
            if let Some(byte) = row.get_mut(pixel / 8) {
                *byte |= 0x80 >> (pixel % 8);
            }
        }
        for _ in 0..MODULE {
            rows.extend_from_slice(&row);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_module_of_the_code_is_a_square_of_the_picture() {
        let picture = png("https://api.example/ticket").unwrap();
        let code = QrCode::with_error_correction_level("https://api.example/ticket", EcLevel::M).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(&picture.0))
            .read_info()
            .unwrap();
        let side = (code.width() + 2 * MARGIN) * MODULE;
        assert_eq!(
            (reader.info().width as usize, reader.info().height as usize),
            (side, side)
        );
        let mut buffer = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut buffer).unwrap();
        let line = side.div_ceil(8);
        for (at, color) in code.to_colors().into_iter().enumerate() {
            let (x, y) = (at % code.width() + MARGIN, at / code.width() + MARGIN);
            let (x, y) = (x * MODULE + MODULE / 2, y * MODULE + MODULE / 2);
            let white = buffer[y * line + x / 8] & (0x80 >> (x % 8)) != 0;
            assert_eq!(white, color == Color::Light, "{x} {y}");
        }
        assert_eq!(buffer[0], 0xff, "the margin is white");
    }
}
