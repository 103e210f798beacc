//! A form of the administration. A person who may not send it sees its values as text.

use super::shown::Shown;

/// A form.
#[derive(Clone)]
pub struct Form {
    /// The id of its button.
    pub id: &'static str,
    /// Whether the person may send it now.
    pub may_send: bool,
    /// The fields.
    pub fields: Vec<Field>,
    /// Fields that most people leave as they are, and the words that they stand under.
    pub advanced: Option<(String, Vec<Field>)>,
    /// Values that the form carries.
    pub hidden: Vec<(&'static str, String)>,
    /// What the button says.
    pub submit: String,
    /// How the button looks.
    pub weight: Weight,
}

/// How a button looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// The main button of the page.
    Main,
    /// One beside others.
    Quiet,
    /// One that cannot be undone.
    Alarm,
}

/// A field.
#[derive(Clone)]
pub struct Field {
    /// Its name, and its id.
    pub name: &'static str,
    /// The label.
    pub label: String,
    /// The member of the specification that it stands for.
    pub member: Option<&'static str>,
    /// What to type.
    pub hint: Option<String>,
    /// What is wrong with it.
    pub problem: Option<Shown>,
    /// The value that the server has by now, if somebody else changed it meanwhile.
    pub now: Option<String>,
    /// How it is filled in.
    pub control: Control,
}

/// How a field is filled in.
#[derive(Clone, Debug)]
pub enum Control {
    /// One line: the type of the input, and the text.
    Line(&'static str, String),
    /// Several lines.
    Lines(String),
    /// On or off.
    Flag(bool),
    /// One of several.
    One(Vec<Choice>),
    /// Any of several.
    Any(Vec<Choice>),
    /// Nothing can be filled in.
    Fixed(String),
}

/// One entry of a list.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Its value.
    pub value: String,
    /// Its words.
    pub label: String,
    /// Whether it is chosen.
    pub is_chosen: bool,
}

impl Form {
    /// Whether a field among those that most people leave is wrong: then they are shown.
    pub(super) fn is_open(&self) -> bool {
        let is_wrong = |field: &Field| field.problem.is_some() || field.now.is_some();
        self.advanced.as_ref().is_some_and(|(_, fields)| fields.iter().any(is_wrong))
    }
}

impl Field {
    /// The ids of what describes the field.
    pub(super) fn described_by(&self) -> String {
        let parts = [
            (self.problem.is_some(), "problem"),
            (self.now.is_some(), "now"),
            (self.hint.is_some(), "hint"),
            (self.member.is_some(), "member"),
        ];
        let named = parts.into_iter().filter(|(is_there, _)| *is_there);
        named.map(|(_, part)| format!("{}-{part}", self.name)).collect::<Vec<_>>().join(" ")
    }

    /// The value as text.
    pub(super) fn shown(&self) -> String {
        match &self.control {
            Control::Line(_, text) | Control::Lines(text) | Control::Fixed(text) => text.clone(),
            Control::Flag(_) => String::new(),
            Control::One(choices) | Control::Any(choices) => {
                let chosen = choices.iter().filter(|choice| choice.is_chosen);
                chosen.map(|choice| choice.label.as_str()).collect::<Vec<_>>().join(", ")
            }
        }
    }
}
