//! A message with a text of somebody else's in it: escaped by askama, and in `<bdi>` (HTML §4.5.24), so that a name
//! that is written the other way neither reorders the words around it nor borrows them.

use askama::Template;
use askama::filters::HtmlSafe;

/// A message as HTML.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = "{% for part in parts %}{% match part %}{% when Part::Words with (words) %}{{ words }}{% when Part::Value with (value) %}<bdi>{{ value }}</bdi>{% endmatch %}{% endfor %}"
)]
pub struct Sentence {
    parts: Vec<Part>,
}

/// What its template writes is escaped there.
impl HtmlSafe for Sentence {}

#[derive(Clone, Debug)]
enum Part {
    Words(String),
    Value(String),
}

impl Sentence {
    /// Where the value goes: a character of private use, which no message has. The value itself never passes through
    /// the formatting, so it cannot pretend to be a part of the message.
    pub(super) const PLACE: &'static str = "\u{e000}";

    pub(super) fn new(message: &str, value: &str) -> Self {
        let mut parts = Vec::new();
        for (number, words) in message.split(Self::PLACE).enumerate() {
            if number > 0 {
                parts.push(Part::Value(value.to_owned()));
            }
            parts.push(Part::Words(words.to_owned()));
        }
        Self { parts }
    }
}
