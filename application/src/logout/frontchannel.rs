//! What the browser loads so that the session's clients end theirs (OpenID Connect Front-Channel Logout 1.0 §3).

use domain::{ClientId, Issuer, Session};
use url::form_urlencoded::Serializer;

use super::end_session::EndSessionEndpoint;
use crate::error::Error;

/// A client's address, told which session of which issuer has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutFrame {
    /// The registered address, its query kept, with `iss` and `sid`.
    pub uri: String,
    /// Its scheme, host and port.
    pub origin: String,
}

impl EndSessionEndpoint {
    /// One frame for each of these clients that wants one.
    pub(super) async fn frames(
        &self,
        clients: &[ClientId],
        session: &Session,
    ) -> Result<Vec<LogoutFrame>, Error> {
        let issuer = &self.authorization.settings.issuer;
        let mut frames = Vec::new();
        for id in clients {
            let client = self.enabled(id).await?;
            let Some(client) = client else { continue };
            if let Some(uri) = &client.logout.front.uri {
                let sid = self.authorization.subjects.for_client(&client).await?.sid_for(&session.sid);
                let told = told(uri.as_str(), issuer, &sid);
                frames.push(LogoutFrame { uri: told, origin: uri.origin() });
            }
        }
        Ok(frames)
    }
}

fn told(uri: &str, issuer: &Issuer, sid: &str) -> String {
    let separator = if uri.contains('?') { '&' } else { '?' };
    let parameters = [("iss", issuer.as_str()), ("sid", sid)];
    let query = Serializer::new(String::new()).extend_pairs(parameters).finish();
    format!("{uri}{separator}{query}")
}
