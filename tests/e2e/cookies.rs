//! The cookies of a browser, and browsers that keep none.

use reqwest::header::{LOCATION, ORIGIN};
use tests::support::{Browser, PASSWORD, Page, RelyingParty, TestServer};

/// The page at this URL for a browser that keeps no cookies.
async fn without_cookies(server: &TestServer, url: &str) -> Page {
    let answer = Browser::new(&server.issuer).http().get(url).send().await.unwrap();
    page(answer).await
}

async fn page(answer: reqwest::Response) -> Page {
    Page {
        url: answer.url().to_string(),
        status: answer.status(),
        headers: answer.headers().clone(),
        html: answer.text().await.unwrap(),
    }
}

fn asks_for_cookies(page: &Page) {
    assert_eq!(page.status, 400);
    assert!(page.has("#error") && page.text("#explanation").contains("Allow cookies"), "{}", page.html);
}

#[tokio::test]
async fn a_browser_that_keeps_no_cookies_is_told_so_on_every_page() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    for start in [web.authorization_url(&[]), server.url("/login"), server.url("/oauth/device/verify")] {
        let begun = Browser::new(&server.issuer).http().get(&start).send().await.unwrap();
        let next = begun.url().join(begun.headers()[LOCATION].to_str().unwrap()).unwrap();
        asks_for_cookies(&without_cookies(&server, next.as_str()).await);
        // A form that was open when the cookies were switched off or deleted.
        for action in ["/login", "/consent", "/oauth/device/verify"] {
            let interaction = next.query_pairs().find(|(name, _)| name == "interaction");
            let interaction = interaction.map(|(_, value)| value.into_owned()).unwrap_or_default();
            let fields = [
                ("interaction", interaction.as_str()),
                ("form_token", "A"),
                ("username", "ada"),
                ("password", PASSWORD),
            ];
            let request = Browser::new(&server.issuer).http().post(server.url(action));
            let answer = request.header(ORIGIN, &server.issuer).form(&fields).send().await.unwrap();
            asks_for_cookies(&page(answer).await);
        }
    }
}

#[tokio::test]
async fn the_message_is_in_the_language_of_the_browser() {
    let server = TestServer::start().await;
    let request = Browser::new(&server.issuer).http().get(server.url("/login?interaction=x"));
    let answer = page(request.header("accept-language", "de").send().await.unwrap()).await;
    assert!(answer.text("#explanation").contains("Erlauben Sie Cookies"), "{}", answer.html);
}

#[tokio::test]
async fn two_servers_on_one_host_do_not_sign_each_other_s_users_out() {
    let (one, two) = (TestServer::start().await, TestServer::start().await);
    one.user("ada").await;
    two.user("eve").await;
    let first = Browser::new(&one.issuer);
    // The same cookies for both: browsers send the cookies of one port to every other.
    let second = first.at(&two.issuer);
    for (browser, username) in [(&first, "ada"), (&second, "eve")] {
        let login = browser.open("/login").await.page();
        let home = browser.sign_in(&login, username).await.page();
        assert!(home.text("body").contains(&format!("signed in as {username}")), "{}", home.html);
    }
    assert!(first.open("/").await.page().text("body").contains("signed in as ada"));
    let logout = second.open("/oauth/logout").await.page();
    assert!(second.submit(&logout, &[]).await.page().has("#logged-out"));
    assert!(first.open("/").await.page().text("body").contains("signed in as ada"));
}

#[tokio::test]
async fn the_answer_by_form_may_be_framed_by_the_application_only_and_no_other_page_by_anybody() {
    let server = TestServer::start().await;
    server.user("ada").await;
    let web = RelyingParty::confidential(&server, "web").await;
    let browser = Browser::new(&server.issuer);
    let ancestors = |page: &Page| {
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        let directive = policy.split("; ").find_map(|part| part.strip_prefix("frame-ancestors "));
        (directive.unwrap().to_owned(), page.headers.contains_key("x-frame-options"))
    };
    let (framed, unframed) = (("https://client.example".to_owned(), false), ("'none'".to_owned(), true));
    let silent = web.authorization_url(&[("response_mode", "form_post"), ("prompt", "none")]);
    let refused = browser.open(&silent).await.page();
    assert!(refused.html.contains("login_required"), "{}", refused.html);
    assert_eq!(ancestors(&refused), framed);
    browser.sign_in_and_consent(&web.authorization_url(&[]), "ada").await;
    let answered = browser.open(&silent).await.page();
    assert!(answered.has("input[name=code]"), "{}", answered.html);
    assert_eq!(ancestors(&answered), framed);
    for url in ["/login", "/", "/oauth/authorize?client_id=nobody"] {
        assert_eq!(ancestors(&browser.open(url).await.page()), unframed, "{url}");
    }
}

#[tokio::test]
async fn what_a_person_types_is_not_corrected() {
    let server = TestServer::start().await;
    let browser = Browser::new(&server.issuer);
    let login = browser.open("/login").await.page();
    for (name, value) in [("autocorrect", "off"), ("autocapitalize", "none"), ("spellcheck", "false")] {
        assert_eq!(login.attribute("input[name=username]", name), value);
    }
}
