//! What the operator shows on every page: name, logo, colour, and whom to ask.
//!
//! The logo and the stylesheet of the colour have a path that changes with their content (RFC 8246), like our own stylesheet.

use std::fmt::Write;

use axum::body::Bytes;
use domain::accent::Shades;
use domain::{Accent, Branding, Issuer, OperatorLogo, SupportContact};
use sha2::{Digest, Sha256};

/// The default colour of the icon: `--accent` of the stylesheet.
const OUR_COLOR: &str = "17645a";

/// The operator on a page.
#[derive(Clone, Debug)]
pub(crate) struct Brand {
    operator: String,
    color: String,
    pub(crate) stylesheet: Option<File>,
    pub(crate) logo: Option<File>,
    picture: Option<OperatorLogo>,
    support: Option<SupportContact>,
    imprint: Option<String>,
    privacy: Option<String>,
}

/// A file that every page names.
#[derive(Clone, Debug)]
pub(crate) struct File {
    /// Below the base path.
    pub(crate) path: String,
    pub(crate) bytes: Bytes,
}

impl File {
    fn new(name: &str, ending: &str, bytes: Bytes) -> Self {
        let mut path = format!("/assets/{name}.");
        for byte in Sha256::digest(&bytes).iter().take(4) {
            let _never_fails = write!(path, "{byte:02x}");
        }
        Self { path: format!("{path}.{ending}"), bytes }
    }
}

impl Brand {
    pub(crate) fn new(issuer: &Issuer, branding: &Branding) -> Self {
        let Branding { accent, logo, support, imprint, privacy, .. } = branding;
        let color = accent.map(|accent| accent.light.accent.to_string());
        Self {
            operator: branding.operator(issuer),
            color: color.as_deref().map_or(OUR_COLOR, |color| color.trim_start_matches('#')).to_owned(),
            stylesheet: accent.map(|accent| File::new("accent", "css", stylesheet(&accent).into())),
            logo: logo.as_ref().map(|logo| File::new("logo", "png", Bytes::from_owner(logo.png.clone()))),
            picture: logo.clone(),
            support: support.clone(),
            imprint: imprint.clone(),
            privacy: privacy.clone(),
        }
    }

    /// Whose login this is.
    pub(crate) fn operator(&self) -> &str {
        &self.operator
    }

    /// The colour of the icon, as six digits.
    pub(crate) fn color(&self) -> &str {
        &self.color
    }

    /// The logo and the path of its file.
    pub(crate) fn logo(&self) -> Option<(&OperatorLogo, &str)> {
        self.picture.as_ref().zip(self.logo.as_ref().map(|file| &*file.path))
    }

    pub(crate) const fn support(&self) -> Option<&SupportContact> {
        self.support.as_ref()
    }

    pub(crate) fn imprint(&self) -> Option<&str> {
        self.imprint.as_deref()
    }

    pub(crate) fn privacy(&self) -> Option<&str> {
        self.privacy.as_deref()
    }

    /// Whether the pages have anything to put below them.
    pub(crate) const fn has_footer(&self) -> bool {
        self.support.is_some() || self.imprint.is_some() || self.privacy.is_some()
    }
}

/// The properties of our stylesheet that the colour replaces.
fn stylesheet(accent: &Accent) -> String {
    let rule = |Shades { accent, hover, on_accent, tint }: Shades, halo| {
        let [r, g, b] = accent.channels();
        format!(
            ":root {{ --accent: {accent}; --accent-hover: {hover}; --on-accent: {on_accent}; --tint: {tint}; \
             --halo: rgb({r} {g} {b} / {halo}%); }}"
        )
    };
    let dark = rule(accent.dark, 24);
    format!("{}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n", rule(accent.light, 18))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::asset::STYLESHEET;

    /// The values of a property, in the light and in the dark.
    fn values<'a>(css: &'a str, property: &str) -> Vec<&'a str> {
        let name = format!("{property}: ");
        css.split(&name).skip(1).filter_map(|rest| rest.split(';').next()).collect()
    }

    #[test]
    fn the_colour_replaces_properties_that_exist_in_the_light_and_in_the_dark() {
        let ours = std::str::from_utf8(STYLESHEET).unwrap();
        let css = stylesheet(&"#7a1fa2".parse().unwrap());
        for property in ["--accent", "--accent-hover", "--on-accent", "--tint", "--halo"] {
            assert_eq!(values(&css, property).len(), 2, "{property}: {css}");
            assert_eq!(values(ours, property).len(), 2, "{property}");
        }
        assert_eq!(values(&css, "--accent")[0], "#7a1fa2");
        assert!(values(&css, "--halo")[0] == "rgb(122 31 162 / 18%)", "{css}");
    }

    #[test]
    fn contrast_is_judged_on_the_cards_of_the_stylesheet_and_our_colour_is_its_accent() {
        let ours = std::str::from_utf8(STYLESHEET).unwrap();
        let cards = domain::accent::CARDS.map(|card| card.to_string());
        assert_eq!(values(ours, "--card"), cards);
        assert_eq!(values(ours, "--accent")[0], format!("#{OUR_COLOR}"));
    }
}
