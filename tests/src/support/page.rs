//! A page, parsed as a simple browser without JavaScript would.

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use scraper::{Html, Selector};
use url::Url;

/// An HTML response of the server.
#[derive(Debug, Clone)]
pub struct Page {
    /// The URL of the page.
    pub url: String,
    /// The status code.
    pub status: StatusCode,
    /// The response headers.
    pub headers: HeaderMap,
    /// The HTML.
    pub html: String,
}

impl Page {
    /// Whether an element matches the CSS selector.
    #[must_use]
    pub fn has(&self, selector: &str) -> bool {
        Html::parse_document(&self.html).select(&css(selector)).next().is_some()
    }

    /// The text of the first element that matches.
    #[must_use]
    pub fn text(&self, selector: &str) -> String {
        let document = Html::parse_document(&self.html);
        let element = document.select(&css(selector)).next();
        let element = element.unwrap_or_else(|| panic!("no {selector} on {}:\n{}", self.url, self.html));
        element.text().collect::<Vec<_>>().join("").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The value of an attribute of the first element that matches.
    #[must_use]
    pub fn attribute(&self, selector: &str, name: &str) -> String {
        let document = Html::parse_document(&self.html);
        let element = document.select(&css(selector)).next();
        let element = element.unwrap_or_else(|| panic!("no {selector} on {}:\n{}", self.url, self.html));
        element.value().attr(name).unwrap_or_default().to_owned()
    }

    /// Every URL that the page links to or loads from, resolved as a browser does. Includes other
    /// hosts.
    #[must_use]
    pub fn addresses(&self) -> Vec<String> {
        let document = Html::parse_document(&self.html);
        let (attributes, any) = (["href", "src", "action"], css("[href], [src], [action]"));
        let found = document.select(&any).flat_map(|element| {
            attributes.into_iter().filter_map(move |name| element.value().attr(name).map(str::to_owned))
        });
        found.map(|address| self.resolved(&address)).collect()
    }

    /// Resolves a URL of this page, as a browser does.
    #[must_use]
    pub fn resolved(&self, address: &str) -> String {
        let here = Url::parse(&self.url).expect("a URL");
        here.join(address).unwrap_or_else(|_| panic!("no address on {}: {address}", self.url)).into()
    }

    /// The action of the page's form, and its hidden fields.
    #[must_use]
    pub fn form(&self) -> (String, Vec<(String, String)>) {
        let document = Html::parse_document(&self.html);
        let hidden = css("form input[type=hidden]");
        let hidden = document.select(&hidden);
        let fields = hidden.map(|input| {
            let attribute = |name| input.value().attr(name).unwrap_or_default().to_owned();
            (attribute("name"), attribute("value"))
        });
        (self.attribute("form", "action"), fields.collect())
    }
}

fn css(selector: &str) -> Selector {
    Selector::parse(selector).expect("a CSS selector")
}
