//! An access token is for the resources that the request names, however the request arrives.

use serde_json::{Value, json};
use tests::support::{Browser, Callback, PASSWORD, RelyingParty};

use super::{API, FILES, audience, client, naming, request, server, server_with};

#[tokio::test]
async fn a_token_is_for_the_resources_asked_for_else_the_default_else_the_issuer() {
    let server = server().await;
    let issuer = &server.issuer;
    let plain = client(&server, "plain", None).await;
    let with_default = client(&server, "with-default", Some(API)).await;
    let browser = Browser::new(issuer);
    for (client, scope, named, expected) in [
        (&plain, "read", &[][..], json!(issuer)),
        (&plain, "openid", &[], json!(issuer)),
        (&plain, "read", &[API], json!(API)),
        (&plain, "read", &[FILES, API], json!([API, FILES])),
        (&plain, "read", &[API, API], json!(API)),
        (&plain, "openid read", &[API], json!([issuer, API])),
        (&plain, "read", &[issuer.as_str()], json!(issuer)),
        (&plain, "read", &[API, issuer.as_str()], json!([issuer, API])),
        (&plain, "read", &["", API], json!(API)),
        (&with_default, "read", &[], json!(API)),
        (&with_default, "openid read", &[], json!([issuer, API])),
        (&with_default, "read", &[FILES], json!(FILES)),
        (&with_default, "read", &[issuer.as_str()], json!(issuer)),
    ] {
        let url = browser.sign_in_and_consent(&request(client, scope, named), "ada").await;
        let tokens = client.redeemed(Callback::from_url(&url).code()).await;
        assert_eq!(audience(&tokens), expected, "{} {scope} {named:?}", client.id);
        let userinfo = client.userinfo(tokens.text("access_token")).await.status();
        assert_eq!(userinfo == 200, scope.contains("openid"), "{scope} {named:?}");
    }
}

#[tokio::test]
async fn a_resource_is_compared_as_a_uri_and_its_tokens_carry_the_registered_form() {
    let server = server().await;
    let (bare, slash) = ("https://mcp.example.com", "https://slash.example.com/");
    for id in [bare, slash] {
        server.resource(id, |_| {}).await;
    }
    let web = client(&server, "web", None).await;
    // The operator writes the identifiers in other ways than they are registered.
    let allowed = json!(["HTTPS://MCP.example.com:443/", "https://slash.example.com"]);
    let draft = json!({"resources": allowed, "default_resource": "https://MCP.example.com/"});
    let draft = domain::client::ClientDraft::from_json(draft.to_string().as_bytes()).unwrap();
    let id = web.id.parse().unwrap();
    let (updated, _) = server.clients.patch(&id, &draft, domain::Actor::CommandLine).await.unwrap();
    let named: Vec<_> = updated.resources.allowed.iter().map(ToString::to_string).collect();
    assert_eq!(named, [bare, slash]);

    let own = [("grant_type", "client_credentials"), ("scope", "read")];
    let browser = Browser::new(&server.issuer);
    for (named, expected) in [
        (&[][..], json!(bare)),
        (&["https://mcp.example.com"], json!(bare)),
        (&["https://mcp.example.com/"], json!(bare)),
        (&["HTTPS://MCP.example.com"], json!(bare)),
        (&["https://mcp.example.com:443"], json!(bare)),
        (&["https://mcp.example.com", "https://mcp.example.com/"], json!(bare)),
        (&["https://slash.example.com"], json!(slash)),
        (&["https://slash.example.com", "https://mcp.example.com/"], json!([bare, slash])),
        (&[format!("{}/", server.issuer).as_str()], json!(server.issuer)),
    ] {
        let direct = RelyingParty::successful(web.token(&naming(&own, named)).await).await;
        assert_eq!(audience(&direct), expected, "{named:?}");
        let url = browser.sign_in_and_consent(&request(&web, "read", named), "ada").await;
        let tokens = web.redeemed(Callback::from_url(&url).code()).await;
        assert_eq!(audience(&tokens), expected, "{named:?}");
        // The next request may write them in yet another way.
        let again: Vec<_> = named.iter().map(|id| id.replacen("https", "HTTPS", 1)).collect();
        let again: Vec<_> = again.iter().map(String::as_str).collect();
        let renewed = super::refreshed(&web, tokens.text("refresh_token"), &again).await;
        assert_eq!(audience(&renewed), expected, "{again:?}");
    }
    for (taken, id) in [(bare, "https://MCP.example.com/"), (slash, "https://slash.example.com")] {
        let shown = server.resources.show(&id.parse().unwrap()).await.unwrap();
        assert_eq!(shown.id.as_str(), taken);
    }
}

