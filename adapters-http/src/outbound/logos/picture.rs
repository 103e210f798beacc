//! Makes a small PNG file of a picture that a client or the operator chose. A client's may be an attack on decoders.

use std::io::Cursor;

use domain::OperatorLogo;
use image::{DynamicImage, ImageFormat, ImageReader, Limits};

/// The longest side of a client's picture in pixels: 4 MiB in memory, and up to 14 MiB while it is decoded.
const MAX_SIDE: u32 = 1_024;
/// The most bytes that the decoder may allocate for one picture.
const MAX_DECODED_BYTES: u64 = 16 * 1024 * 1024;
/// The longest side of what is shown. Pages show 40 CSS pixels, on dense screens with three dots for each.
const SHOWN_SIDE: u32 = 128;
/// The operator's file may be larger: the operator knows it.
const MAX_OPERATOR_SIDE: u32 = 4_096;
/// The most bytes that its decoder may allocate.
const MAX_OPERATOR_BYTES: u64 = 128 * 1024 * 1024;
/// What is shown of it: at most 160 × 40 CSS pixels.
const SHOWN_OPERATOR_SIDES: (u32, u32) = (512, 128);

/// Why a file cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// The format is not supported.
    #[error("it is not a PNG, JPEG, WebP or GIF file")]
    Format,
    /// It is a program in a large language, and no picture.
    #[error("it is an SVG file, which can hold scripts; export it as a PNG file, 128 pixels high or more")]
    Svg,
    /// It is broken or too large.
    #[error("it cannot be decoded, or has too many pixels: {0}")]
    Picture(#[from] image::ImageError),
}

/// A PNG file of the picture, at most 128 × 128 pixels. Of an animation it has the first frame. The type is judged by the content.
///
/// # Errors
/// [`Unusable`].
pub(super) fn draw(file: &[u8]) -> Result<Vec<u8>, Unusable> {
    let picture = decoded(file, MAX_SIDE, MAX_DECODED_BYTES)?;
    Ok(drawn(picture, (SHOWN_SIDE, SHOWN_SIDE))?.png.to_vec())
}

/// The operator's logo, at most 512 × 128 pixels, drawn like the logo of a client. Its file has at most 4096 pixels on one side.
///
/// # Errors
/// [`Unusable`].
pub fn draw_operator_logo(file: &[u8]) -> Result<OperatorLogo, Unusable> {
    drawn(decoded(file, MAX_OPERATOR_SIDE, MAX_OPERATOR_BYTES)?, SHOWN_OPERATOR_SIDES)
}

fn decoded(file: &[u8], max_side: u32, max_bytes: u64) -> Result<DynamicImage, Unusable> {
    let format = image::guess_format(file).map_err(|_unknown| unknown_format(file))?;
    if ![ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif].contains(&format) {
        return Err(Unusable::Format);
    }
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(max_side);
    limits.max_image_height = Some(max_side);
    limits.max_alloc = Some(max_bytes);
    reader.limits(limits);
    Ok(reader.decode()?)
}

fn unknown_format(file: &[u8]) -> Unusable {
    let beginning = &file[..file.len().min(1_024)];
    let is_svg = beginning.windows(4).any(|window| window.eq_ignore_ascii_case(b"<svg"));
    if is_svg { Unusable::Svg } else { Unusable::Format }
}

fn drawn(picture: DynamicImage, (width, height): (u32, u32)) -> Result<OperatorLogo, Unusable> {
    let is_large = picture.width() > width || picture.height() > height;
    let picture = if is_large { picture.thumbnail(width, height) } else { picture };
    let (width, height) = (picture.width(), picture.height());
    let mut png = Cursor::new(Vec::new());
    // Eight bits a channel: neither the original format nor its metadata is kept.
    DynamicImage::from(picture.into_rgba8()).write_to(&mut png, ImageFormat::Png)?;
    Ok(OperatorLogo { png: png.into_inner().into(), width, height })
}

#[cfg(test)]
mod tests {
    use image::{ImageFormat, RgbaImage};

    use super::*;

    fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        let picture =
            DynamicImage::from(RgbaImage::from_pixel(width, height, image::Rgba([200, 10, 10, 255])));
        let picture = if format == ImageFormat::Jpeg { picture.into_rgb8().into() } else { picture };
        picture.write_to(&mut file, format).unwrap();
        file.into_inner()
    }

    #[test]
    fn a_picture_becomes_a_small_png() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif] {
            for ((width, height), expected) in [
                ((512, 256), (128, 64)),
                ((1_024, 1_024), (128, 128)),
                ((40, 30), (40, 30)),
                ((1_024, 1), (128, 1)),
            ] {
                let png = draw(&encoded(width, height, format)).unwrap();
                assert!(png.starts_with(b"\x89PNG\r\n\x1a\n") && png.len() < 70_000, "{format:?}");
                let drawn = image::load_from_memory(&png).unwrap();
                assert_eq!((drawn.width(), drawn.height()), expected, "{format:?}");
                assert_eq!(drawn.color(), image::ColorType::Rgba8);
            }
        }
    }

    #[test]
    fn the_logo_of_the_operator_may_be_wide() {
        for ((width, height), expected) in [
            ((2_000, 500), (512, 128)),
            ((4_096, 10), (512, 1)),
            ((90, 900), (13, 128)),
            ((64, 64), (64, 64)),
        ] {
            let logo = draw_operator_logo(&encoded(width, height, ImageFormat::Png)).unwrap();
            assert_eq!((logo.width, logo.height), expected);
            let drawn = image::load_from_memory(&logo.png).unwrap();
            assert_eq!((drawn.width(), drawn.height()), expected);
        }
        assert!(draw_operator_logo(&encoded(4_097, 1, ImageFormat::Png)).is_err());
    }

    #[test]
    fn nothing_of_the_file_but_the_picture_is_kept() {
        let mut file = encoded(10, 10, ImageFormat::Png);
        file.extend(b"<script>alert(1)</script>");
        let png = draw(&file).unwrap();
        assert!(!png.windows(8).any(|window| window == b"<script>"));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
        for file in
            [&svg[..], b"<!DOCTYPE html><h1>404</h1>", b"", b"\x89PNG\r\n\x1a\n", b"BM", b"\0\0\x01\0\x01\0"]
        {
            assert!(draw(file).is_err(), "{file:?}");
        }
        assert!(matches!(draw_operator_logo(svg), Err(Unusable::Svg)));
        assert!(matches!(draw_operator_logo(b"BM"), Err(Unusable::Format)));
        let whole = encoded(64, 64, ImageFormat::Png);
        assert!(draw(&whole[..whole.len() / 2]).is_err(), "cut off");
    }

    #[test]
    fn a_small_file_of_a_huge_picture_is_refused_before_it_is_decoded() {
        for (width, height) in [(1_025, 1), (1, 1_025), (60_000, 1)] {
            for format in [ImageFormat::Png, ImageFormat::Gif] {
                let refused = draw(&encoded(width, height, format)).unwrap_err();
                assert!(matches!(refused, Unusable::Picture(_)), "{width} × {height}: {refused}");
            }
        }
        // A PNG header that promises 16 gigapixels.
        let mut bomb = encoded(8, 8, ImageFormat::Png);
        bomb[16..24].copy_from_slice(&[0, 1, 255, 255, 0, 1, 255, 255]);
        assert!(draw(&bomb).is_err());
    }
}
