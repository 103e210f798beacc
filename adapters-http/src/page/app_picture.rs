//! The picture that an authenticator app scans: a QR code, drawn by us as SVG, black on white.

use qrcode::{Color, EcLevel, QrCode};

/// The white squares around the picture (ISO/IEC 18004 §6.3.8).
const QUIET_ZONE: usize = 4;

/// The squares of a QR code.
#[derive(Clone)]
pub struct AppPicture {
    /// How many squares a side has, with the white ones around it.
    pub side: usize,
    /// The black squares, as the `d` of a path.
    pub path: String,
}

impl AppPicture {
    /// The picture of an address. One that is too long for a picture has no black squares: the key beside it remains.
    #[must_use]
    pub fn new(address: &str) -> Self {
        let Ok(code) = QrCode::with_error_correction_level(address, EcLevel::M) else {
            return Self { side: 1, path: String::new() };
        };
        let width = code.width();
        let squares = code.to_colors();
        let mut path = String::new();
        for (row, line) in squares.chunks(width).enumerate() {
            let mut column = 0;
            for run in line.chunk_by(PartialEq::eq) {
                if run.first() == Some(&Color::Dark) {
                    let (x, y, length) = (column + QUIET_ZONE, row + QUIET_ZONE, run.len());
                    path.push_str(&format!("M{x} {y}h{length}v1h-{length}z"));
                }
                column += run.len();
            }
        }
        Self { side: width + 2 * QUIET_ZONE, path }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_has_the_squares_of_the_code_and_white_around_them() {
        let address = "otpauth://totp/Example:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Example";
        let picture = AppPicture::new(address);
        let code = QrCode::with_error_correction_level(address, EcLevel::M).unwrap();
        assert_eq!(picture.side, code.width() + 8);
        let dark = code.to_colors().iter().filter(|color| **color == Color::Dark).count();
        let lengths = picture.path.split('h').skip(1).step_by(2);
        let drawn: usize =
            lengths.map(|rest| rest.split('v').next().unwrap().parse::<usize>().unwrap()).sum();
        assert_eq!(drawn, dark);
        assert!(picture.path.starts_with("M4 4h7v1h-7z"), "the corner: {}", &picture.path[..30]);
    }

    #[test]
    fn an_address_that_no_picture_holds_has_none() {
        assert!(AppPicture::new(&"x".repeat(10_000)).path.is_empty());
    }
}
