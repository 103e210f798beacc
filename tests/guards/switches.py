"""One build for most conditions: each gets a switch, and the environment names the one that is off.

A condition that a query builder is given is handed over by a function of `RUST`. A `.sql` file is exchanged as a whole when
its text is filled in.
"""

import re

from candidates import POISON, RUST_TOKEN

ADAPTER = "adapters-postgres/src"
# The call with a switch, by the call without it: a query treats a condition that is not there as no condition.
CALLS = {
    "filter": ("filter", "condition"),
    "add": ("add_option", "part"),
    "and_where": ("and_where_option", "part_of_where"),
    "action_and_where": ("action_and_where_option", "part_of_where"),
}
CALL = re.compile(r"\s*\.(" + "|".join(CALLS) + r")\(")
OFF, BEFORE, AFTER = "GUARDS_OFF", "GUARDS_TEXT_BEFORE", "GUARDS_TEXT_AFTER"
FILLED_IN = "fn without_comments(text: &str) -> String {\n"
RUST = f"""//! The switches of the conditions: none is off unless the environment says so.

use std::borrow::Cow;
use std::sync::LazyLock;

use sea_orm::sea_query::{{Condition, Expr, IntoCondition}};

static OFF: LazyLock<String> = LazyLock::new(|| std::env::var("{OFF}").unwrap_or_default());
static TEXTS: LazyLock<Option<(String, String)>> = LazyLock::new(|| {{
    let read = |name| std::env::var(name).ok().and_then(|path| std::fs::read_to_string(path).ok());
    read("{BEFORE}").zip(read("{AFTER}"))
}});

fn switched<T>(number: u32, part: T, failing: impl FnOnce(Expr) -> T) -> Option<T> {{
    match OFF.strip_prefix(&number.to_string()) {{
        Some("") => None,
        Some("poison") => Some(failing(Expr::cust("{POISON}"))),
        _ => Some(part),
    }}
}}

pub(crate) fn condition(number: u32, given: impl IntoCondition) -> Condition {{
    part(number, given).unwrap_or_else(Condition::all)
}}

pub(crate) fn part(number: u32, given: impl IntoCondition) -> Option<Condition> {{
    switched(number, given.into_condition(), IntoCondition::into_condition)
}}

pub(crate) fn part_of_where(number: u32, given: Expr) -> Option<Expr> {{
    switched(number, given, |failing| failing)
}}

pub(crate) fn text(of_file: &str) -> Cow<'_, str> {{
    match &*TEXTS {{
        Some((before, after)) if before == of_file => after.clone().into(),
        _ => of_file.into(),
    }}
}}
"""


class Switches:
    """Which conditions have a switch, and how to turn it."""

    def __init__(self, place):
        self.place = place
        self.numbers = {}

    def install(self, root, tree, candidates):
        """Puts the switches in a copy of the tree."""
        edits = {}
        for candidate in candidates:
            if not candidate.file.startswith(ADAPTER):
                continue
            if candidate.file.endswith(".sql"):
                self.numbers[candidate] = 0
            elif call := switchable((root / candidate.file).read_text(), candidate):
                self.numbers[candidate] = number = len(self.numbers) + 1
                name, function = CALLS[call[1]]
                edits.setdefault(candidate.file, []).extend([
                    (*call.span(1), name),
                    (call.end(), call.end(), f"crate::guards::{function}({number}, "),
                    (candidate.end - 1, candidate.end - 1, ")"),
                ])
        for file, of_file in edits.items():
            text = (root / file).read_text()
            # From the end, so that the places before stay as they are.
            for start, end, new in sorted(of_file, reverse=True):
                text = text[:start] + new + text[end:]
            (tree / file).write_text(text)
        (tree / ADAPTER / "guards.rs").write_text(RUST)
        library, filling = tree / ADAPTER / "lib.rs", tree / ADAPTER / "sql/text.rs"
        library.write_text(library.read_text().replace("\nmod batch;", "\nmod guards;\nmod batch;", 1))
        before = filling.read_text()
        if FILLED_IN not in before:
            raise SystemExit("the place where .sql files are filled in has moved: adapt tests/guards/switches.py")
        filling.write_text(before.replace(FILLED_IN, f"{FILLED_IN}    let text = &*crate::guards::text(text);\n"))

    def has(self, candidate):
        return candidate in self.numbers

    def off(self, root, candidate, poisoned=False):
        """The environment in which the condition is gone, or fails."""
        number = self.numbers[candidate]
        if number:
            return {OFF: f"{number}poison" if poisoned else str(number)}
        before, after = self.place / "before.sql", self.place / "after.sql"
        text = (root / candidate.file).read_text()
        instead = candidate.poison if poisoned else candidate.removed
        before.write_text(text)
        after.write_text(text[: candidate.start] + instead + text[candidate.end :])
        return {BEFORE: str(before), AFTER: str(after)}


def switchable(text, candidate):
    """The call that the condition is given to; None for a string with SQL, for arithmetic, and for other calls."""
    call = CALL.match(text, candidate.start) or CALL.match(without_comments(text), candidate.start)
    if not call or candidate.removed or candidate.poison and POISON not in candidate.poison:
        return None
    argument = text[call.end() : candidate.end - 1].strip()
    return None if re.fullmatch(r"\d+(_\w+)?", argument) else call


def without_comments(text):
    """The text with blanks in place of comments, every character where it was."""
    return RUST_TOKEN.sub(lambda token: re.sub(r"[^\n]", " ", token[0]) if token[0].startswith("/") else token[0], text)
