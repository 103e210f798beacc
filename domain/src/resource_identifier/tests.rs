//! How identifiers are compared, and which texts are none.

use super::*;

fn id(text: &str) -> ResourceIdentifier {
    text.parse().unwrap_or_else(|reason| panic!("{text}: {reason}"))
}

#[test]
fn an_identifier_is_written_as_it_came() {
    for text in [
        "https://api.example",
        "https://api.example/",
        "HTTPS://API.example:443/v1",
        "https://api.example:8443/v1?tenant=a",
        "https://[2001:db8::1]/",
        "http://localhost:9000/api",
        "http://127.0.0.1:9000",
    ] {
        assert_eq!(id(text).to_string(), text);
        assert_eq!(serde_json::to_value(id(text)).unwrap(), text);
        assert_eq!(serde_json::from_value::<ResourceIdentifier>(text.into()).unwrap(), id(text));
    }
}

#[test]
fn what_rfc_3986_normalises_makes_no_difference() {
    for equal in [
        &[
            "https://a.example",
            "https://a.example/",
            "HTTPS://A.Example",
            "https://a.example:443/",
            "https://a.example:",
        ][..],
        &["https://a.example?x=1", "https://a.example/?x=1"],
        &["https://a.example/~x/%2F", "https://a.example/%7Ex/%2f", "https://a%2Eexample/%7ex/%2F"],
        &["https://a.example:8443/v1", "https://A.EXAMPLE:8443/v1", "https://a.example:08443/v1"],
        &["http://localhost:80", "http://LOCALHOST/"],
        &["https://[2001:DB8::1]", "https://[2001:db8:0::1]:443/"],
    ] {
        for other in equal {
            assert_eq!(id(equal[0]), id(other));
            assert_eq!(id(equal[0]).normalised(), id(other).normalised());
        }
    }
}

#[test]
fn everything_else_makes_a_difference() {
    let different = [
        "https://a.example",
        "https://a.example./",
        "https://a.example.evil.example",
        "https://a.example:8443",
        "https://a.example?",
        "https://a.example?x=1",
        "https://a.example?X=1",
        "https://a.example/v1",
        "https://a.example/v1/",
        "https://a.example//v1",
        "https://a.example/V1",
        "https://a.example/v1%2F",
        "http://localhost",
        "https://localhost",
        "http://127.0.0.1",
    ];
    for (position, first) in different.iter().enumerate() {
        for second in &different[position + 1..] {
            assert_ne!(id(first), id(second));
            assert_ne!(id(first).normalised(), id(second).normalised());
            assert!((id(first) < id(second)) != (id(second) < id(first)), "one is before the other");
        }
    }
}

#[test]
fn an_issuer_is_the_resource_at_its_url() {
    for (issuer, same, other) in [
        ("https://a.example", "https://A.example/", "https://a.example/tenant"),
        ("https://a.example/tenant", "https://a.example:443/tenant", "https://a.example/tenant/"),
        ("http://[::1]:8080", "http://[0:0::1]:8080/", "http://[::1]"),
    ] {
        let resource = ResourceIdentifier::from(&issuer.parse::<Issuer>().unwrap());
        assert_eq!(resource.as_str(), issuer);
        assert_eq!(resource, id(issuer));
        assert_eq!(resource, id(same));
        assert_ne!(resource, id(other));
    }
}

#[test]
fn what_is_no_https_uri_is_refused() {
    for (text, reason) in [
        ("", InvalidResourceIdentifier::NotUrl),
        ("/v1", InvalidResourceIdentifier::NotUrl),
        ("api.example", InvalidResourceIdentifier::NotUrl),
        ("//api.example", InvalidResourceIdentifier::NotUrl),
        ("urn:example:api", InvalidResourceIdentifier::NotUrl),
        ("ftp://api.example", InvalidResourceIdentifier::NotUrl),
        ("https://", InvalidResourceIdentifier::NotUrl),
        ("https:///v1", InvalidResourceIdentifier::NotUrl),
        ("https:api.example", InvalidResourceIdentifier::NotUrl),
        ("https:\\\\api.example", InvalidResourceIdentifier::NotUrl),
        (" https://api.example", InvalidResourceIdentifier::NotUrl),
        ("https://api.example\t", InvalidResourceIdentifier::NotUrl),
        ("https://api.example/a b", InvalidResourceIdentifier::NotUrl),
        ("https://api.example/ä", InvalidResourceIdentifier::NotUrl),
        ("https://äpi.example/", InvalidResourceIdentifier::NotUrl),
        ("https://api.example\\v1", InvalidResourceIdentifier::NotUrl),
        ("https://api.example/%7", InvalidResourceIdentifier::NotUrl),
        ("https://api.example/%zz", InvalidResourceIdentifier::NotUrl),
        ("https://api.example?a=%", InvalidResourceIdentifier::NotUrl),
        ("https://127.1/", InvalidResourceIdentifier::NotUrl),
        ("http://0x7f000001:9000", InvalidResourceIdentifier::NotUrl),
        ("https://api.example/#", InvalidResourceIdentifier::Fragment),
        ("https://api.example#a", InvalidResourceIdentifier::Fragment),
        ("https://me@api.example", InvalidResourceIdentifier::UserInformation),
        ("https://@api.example", InvalidResourceIdentifier::UserInformation),
        ("http://api.example", InvalidResourceIdentifier::PlainHttp),
        ("https://api.example/a/../b", InvalidResourceIdentifier::DotSegment),
        ("https://api.example/a/%2e%2E/b", InvalidResourceIdentifier::DotSegment),
        ("https://api.example/.", InvalidResourceIdentifier::DotSegment),
    ] {
        assert_eq!(text.parse::<ResourceIdentifier>(), Err(reason), "{text:?}");
    }
    let of_length = |length: usize| format!("https://api.example/{}", "a".repeat(length - 20));
    assert_eq!(id(&of_length(2_048)).as_str().len(), 2_048);
    assert_eq!(of_length(2_049).parse::<ResourceIdentifier>(), Err(InvalidResourceIdentifier::NotUrl));
}
