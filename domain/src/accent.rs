//! The colour of the operator on the pages, with the contrast that readers need (WCAG 2.2 §1.4.3, §1.4.11).

use std::fmt;
use std::str::FromStr;

/// The card that the pages are written on, in the light and in the dark: `--card` of the stylesheet.
pub const CARDS: [Color; 2] = [Color([0xff, 0xfe, 0xfc]), Color([0x19, 0x1f, 0x1d])];
/// The least contrast of text (WCAG 2.2 §1.4.3).
pub const MIN_CONTRAST: f64 = 4.5;
/// The contrast of text in the accent on the dark card: as easy to read as the rest of the page.
const DARK_CONTRAST: f64 = 7.0;
/// Steps of a search for a shade, in percent.
const STEP: usize = 2;
/// A colour as dark as this cannot become visibly darker under the mouse.
const NEARLY_BLACK: f64 = 0.02;

const WHITE: Color = Color([0xff; 3]);
const BLACK: Color = Color([0; 3]);

/// A colour of sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color([u8; 3]);

/// The operator's colour, and the ones derived from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accent {
    /// On white paper.
    pub light: Shades,
    /// On dark paper.
    pub dark: Shades,
}

/// The colours of one colour scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shades {
    /// Links, main buttons and the focus ring. Text in it has a contrast of at least 4.5 on the card.
    pub accent: Color,
    /// The same under the mouse.
    pub hover: Color,
    /// Text on `accent` and on `hover`.
    pub on_accent: Color,
    /// Behind signs and codes.
    pub tint: Color,
}

/// Why a colour cannot be the accent.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum InvalidAccent {
    /// Not written as `#rrggbb` or `#rgb`.
    #[error("a colour is written as #17645a or #fff")]
    Malformed,
    /// People with weak sight could not read text in it.
    #[error(
        "it is too pale: text in it has a contrast of {contrast:.1} to 1 on the light page, and at least {MIN_CONTRAST} is \
         needed. {nearest} is the same colour, dark enough"
    )]
    TooPale {
        /// On the light card.
        contrast: f64,
        /// A darker shade that is allowed.
        nearest: Color,
    },
}

impl FromStr for Accent {
    type Err = InvalidAccent;

    fn from_str(text: &str) -> Result<Self, InvalidAccent> {
        let [light_card, dark_card] = CARDS;
        let chosen = Color::parse(text).ok_or(InvalidAccent::Malformed)?;
        let contrast = chosen.contrast(light_card);
        if contrast < MIN_CONTRAST {
            let mut darker = (0..=100).step_by(STEP).map(|percent| chosen.mixed(BLACK, percent));
            let nearest = darker.find(|color| color.contrast(light_card) >= MIN_CONTRAST).unwrap_or(BLACK);
            return Err(InvalidAccent::TooPale { contrast, nearest });
        }
        let mut lighter = (0..=100).step_by(STEP).map(|percent| chosen.lightened(percent));
        let pale = lighter.find(|color| color.contrast(dark_card) >= DARK_CONTRAST).unwrap_or(WHITE);
        let under_mouse = if chosen.luminance() < NEARLY_BLACK { WHITE } else { BLACK };
        Ok(Self {
            light: Shades {
                accent: chosen,
                hover: chosen.mixed(under_mouse, 20),
                on_accent: WHITE,
                tint: light_card.mixed(chosen, 11),
            },
            dark: Shades {
                accent: pale,
                hover: pale.mixed(WHITE, 25),
                on_accent: pale.mixed(BLACK, 85),
                tint: dark_card.mixed(pale, 13),
            },
        })
    }
}

