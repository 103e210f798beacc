//! A message with an outside text in it: askama escapes it, and `<bdi>` (HTML §4.5.24) isolates it, so that a
//! right-to-left name does not reorder the words around it.

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

/// The template has already escaped its text.
impl HtmlSafe for Sentence {}

#[derive(Clone, Debug)]
enum Part {
    Words(String),
    Value(String),
}

impl Sentence {
    /// The placeholder of the value: a private-use character that no message has. The value itself never passes through the
    /// formatter, so it cannot imitate a part of the message.
    pub(super) const PLACE: &'static str = "\u{e000}";

    /// An outside text alone.
    pub(crate) fn of(value: &str) -> Self {
        Self { parts: vec![Part::Value(value.to_owned())] }
    }

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
