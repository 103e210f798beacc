//! How a client asks to be told that a session has ended (OpenID Connect Back-Channel Logout 1.0 §2.2,
//! Front-Channel Logout 1.0 §2).

use domain::RedirectUri;
use domain::logout::{LogoutChannel, LogoutChannels};

use super::document::Document;
use crate::error::Refusal;

/// # Errors
/// `invalid_client_metadata` for an address that cannot be called, or a front-channel one that is not beside a
/// redirect URI of the client.
pub(super) fn channels(
    document: &Document,
    redirect_uris: &[RedirectUri],
) -> Result<LogoutChannels, Refusal> {
    let back = channel(document, ["backchannel_logout_uri", "backchannel_logout_session_required"])?;
    let front = channel(document, ["frontchannel_logout_uri", "frontchannel_logout_session_required"])?;
    match &front.uri {
        Some(uri) if !uri.is_beside(redirect_uris) => Err(Refusal::invalid_client_metadata(
            "frontchannel_logout_uri must have the scheme, host and port of a redirect URI",
        )),
        Some(_) | None => Ok(LogoutChannels { back, front }),
    }
}

fn channel(
    document: &Document,
    [uri, session_required]: [&'static str; 2],
) -> Result<LogoutChannel, Refusal> {
    let parsed = document.text(uri)?.map(|text| {
        text.parse().map_err(|reason| Refusal::invalid_client_metadata(format!("{uri} {reason}")))
    });
    Ok(LogoutChannel {
        uri: parsed.transpose()?,
        session_required: document.flag(session_required)?.unwrap_or(false),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(metadata: &Value) -> Result<LogoutChannels, Refusal> {
        let document = Document::read(metadata.to_string().as_bytes()).unwrap();
        channels(&document, &["https://a.example/cb".parse().unwrap()])
    }

    #[test]
    fn both_channels_are_read_and_none_is_the_default() {
        assert_eq!(read(&json!({})).unwrap(), LogoutChannels::default());
        let both = read(&json!({
            "backchannel_logout_uri": "https://b.example/out", "backchannel_logout_session_required": true,
            "frontchannel_logout_uri": "https://a.example/out?x=1",
        }));
        let both = both.unwrap();
        assert_eq!(both.back.uri.unwrap().as_str(), "https://b.example/out");
        assert_eq!(both.front.uri.unwrap().as_str(), "https://a.example/out?x=1");
        assert!(both.back.session_required && !both.front.session_required);
    }

    #[test]
    fn an_address_that_cannot_be_called_or_framed_is_refused_and_named() {
        for (metadata, named) in [
            (json!({"backchannel_logout_uri": "http://a.example/out"}), "backchannel_logout_uri"),
            (json!({"backchannel_logout_uri": "https://a.example/out#x"}), "backchannel_logout_uri"),
            (json!({"backchannel_logout_uri": 1}), "backchannel_logout_uri"),
            (json!({"backchannel_logout_session_required": "yes"}), "backchannel_logout_session_required"),
            (json!({"frontchannel_logout_uri": "com.example.app:/out"}), "frontchannel_logout_uri"),
            (json!({"frontchannel_logout_uri": "https://b.example/out"}), "frontchannel_logout_uri"),
            (json!({"frontchannel_logout_session_required": 1}), "frontchannel_logout_session_required"),
        ] {
            let refusal = read(&metadata).unwrap_err();
            assert!(refusal.description.contains(named), "{metadata}: {}", refusal.description);
        }
    }
}