impl Color {
    fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        let values: Vec<u8> =
            digits.chars().map(|digit| digit.to_digit(16)?.try_into().ok()).collect::<Option<_>>()?;
        match *values {
            [r, g, b] => Some(Self([r * 17, g * 17, b * 17])),
            [r, r2, g, g2, b, b2] => Some(Self([r * 16 + r2, g * 16 + g2, b * 16 + b2])),
            _ => None,
        }
    }

    /// The parts of red, green and blue.
    #[must_use]
    pub const fn channels(self) -> [u8; 3] {
        self.0
    }

    /// This colour with `percent` of the other in it.
    fn mixed(self, other: Self, percent: u8) -> Self {
        let mix = |one: u8, two: u8| {
            let sum = u16::from(one) * u16::from(100 - percent) + u16::from(two) * u16::from(percent);
            u8::try_from((sum + 50) / 100).unwrap_or(u8::MAX)
        };
        let ([r, g, b], [r2, g2, b2]) = (self.0, other.0);
        Self([mix(r, r2), mix(g, g2), mix(b, b2)])
    }

    /// The same hue and saturation, with a lightness that is `percent` of the way to white (CSS Color 4 §7, HSL). A mixture with
    /// white would be greyish.
    fn lightened(self, percent: u8) -> Self {
        let channels = self.0.map(|channel| f64::from(channel) / 255.0);
        let (max, min) = channels.iter().fold((0f64, 1f64), |(max, min), one| (max.max(*one), min.min(*one)));
        let lightness = f64::midpoint(max, min);
        let lighter = (1.0 - lightness).mul_add(f64::from(percent) / 100.0, lightness);
        // How far a channel can be from the middle, which is the lightness.
        let room = |lightness: f64| 1.0 - 2.0f64.mul_add(lightness, -1.0).abs();
        let scale = if max > min { room(lighter) / room(lightness) } else { 0.0 };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 0 and 255")]
        Self(
            channels.map(|one| {
                ((one - lightness).mul_add(scale, lighter) * 255.0).round().clamp(0.0, 255.0) as u8
            }),
        )
    }

    /// WCAG 2.2, "relative luminance".
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        let [r, g, b] = self.0.map(linear);
        0.2126f64.mul_add(r, 0.7152f64.mul_add(g, 0.0722 * b))
    }

    /// WCAG 2.2, "contrast ratio": 1 to 21.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }
}

/// As CSS and HTML write it: `#17645a`.
impl fmt::Display for Color {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [r, g, b] = self.0;
        write!(formatter, "#{r:02x}{g:02x}{b:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Text in `--ink`, `--soft` and `--alarm` of the stylesheet, in the light and in the dark.
    const TEXTS: [[Color; 3]; 2] = [
        [Color([0x1c, 0x24, 0x22]), Color([0x57, 0x62, 0x5e]), Color([0x9b, 0x22, 0x26])],
        [Color([0xe9, 0xee, 0xeb]), Color([0xa3, 0xaf, 0xaa]), Color([0xff, 0xb3, 0xac])],
    ];

    fn accents() -> Vec<Accent> {
        let steps = || (0u8..=255).step_by(17);
        let colors = steps().flat_map(|r| steps().flat_map(move |g| steps().map(move |b| Color([r, g, b]))));
        colors.filter_map(|color| color.to_string().parse().ok()).collect()
    }

    #[test]
    fn every_accent_that_is_allowed_can_be_read_in_the_light_and_in_the_dark() {
        let accents = accents();
        assert!(accents.len() > 1_000, "{}", accents.len());
        for accent in accents {
            for ((shades, card), texts) in [accent.light, accent.dark].into_iter().zip(CARDS).zip(TEXTS) {
                let Shades { accent, hover, on_accent, tint } = shades;
                let pairs = [(accent, card), (hover, card), (on_accent, accent), (on_accent, hover)];
                let on_tint = texts.map(|text| (text, tint));
                for (text, paper) in pairs.into_iter().chain(on_tint) {
                    let contrast = text.contrast(paper);
                    assert!(contrast >= MIN_CONTRAST, "{text} on {paper}: {contrast:.2} ({accent})");
                }
                // Signs and large letters.
                assert!(accent.contrast(tint) >= 3.0, "{accent} on {tint}");
            }
        }
    }

    #[test]
    fn in_the_dark_a_colour_keeps_its_hue() {
        for (given, dark) in [("#1d4e89", "#7cabe3"), ("#000000", "#a8a8a8"), ("#b00020", "#ff8097")] {
            let accent: Accent = given.parse().unwrap();
            assert_eq!(accent.dark.accent.to_string(), dark, "{given}");
        }
    }

    #[test]
    fn a_pale_colour_is_refused_and_a_darker_one_proposed() {
        let refused = "#ffcc00".parse::<Accent>().unwrap_err();
        let InvalidAccent::TooPale { contrast, nearest } = refused else { panic!("{refused}") };
        assert!((1.0..2.0).contains(&contrast), "{contrast}");
        assert!(nearest.to_string().parse::<Accent>().is_ok(), "{nearest}");
        assert!(refused.to_string().contains(&nearest.to_string()), "{refused}");
        // #767676 is the palest grey that is allowed.
        assert!("#777777".parse::<Accent>().is_err() && "#767676".parse::<Accent>().is_ok());
    }

    #[test]
    fn a_colour_is_six_or_three_digits() {
        assert_eq!("#036".parse::<Accent>(), "#003366".parse());
        assert_eq!("#17645A".parse::<Accent>().unwrap().light.accent.to_string(), "#17645a");
        for text in ["", "#", "17645a", "#17645", "#17645ag", "teal", "#17645a;}", "rgb(0 0 0)", "#ééé"] {
            assert_eq!(text.parse::<Accent>(), Err(InvalidAccent::Malformed), "{text:?}");
        }
    }
}
