//! The fields of a form: what was typed if the form came back, else what is there.

use serde_json::{Map, Value};

use super::visited::Visited;
use crate::page::admin::{Choice, Control, Field, Form, Shown, View, Weight};

/// The state of a form.
pub(super) struct Sheet<'a> {
    at: &'a Visited<'a>,
    /// Whether the form came back.
    is_sent: bool,
    /// Whether what it changes was changed meanwhile: then each field says what is there by now.
    is_stale: bool,
    /// What is wrong: the name of a field, and a sentence.
    problems: Vec<(&'static str, Shown)>,
}

impl<'a> Sheet<'a> {
    /// A form that nobody has filled in yet.
    pub(super) const fn fresh(at: &'a Visited<'a>) -> Self {
        Self { at, is_sent: false, is_stale: false, problems: Vec::new() }
    }

    /// A form that came back and has to be filled in again, because of these problems.
    pub(super) const fn sent(at: &'a Visited<'a>, problems: Vec<(&'static str, Shown)>) -> Self {
        Self { at, is_sent: true, is_stale: false, problems }
    }

    /// A form that came back after somebody else changed the same thing.
    pub(super) const fn stale(at: &'a Visited<'a>) -> Self {
        Self { at, is_sent: true, is_stale: true, problems: Vec::new() }
    }

    /// A field with this control. The label is a key.
    pub(super) fn field(&self, name: &'static str, label: &str, control: Control) -> Field {
        self.labelled(name, self.at.text(label), control)
    }

    /// A field with this label.
    pub(super) fn labelled(&self, name: &'static str, label: String, control: Control) -> Field {
        let (control, now) = if self.is_sent { self.refilled(name, control) } else { (control, None) };
        Field {
            name,
            label,
            member: None,
            hint: None,
            problem: self.problem(name),
            now: now.filter(|_| self.is_stale),
            control,
        }
    }

    /// What is wrong with the field of this name.
    pub(super) fn problem(&self, name: &str) -> Option<Shown> {
        self.problems.iter().find(|(field, _)| *field == name).map(|(_, shown)| shown.clone())
    }

    /// The control with what was typed, and what is there, if it differs.
    fn refilled(&self, name: &'static str, stored: Control) -> (Control, Option<String>) {
        let typed = self.at.visit.field(name);
        let chosen: Vec<_> = self.at.visit.parameters.all(name).collect();
        let rechosen = |choices: &[Choice]| {
            let again = |choice: &Choice| Choice {
                is_chosen: chosen.contains(&choice.value.as_str()),
                ..choice.clone()
            };
            choices.iter().map(again).collect::<Vec<_>>()
        };
        let before = shown(self.at, &stored);
        let refilled = match stored {
            Control::Line(kind, _) => Control::Line(kind, typed.to_owned()),
            Control::Lines(_) => Control::Lines(typed.to_owned()),
            Control::Flag(_) => Control::Flag(!typed.is_empty()),
            Control::One(choices) => Control::One(rechosen(&choices)),
            Control::Any(choices) => Control::Any(rechosen(&choices)),
            Control::Fixed(text) => Control::Fixed(text),
        };
        let now = (shown(self.at, &refilled) != before).then_some(before);
        (refilled, now)
    }

    /// A field of one line.
    pub(super) fn line(&self, name: &'static str, label: &str, stored: &str) -> Field {
        self.field(name, label, Control::Line("text", stored.to_owned()))
    }

    /// A field of several lines.
    pub(super) fn lines(&self, name: &'static str, label: &str, stored: String) -> Field {
        self.field(name, label, Control::Lines(stored))
    }

    /// A field that is on or off.
    pub(super) fn flag(&self, name: &'static str, label: &str, stored: bool) -> Field {
        self.field(name, label, Control::Flag(stored))
    }

    /// The page with this form, and with what is wrong with it at its beginning.
    pub(super) fn on(&self, mut view: View) -> View {
        let named = self.problems.iter().map(|(field, shown)| {
            let field = (!field.is_empty()).then(|| (*field).to_owned());
            (field, shown.clone())
        });
        view.problems = named.collect();
        if self.is_stale {
            view.problems.push((None, self.at.words("admin-stale")));
        }
        view
    }

    /// The form with these fields.
    pub(super) fn form(&self, id: &'static str, key: &str, fields: Vec<Field>) -> Form {
        Form { fields, ..self.at.button(id, key, Weight::Main) }
    }
}

/// A value as text, for a comparison.
fn shown(at: &Visited<'_>, control: &Control) -> String {
    match control {
        Control::Line(_, text) | Control::Lines(text) | Control::Fixed(text) => {
            text.lines().map(str::trim).collect::<Vec<_>>().join("\n").trim().to_owned()
        }
        Control::Flag(is_on) => at.text(if *is_on { "admin-yes" } else { "admin-no" }),
        Control::One(choices) | Control::Any(choices) => {
            let chosen = choices.iter().filter(|choice| choice.is_chosen);
            chosen.map(|choice| choice.label.as_str()).collect::<Vec<_>>().join(", ")
        }
    }
}

impl Field {
    /// The same field with a sentence on what to type.
    pub(super) fn with_hint(self, hint: String) -> Self {
        Self { hint: Some(hint), ..self }
    }
}

/// The members that a form changes: null for each field that is empty.
pub(super) fn typed(at: &Visited<'_>, names: &[&'static str]) -> Map<String, Value> {
    let member = |name: &&'static str| {
        let text = at.field(name);
        let value = if text.is_empty() { Value::Null } else { text.into() };
        ((*name).to_owned(), value)
    };
    names.iter().map(member).collect()
}

/// The pairs of a list as choices, of which one is chosen.
pub(super) fn choices(pairs: &[(&str, String)], chosen: &str) -> Vec<Choice> {
    let choice = |(value, label): &(&str, String)| Choice {
        value: (*value).to_owned(),
        label: label.clone(),
        is_chosen: *value == chosen,
    };
    pairs.iter().map(choice).collect()
}

/// Set a name apart from the words around it, where no element can (UAX #9).
const ISOLATES: [char; 2] = ['\u{2068}', '\u{2069}'];

/// Whether the name was typed, or copied from the label.
pub(super) fn is_confirmed(at: &Visited<'_>, name: &str) -> bool {
    at.field("confirm").trim_matches(ISOLATES).trim() == name
}

/// The form in which a name has to be typed before something is deleted.
pub(super) fn confirmation(sheet: &Sheet<'_>, name: &str, key: &str) -> Form {
    let apart = format!("{}{name}{}", ISOLATES[0], ISOLATES[1]);
    let label = sheet.at.visit.language.phrase("admin-type-name", "name", &apart);
    let field = sheet.labelled("confirm", label, Control::Line("text", String::new()));
    Form { weight: Weight::Alarm, ..sheet.form("delete", key, vec![field]) }
}
