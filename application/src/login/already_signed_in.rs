//! What a signed-in user sees instead of a page that has ended, for example after the back button.

use domain::Client;
use domain::redirect_uri::VerifiedRedirectUri;
use url::Url;

use super::Login;
use crate::browser::Browser;
use crate::error::Error;

/// What the page shows.
#[derive(Debug)]
pub struct SignedInView {
    /// The name of the signed-in user.
    pub account: String,
    /// The client that sent the user to the page that has ended, if it is known.
    pub client: Option<Client>,
    /// Where the client is, if it is on the web.
    pub way_back: Option<String>,
}

impl Login {
    /// The view for the user who is signed in, and for the interaction that has ended; none if no user is signed in.
    ///
    /// # Errors
    /// [`Error::Unavailable`] only.
    pub async fn signed_in_view(
        &self,
        interaction: &str,
        browser: &Browser,
    ) -> Result<Option<SignedInView>, Error> {
        let now = self.context.now();
        let Some(signed_in) = self.sessions.find(browser, now).await? else {
            return Ok(None);
        };
        let ended = self.interactions.find_ended(interaction, browser, now).await?;
        let client = match ended.as_ref().and_then(|ended| ended.client()) {
            Some((id, incarnation)) => {
                let found = self.clients.find(id).await?;
                found.filter(|client| client.is_enabled() && client.incarnation == *incarnation)
            }
            None => None,
        };
        let redirect_uri = ended.as_ref().and_then(|ended| ended.redirect_uri());
        let way_back = client.as_ref().and(redirect_uri).and_then(way_back);
        let account = signed_in.user.username.as_str().to_owned();
        Ok(Some(SignedInView { account, client, way_back }))
    }
}

/// The root of the host that the redirect URI was verified for.
fn way_back(redirect_uri: &VerifiedRedirectUri) -> Option<String> {
    let verified = Url::parse(redirect_uri.as_str()).ok().filter(Url::has_host)?;
    verified.join("/").ok().map(String::from)
}