#[tokio::test]
async fn a_pushed_request_keeps_its_resources() {
    let server = server().await;
    let web = client(&server, "web", None).await;
    let asked = url::Url::parse(&request(&web, "read", &[FILES, API])).unwrap();
    let pairs: Vec<_> = asked.query_pairs().into_owned().collect();
    let form: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let pushed: Value = web.post("/oauth/par", &form).await.json().await.unwrap();
    let link = [("client_id", web.id.as_str()), ("request_uri", pushed["request_uri"].as_str().unwrap())];
    let link = url::Url::parse_with_params(&server.url("/oauth/authorize"), link).unwrap();
    // Only the two parameters count: what is added in the browser neither widens nor narrows the
    // request.
    let link = super::with(link.as_str(), "resource", &[API]);
    let url = Browser::new(&server.issuer).sign_in_and_consent(&link, "ada").await;
    let tokens = web.redeemed(Callback::from_url(&url).code()).await;
    assert_eq!(audience(&tokens), json!([API, FILES]));
}

#[tokio::test]
async fn a_request_that_another_site_posted_keeps_all_its_resources() {
    let server = server().await;
    let web = client(&server, "web", None).await;
    let browser = Browser::new(&server.issuer);
    let asked = url::Url::parse(&request(&web, "read", &[FILES, API])).unwrap();
    let pairs: Vec<_> = asked.query_pairs().into_owned().collect();
    let login = browser.post("/oauth/authorize", &pairs).await.page();
    let consent = browser.sign_in(&login, "ada").await.page();
    let callback = Callback::from_url(&browser.allow(&consent).await.client());
    assert_eq!(audience(&web.redeemed(callback.code()).await), json!([API, FILES]));
}

#[tokio::test]
async fn a_device_gets_tokens_for_the_resources_it_named_and_the_person_sees_them() {
    let server = server().await;
    let device = client(&server, "device", None).await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    browser.sign_in(&login, "ada").await;
    for (named, narrowed, expected) in [
        (&[][..], &[][..], json!(server.issuer)),
        (&[API, FILES], &[], json!([API, FILES])),
        (&[API, FILES], &[FILES], json!(FILES)),
    ] {
        let form = naming(&[("scope", "read")], named);
        let begun = device.post("/oauth/device_authorization", &form).await;
        let begun = RelyingParty::successful(begun).await;
        let page = browser.open(begun.text("verification_uri_complete")).await.page();
        assert_eq!(page.has("#resources"), !named.is_empty());
        for id in named {
            assert!(page.text("#resources").contains(&format!("The resource {id}")), "{}", page.html);
        }
        browser.submit(&page, &[("decision", "allow")]).await;
        let grant = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", begun.text("device_code")),
        ];
        let other = naming(&grant, &[server.issuer.as_str(), super::OTHER]);
        super::assert_refused(device.token(&other).await, "invalid_target", "widening").await;
        // The refused request has not spent the device code.
        let tokens = RelyingParty::successful(device.token(&naming(&grant, narrowed)).await).await;
        assert_eq!(audience(&tokens), expected);
    }
}

#[tokio::test]
async fn a_client_for_itself_and_one_with_a_password_name_them_directly() {
    let server = server().await;
    let plain = client(&server, "plain", None).await;
    let with_default = client(&server, "with-default", Some(FILES)).await;
    let own = [("grant_type", "client_credentials"), ("scope", "read")];
    let password =
        [("grant_type", "password"), ("scope", "read"), ("username", "ada"), ("password", PASSWORD)];
    for fields in [&own[..], &password[..]] {
        for (client, named, expected) in [
            (&plain, &[][..], json!(server.issuer)),
            (&plain, &[API], json!(API)),
            (&plain, &[API, FILES], json!([API, FILES])),
            (&with_default, &[], json!(FILES)),
            (&with_default, &[API], json!(API)),
        ] {
            let tokens = RelyingParty::successful(client.token(&naming(fields, named)).await).await;
            assert_eq!(audience(&tokens), expected, "{} {named:?}", client.id);
        }
    }
    let tokens = RelyingParty::successful(plain.token(&naming(&password, &[API])).await).await;
    let renewed = super::refreshed(&plain, tokens.text("refresh_token"), &[]).await;
    assert_eq!(audience(&renewed), json!(API));
}

#[tokio::test]
async fn an_opaque_token_is_for_the_same_resources() {
    let server = server_with(true).await;
    let web = client(&server, "web", None).await;
    let own = [("grant_type", "client_credentials"), ("scope", "read")];
    for (named, expected) in
        [(&[][..], json!(server.issuer)), (&[API], json!(API)), (&[API, FILES], json!([API, FILES]))]
    {
        let tokens = RelyingParty::successful(web.token(&naming(&own, named)).await).await;
        assert_eq!(web.introspect(tokens.text("access_token")).await["aud"], expected);
    }
}
