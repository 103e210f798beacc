//! Hints about a registration that an operator may not expect, printed when it is made or changed.

use domain::{Client, RedirectUri};

/// One sentence for each thing.
pub(super) fn hints(client: &Client) -> Vec<String> {
    let registered = &client.post_logout_redirect_uris;
    let other_spellings = registered.iter().filter_map(|uri| {
        let other = other_spelling(uri.as_str()).filter(|other| !is_among(registered, other))?;
        Some(format!(
            "{uri} and {other} are two URIs; if the application may send the other one after logout, register both: \
             --post-logout-redirect-uri {uri} --post-logout-redirect-uri {other}"
        ))
    });
    other_spellings.collect()
}

/// The same URI with a slash at its end, or without; none for one with a query.
fn other_spelling(uri: &str) -> Option<String> {
    let other = || uri.strip_suffix('/').map_or_else(|| format!("{uri}/"), str::to_owned);
    let is_web = uri.starts_with("https://") || uri.starts_with("http://");
    (is_web && !uri.contains('?')).then(other)
}

fn is_among(registered: &[RedirectUri], uri: &str) -> bool {
    registered.iter().any(|registered| registered.as_str() == uri)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn told(redirect_uris: &[&str], post_logout: &[&str]) -> Vec<String> {
        let parsed = |uris: &[&str]| uris.iter().map(|uri| uri.parse().unwrap()).collect();
        hints(&Client {
            redirect_uris: parsed(redirect_uris),
            post_logout_redirect_uris: parsed(post_logout),
            ..Client::new(
                "web".parse().unwrap(),
                domain::Incarnation::from_random([1; 16]),
                DateTime::UNIX_EPOCH,
            )
        })
    }

    #[test]
    fn a_uri_after_logout_is_offered_with_a_slash_and_without() {
        for (one, other) in [
            ("https://a.example", "https://a.example/"),
            ("https://a.example/", "https://a.example"),
            ("https://a.example/bye", "https://a.example/bye/"),
        ] {
            let told_once = told(&[], &[one]);
            assert_eq!(told_once.len(), 1);
            assert!(told_once[0].ends_with(&format!("--post-logout-redirect-uri {other}")), "{told_once:?}");
            assert!(told(&[], &[one, other]).is_empty());
        }
        assert!(
            told(&["https://a.example/cb"], &["com.example.app:/bye", "https://a.example/?x=1"]).is_empty()
        );
    }
}
