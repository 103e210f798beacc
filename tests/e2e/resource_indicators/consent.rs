//! The consent page shows the resources that the client requests, and the consent covers only
//! those.

use tests::support::{Browser, Landed};

use super::{API, FILES, client, request, server};

#[tokio::test]
async fn the_page_names_the_resources() {
    let server = server().await;
    let web = client(&server, "web", Some(API)).await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open(&request(&web, "read", &[API, FILES, &server.issuer])).await.page();
    let page = browser.sign_in(&login, "ada").await.page();
    let named = page.text("#resources");
    for text in [API, FILES, &server.issuer, "The resource https://files.example"] {
        assert!(named.contains(text), "{text}: {named}");
    }
    // A request that names none is for the default audience of the client, or else for this server alone.
    let by_default = browser.open(&request(&web, "read", &[])).await.page();
    assert!(by_default.text("#resources").contains(&format!("The resource {API}")));
    let plain = client(&server, "plain", None).await;
    let unnamed = browser.open(&request(&plain, "read", &[])).await.page();
    assert!(unnamed.has("#allow") && !unnamed.has("#resources"));
}

#[tokio::test]
async fn what_is_remembered_covers_only_what_was_shown() {
    let server = server().await;
    let web = client(&server, "web", None).await;
    let browser = Browser::new(&server.issuer);
    browser.sign_in_and_consent(&request(&web, "read", &[API]), "ada").await;
    assert!(matches!(browser.open(&request(&web, "read", &[API])).await, Landed::Client(_)));
    for (scope, named) in [
        ("read", &[FILES][..]),
        ("read", &[API, FILES]),
        ("read", &[]),
        ("read", &[&server.issuer]),
        ("read write", &[API]),
    ] {
        let page = browser.open(&request(&web, scope, named)).await.page();
        assert!(page.has("#allow"), "{scope} {named:?}");
    }
    // A consent to one scope here and to another scope there does not cover both scopes at both
    // resources.
    browser.sign_in_and_consent(&request(&web, "write", &[FILES]), "ada").await;
    for (scope, resource, asked) in
        [("read", API, false), ("write", FILES, false), ("write", API, true), ("read", FILES, true)]
    {
        let landed = browser.open(&request(&web, scope, &[resource])).await;
        assert_eq!(matches!(landed, Landed::Page(_)), asked, "{scope} at {resource}");
    }
}
