//! Which redirect URIs can be registered, which match, and what follows from where one leads.

use proptest::prelude::*;

use super::*;

fn registered(text: &str) -> RedirectUri {
    text.parse().unwrap()
}

#[test]
fn what_may_not_be_registered_is_refused_with_its_reason() {
    use InvalidRedirectUri::{Fragment, NotAbsolute, PlainHttp, Scheme, UserInformation, Wildcard};
    for (text, reason) in [
        ("", NotAbsolute),
        ("/callback", NotAbsolute),
        ("https://a.example/c b", NotAbsolute),
        ("https://a.example\\@b.example/", NotAbsolute),
        ("https://a.example/\n", NotAbsolute),
        ("https://a.example/c#f", Fragment),
        ("https://a.example/c#", Fragment),
        ("https://user@a.example/c", UserInformation),
        ("https://:password@a.example/c", UserInformation),
        ("https://*.example/c", Wildcard),
        ("http://a.example/c", PlainHttp),
        ("http://127.0.0.2/c", PlainHttp),
        ("http://localhost.evil.example/c", PlainHttp),
        ("javascript:alert(1)", Scheme),
        ("data:text/html,x", Scheme),
        ("myapp://callback", Scheme),
        ("ftp://a.example/c", Scheme),
    ] {
        assert_eq!(text.parse::<RedirectUri>(), Err(reason), "{text:?}");
    }
    let of_length = |length: usize| format!("https://a.example/{}", "x".repeat(length - 18));
    assert!(of_length(2_048).parse::<RedirectUri>().is_ok());
    assert_eq!(of_length(2_049).parse::<RedirectUri>(), Err(NotAbsolute));
}

#[test]
fn the_rules_of_an_operator_admit_schemes_and_hosts_and_nothing_else() {
    let schemes = ["cursor".to_owned(), "vscode".to_owned()];
    let rules = RedirectUriRules { native_schemes: &schemes, http_in_lan: true };
    for text in [
        "cursor://anysphere.cursor-mcp/oauth/callback",
        "CURSOR:/x",
        "vscode://x",
        "app.immich:///oauth-callback",
        "http://homeassistant.local:8123/auth/external/callback",
        "http://192.168.1.20:2283",
        "http://10.0.0.1/cb",
        "http://169.254.1.1/cb",
        "http://[fd00::1]/cb",
        "http://[fe80::1]/cb",
        "http://nas/cb",
        "http://app.home.arpa/",
    ] {
        assert_eq!(RedirectUri::parse(text, rules).unwrap().as_str(), text);
        let kept: RedirectUri = serde_json::from_value(text.into()).unwrap();
        assert_eq!(kept.as_str(), text, "what is stored stays, whatever the rules are now");
        assert_eq!(serde_json::to_value(&kept).unwrap(), text);
        assert_eq!(kept.to_string(), text);
    }
    for text in ["http://app.example/cb", "http://8.8.8.8/", "http://[2001:db8::1]/", "http://local.example/"]
    {
        assert_eq!(RedirectUri::parse(text, rules), Err(InvalidRedirectUri::HttpBeyondLan), "{text}");
    }
    for text in ["windsurf://x", "javascript:alert(1)", "cursorx://x", "data:text/html,x"] {
        assert_eq!(RedirectUri::parse(text, rules), Err(InvalidRedirectUri::Scheme), "{text}");
    }
    let (longest, too_long) = ("x".repeat(64), "x".repeat(65));
    for scheme in ["javascript", "https", "Cursor", "", "1a", "a b", "file", "a:b", &too_long] {
        assert!(!is_native_scheme(scheme), "{scheme}");
    }
    for scheme in ["cursor", "vscode-insiders", "homeassistant", "com.example.app", "web+x1", &longest] {
        assert!(is_native_scheme(scheme), "{scheme}");
    }
}

