//! A value on a page of the administration.

use crate::language::Sentence;
use crate::page::Moment;

/// A value.
#[derive(Clone)]
pub enum Shown {
    /// Words of ours.
    Words(String),
    /// A text from outside.
    Text(String),
    /// A text that programs read.
    Code(String),
    /// A moment.
    Moment(Moment),
    /// A sentence with a text from outside in it.
    Sentence(Sentence),
    /// A sentence of ours, and one for developers, which is in English.
    Technical(String, String),
    /// Much text from outside, which opens under a few words of ours.
    More(String, String),
    /// A state.
    Badge(Badge),
}

/// A state: its word, and its shape. Colour alone says nothing.
#[derive(Clone, Debug)]
pub struct Badge {
    /// `active`, `invited`, `locked` or `disabled`: the shape in the stylesheet.
    pub kind: &'static str,
    /// The word.
    pub word: String,
}
