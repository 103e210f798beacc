//! Why a request was refused: what administrators learn, and what nobody does.

mod kept;
mod mistakes;

use reqwest::Response;
use serde_json::Value;
use tests::support::{Browser, Page, TestServer};

use super::Caller;

/// A server with a user, and an administrator who asks for explanations.
struct Asked {
    server: TestServer,
    admin: Caller,
}

impl Asked {
    async fn new() -> Self {
        Self::of(TestServer::start().await).await
    }

    async fn of(server: TestServer) -> Self {
        server.user("ada").await;
        let admin = Caller::administrative_client(&server).await;
        Self { server, admin }
    }

    /// The explanation of the refusal with this reference.
    async fn explain(&self, reference: &str) -> Told {
        let told = self.admin.get(&self.server, &format!("/admin/api/errors/{reference}")).await;
        assert_eq!(told["reference"], reference);
        Told(told)
    }

    /// The explanation of this refusal.
    async fn why(&self, refused: &Response) -> Told {
        self.explain(refused.headers()["error-reference"].to_str().unwrap()).await
    }

    /// The explanation of this error page.
    async fn why_page(&self, page: &Page) -> Told {
        self.explain(page.headers["error-reference"].to_str().unwrap()).await
    }

    /// The explanation of the error page that this address leads to.
    async fn why_opened(&self, url: &str) -> Told {
        let page = Browser::new(&self.server.issuer).open(url).await.page();
        self.why_page(&page).await
    }

    /// The latest refusals of a client.
    async fn latest(&self, client: &str) -> Vec<Told> {
        let list = self.admin.get(&self.server, &format!("/admin/api/clients/{client}/errors")).await;
        list["items"].as_array().unwrap().iter().cloned().map(Told).collect()
    }
}

/// An explanation.
#[derive(Debug)]
struct Told(Value);

impl Told {
    /// Asserts the rule, and that the sentence has all these facts.
    #[track_caller]
    fn says(&self, rule: &str, facts: &[&str]) -> &Self {
        assert_eq!(self.0["rule"], rule, "{:#}", self.0);
        let sentence = self.0["sentence"].as_str().unwrap();
        for fact in facts {
            assert!(sentence.contains(fact), "{fact}: {sentence}");
        }
        assert!(self.0["section"].as_str().is_some_and(|section| !section.is_empty()));
        self
    }

    /// Asserts the first comparison: its name, what was expected, what was sent.
    #[track_caller]
    fn compares(&self, name: &str, expected: &str, sent: &str) -> &Self {
        let compared = &self.0["compared"][0];
        let found = [&compared["name"], &compared["expected"], &compared["sent"]];
        assert_eq!(found, [name, expected, sent], "{:#}", self.0);
        self
    }

    /// The value of a fact.
    fn fact(&self, name: &str) -> &str {
        let facts = self.0["facts"].as_array().unwrap();
        let fact = facts.iter().find(|fact| fact["name"] == name);
        fact.and_then(|fact| fact["value"].as_str()).unwrap_or_else(|| panic!("{name}: {:#}", self.0))
    }
}