#[test]
fn what_users_and_pages_are_shown_follows_from_where_a_redirect_uri_leads() {
    for (text, host, origin, is_web, is_own_host, is_plain) in [
        ("https://A.example:8443/cb", Some("a.example"), Some("https://a.example:8443"), true, true, false),
        ("https://a.example:443/cb?x", Some("a.example"), Some("https://a.example"), true, true, false),
        // The host would be read as two sources of a Content-Security-Policy.
        ("https://a;b.example/cb", Some("a;b.example"), None, true, true, false),
        ("http://localhost:3000/cb", Some("localhost"), Some("http://localhost:3000"), true, false, false),
        ("http://[::1]:1/cb", Some("[::1]"), Some("http://[::1]:1"), true, false, false),
        ("http://127.0.0.1/cb", Some("127.0.0.1"), Some("http://127.0.0.1"), true, false, false),
        ("http://nas.lan/cb", Some("nas.lan"), Some("http://nas.lan"), true, false, true),
        ("http://192.168.1.2/cb", Some("192.168.1.2"), Some("http://192.168.1.2"), true, false, true),
        ("com.example.app:/cb", None, None, false, false, false),
        // What looks like a host there is chosen by the application.
        ("com.example.app://host/cb", None, None, false, false, false),
    ] {
        let rules = RedirectUriRules { http_in_lan: true, ..RedirectUriRules::default() };
        let uri = RedirectUri::parse(text, rules).unwrap();
        let verified = uri.verified();
        assert_eq!(verified.as_str(), text);
        assert_eq!((verified.host().as_deref(), verified.origin().as_deref()), (host, origin), "{text}");
        assert_eq!((verified.is_web(), uri.is_private_use()), (is_web, !is_web), "{text}");
        // Any application on the device can claim it, or it belongs to a host (RFC 8252 §8.6).
        assert_eq!(verified.is_claimable_by_any_app(), !is_own_host, "{text}");
        assert_eq!(uri.host_of_its_own().as_deref(), host.filter(|_| is_own_host), "{text}");
        assert_eq!(uri.is_http_to_another_machine(), is_plain, "{text}");
    }
}

#[test]
fn a_parameter_of_the_response_is_found_in_the_query_however_it_is_encoded() {
    for (query, found) in [
        ("", None),
        ("?code", Some("code")),
        ("?a=1&st%61te=2", Some("state")),
        ("?state=1&code=2", Some("code")),
        ("?codes=1&Code=2", None),
    ] {
        let uri = registered(&format!("https://a.example/cb{query}"));
        assert_eq!(uri.reserved_parameter(&["code", "state"]), found, "{query}");
    }
}

#[test]
fn the_loopback_addresses_match_on_any_port_and_localhost_does_not() {
    let v4 = registered("http://127.0.0.1/cb?x=1");
    assert!(v4.matching("http://127.0.0.1:49152/cb?x=1").is_some());
    assert!(v4.matching("http://127.0.0.1/cb?x=1").is_some());
    assert!(registered("http://[::1]:1/cb").matching("http://[::1]:2/cb").is_some());
    assert!(registered("http://localhost:3000/cb").matching("http://localhost:3001/cb").is_none());
}

#[test]
fn a_loopback_lookalike_does_not_match() {
    let uri = registered("http://127.0.0.1/cb");
    for presented in [
        "http://127.0.0.1:80@evil.example/cb",
        "http://127.0.0.1.evil.example/cb",
        "http://127.0.0.1:99999/cb",
        "http://127.0.0.1:/cb",
        "http://127.0.0.1:80x/cb",
        "http://127.0.0.1:80/cb/",
        "http://127.0.0.1:80/cb?x",
        "http://127.0.0.1:80/cb#x",
        "https://127.0.0.1:80/cb",
        "http://[::1]:80/cb",
    ] {
        assert!(uri.matching(presented).is_none(), "{presented}");
    }
}

proptest! {
    #[test]
    fn a_uri_matches_itself_and_no_extension_of_itself(path in "[a-z0-9/]{0,12}", extra in "[!-~]{1,6}") {
        let text = format!("https://client.example/{path}");
        let uri = registered(&text);
        prop_assert!(uri.matching(&text).is_some());
        let extended = format!("{text}{extra}");
        prop_assert!(uri.matching(&extended).is_none());
    }

    #[test]
    fn whatever_matches_a_loopback_uri_goes_to_loopback(presented in "http://127\\.0\\.0\\.1[!-~]{0,16}") {
        if registered("http://127.0.0.1/cb").matching(&presented).is_some() {
            let url = Url::parse(&presented).unwrap();
            prop_assert_eq!(url.host_str(), Some("127.0.0.1"));
            prop_assert_eq!(url.path(), "/cb");
        }
    }

    #[test]
    fn any_port_matches_a_loopback_uri(port: u16) {
        let presented = format!("http://[::1]:{port}/cb");
        prop_assert!(registered("http://[::1]/cb").matching(&presented).is_some());
    }

    #[test]
    fn any_text_is_parsed_without_a_panic(text in ".*") {
        let _ = text.parse::<RedirectUri>();
        let _ = registered("http://127.0.0.1/").matching(&text);
    }
}
