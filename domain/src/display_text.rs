//! Text from strangers that people read and trust, such as the name of an application: nothing in it is invisible, and nothing
//! passes for something else (Unicode UTS #39, Unicode Security Mechanisms).

use icu_properties::props::{DefaultIgnorableCodePoint, Emoji, GeneralCategory as Category};
use icu_properties::{CodePointMapData, CodePointSetData};
use unicode_script::Script;
use unicode_security::mixed_script::AugmentedScriptSet;
use unicode_security::skeleton;

/// Joins or colours emoji, and is invisible elsewhere.
const EMOJI_JOINERS: [char; 2] = ['\u{200d}', '\u{fe0f}'];
const ZERO_WIDTH_JOINER: char = '\u{200d}';
/// No writing puts more on one letter; a pile of them covers the lines around it.
const MAX_MARKS: usize = 4;
/// A letter of Braille without a dot.
const BRAILLE_BLANK: char = '\u{2800}';

/// Whether a reader sees every character, and in the order in which it stands: no control characters, none that are invisible
/// or change the direction, none that is for private use or not assigned, no pile of marks on one letter and no two blanks in a
/// row, which would push the rest away. It begins and ends with a visible character.
#[must_use]
pub fn is_visible(text: &str) -> bool {
    if text.ends_with(ZERO_WIDTH_JOINER) || !is_compact(text) {
        return false;
    }
    let mut before = ' ';
    let is_visible = |character: char| {
        let joins = EMOJI_JOINERS.contains(&character) && is_emoji(before);
        if !EMOJI_JOINERS.contains(&character) {
            before = character;
        }
        joins || has_a_glyph(character)
    };
    !text.is_empty() && text.trim() == text && text.chars().all(is_visible)
}

fn is_compact(text: &str) -> bool {
    let is_mark = |character: char| {
        let category = CodePointMapData::<Category>::new().get(character);
        matches!(category, Category::NonspacingMark | Category::EnclosingMark)
    };
    let mut marks = 0;
    let mut before = None;
    text.chars().all(|character| {
        marks = if is_mark(character) { marks + 1 } else { 0 };
        let is_repeated = match before {
            Some(before) if character == ZERO_WIDTH_JOINER => before == character,
            Some(before) => character.is_whitespace() && char::is_whitespace(before),
            None => false,
        };
        before = Some(character);
        marks <= MAX_MARKS && !is_repeated
    })
}

fn has_a_glyph(character: char) -> bool {
    let category = CodePointMapData::<Category>::new().get(character);
    let has_none = matches!(
        category,
        Category::Control
            | Category::Format
            | Category::LineSeparator
            | Category::ParagraphSeparator
            | Category::PrivateUse
            | Category::Surrogate
            | Category::Unassigned
    );
    let is_ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character);
    !has_none && !is_ignorable && character != BRAILLE_BLANK
}

/// Digits are emoji too, with a joiner.
fn is_emoji(character: char) -> bool {
    !character.is_ascii() && CodePointSetData::new::<Emoji>().contains(character)
}

/// Whether all letters are of one script, or of Latin and a script that is commonly written with it: Chinese, Japanese, Korean
/// ("highly restrictive", UTS #39 §5.2).
#[must_use]
pub fn is_of_one_script(text: &str) -> bool {
    if !AugmentedScriptSet::for_str(text).is_empty() {
        return true;
    }
    let mut others = AugmentedScriptSet::default();
    for character in text.chars() {
        let set = AugmentedScriptSet::for_char(character);
        if !set.base.contains_script(Script::Latin) {
            others.intersect_with(set);
        }
    }
    others.jpan || others.kore || others.hanb
}

/// Names with fewer characters are part of many words.
const MIN_PART: usize = 8;

/// Whether a reader can take a text for the name `other`, or for a longer form of it: alike but for case, blanks and characters
/// that look the same (UTS #39 §4).
#[must_use]
pub fn passes_for(text: &str, other: &str) -> bool {
    // Which characters look the same depends on the case: I and l, O and 0.
    let forms: [fn(&str) -> String; 2] =
        [|text| skeleton(&text.to_lowercase()).collect(), |text| skeleton(text).collect::<String>()];
    let reduced = |form: fn(&str) -> String, text: &str| -> String {
        form(text).to_lowercase().chars().filter(|character| character.is_alphanumeric()).collect()
    };
    forms.into_iter().any(|form| {
        let (text, other) = (reduced(form, text), reduced(form, other));
        text == other || (other.chars().count() >= MIN_PART && text.contains(&other))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_reader_does_not_see_is_not_visible() {
        for text in [
            "Todo",
            "Äpp – 東京 🗼",
            "Ma famille 👨\u{200d}👩\u{200d}👧",
            "Café\u{0301}",
            "❤\u{fe0f} Notes",
            "متجر",
            "1",
        ] {
            assert!(is_visible(text), "{text:?}");
        }
        for text in [
            format!("Z{}", "\u{301}".repeat(5)),
            "Pay  now".to_owned(),
            "🗼\u{200d}".to_owned(),
            "🗼\u{200d}\u{200d}🗼".to_owned(),
        ] {
            assert!(!is_visible(&text), "{text:?}");
        }
        assert!(is_visible(&format!("Z{}", "\u{301}".repeat(4))));
        for hidden in [
            '\u{3164}',
            '\u{2800}',
            '\u{ad}',
            '\u{feff}',
            '\u{e0041}',
            '\u{200b}',
            '\u{200d}',
            '\u{fe0f}',
            '\u{202e}',
            '\u{2066}',
            '\u{115f}',
            '\u{ffa0}',
            '\u{180e}',
            '\u{2028}',
            '\n',
            '\u{1b}',
            '\u{9b}',
            '\u{e000}',
            '\u{378}',
        ] {
            assert!(!is_visible(&format!("To{hidden}do")), "{hidden:?}");
            assert!(!is_visible(&hidden.to_string()), "{hidden:?} alone");
        }
        for blank in ["", " ", "\u{a0}", " Todo", "Todo\u{3000}"] {
            assert!(!is_visible(blank), "{blank:?}");
        }
    }

    #[test]
    fn scripts_are_not_mixed() {
        for text in ["Todo 2", "Почта", "متجر", "LINE公式アプリ", "카카오 Talk", "Ελλάδα", "🗼 – 1"]
        {
            assert!(is_of_one_script(text), "{text}");
        }
        // Cyrillic а, Greek ο and Armenian օ in Latin words; two scripts in two words.
        for text in ["P\u{430}ypal", "G\u{3bf}\u{3bf}gle", "G\u{585}ogle", "Your Банк", "東京 Банк"]
        {
            assert!(!is_of_one_script(text), "{text}");
        }
    }

    #[test]
    fn a_name_that_looks_the_same_passes_for_the_other() {
        for (text, other) in [
            ("Login.Example.com", "login.example.com"),
            ("Log in . example . com", "login.example.com"),
            ("\u{430}cme", "Acme"),
            ("PAYPA1", "paypal"),
            ("l0gin.example.com", "login.example.com"),
            ("Iogin.exampIe.com", "login.example.com"),
            ("https://login.example.com", "login.example.com"),
            ("Authorization server (official)", "Authorization server"),
        ] {
            assert!(passes_for(text, other), "{text}");
        }
        assert!(!passes_for("Example Notes", "login.example.com"));
    }
}
