//! Reads the settings that say how the operator presents itself to people.

use std::path::Path;

use adapters_http::outbound::draw_operator_logo;
use domain::accent::InvalidAccent;
use domain::{Accent, OperatorLogo, OperatorName, SupportContact};
use figment::value::Value;

use super::value::{Read, text};

/// The most bytes of the logo's file.
const MAX_LOGO_BYTES: u64 = 1024 * 1024;

pub(super) fn operator_name(value: &Value) -> Read<OperatorName> {
    let text = text(value)?;
    let name = text.parse().map_err(|reason| format!("{text:?} is not a name: {reason}"))?;
    Ok((name, text.into()))
}

/// The accent. Its contrast is judged here, so that no page is hard to read.
pub(super) fn color(value: &Value) -> Read<Accent> {
    let text = text(value)?;
    let accent =
        text.parse().map_err(|reason: InvalidAccent| format!("{text:?} cannot be the colour: {reason}"))?;
    Ok((accent, text.into()))
}

/// The logo, read and drawn now. A changed file counts after a restart.
pub(super) fn logo_file(value: &Value) -> Read<OperatorLogo> {
    let file = text(value)?;
    let logo = logo(Path::new(&*file))
        .map_err(|reason| format!("the file {file:?} cannot be the logo: {reason}"))?;
    Ok((logo, file.into()))
}

fn logo(path: &Path) -> Result<OperatorLogo, String> {
    let metadata = std::fs::metadata(path).map_err(|reason| reason.to_string())?;
    if metadata.len() > MAX_LOGO_BYTES {
        return Err(format!("it has {} bytes, and at most {MAX_LOGO_BYTES} are allowed", metadata.len()));
    }
    let bytes = std::fs::read(path).map_err(|reason| reason.to_string())?;
    draw_operator_logo(&bytes).map_err(|reason| reason.to_string())
}

pub(super) fn support_contact(value: &Value) -> Read<SupportContact> {
    let text = text(value)?;
    let contact = text.parse().map_err(|reason| format!("{text:?} cannot be the contact: {reason}"))?;
    Ok((contact, text.into()))
}
