//! Every mail in every language, and what the server gets.

use chrono::{DateTime, Utc};
use domain::Letter;
use domain::letter::Message;

use super::words::{Text, Words};
use crate::language::Language;

const LINK: &str = "https://login.example.com/reset?token=the-token";

fn at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_262_400, 0).unwrap()
}

fn messages() -> [Message; 12] {
    let (link, expires_at, at) = (|| LINK.to_owned(), at(), at());
    let address = || Some("203.0.113.7".to_owned());
    [
        Message::Invitation { link: link(), expires_at },
        Message::PasswordReset { link: link(), expires_at },
        Message::ConfirmEmail { link: link(), expires_at },
        Message::PasswordChanged { at, address: address() },
        Message::EmailChanged { at, address: None },
        Message::FactorAdded { at, address: Some("192.0.2.7".to_owned()) },
        Message::FactorRemoved { at, address: None },
        Message::PasskeyAdded { at, address: Some("192.0.2.7".to_owned()) },
        Message::PasskeyRemoved { at, address: None },
        Message::Test,
        Message::SignUp { link: link(), expires_at },
        Message::AccountExists { link: link() },
    ]
}

fn letter(languages: &[&str], message: Message) -> Letter {
    Letter {
        to: "ada@example.com".to_owned(),
        languages: languages.iter().map(|&tag| tag.to_owned()).collect(),
        username: "ada <b>".to_owned(),
        message,
    }
}

fn written(languages: &[&str], message: Message) -> Text {
    let words = Words::new("login.example.com".to_owned(), &[]);
    words.of(&letter(languages, message)).unwrap()
}

#[test]
fn every_mail_says_the_same_in_text_and_html_in_every_language() {
    for language in Language::shipped() {
        for message in messages() {
            let has_link = matches!(
                message,
                Message::Invitation { .. }
                    | Message::PasswordReset { .. }
                    | Message::ConfirmEmail { .. }
                    | Message::SignUp { .. }
                    | Message::AccountExists { .. }
            );
            let has_time = !matches!(message, Message::Test | Message::AccountExists { .. });
            let is_test = message == Message::Test;
            let Text { subject, plain, html } = written(&[language.tag()], message);
            for text in [&subject, &plain, &html] {
                assert!(
                    !text.contains("mail-") && !text.contains('{') && !text.contains('\u{e000}'),
                    "{text}"
                );
            }
            assert!(html.contains(&format!("<html lang=\"{}\"", language.tag())), "{html}");
            assert!(html.contains(&format!("<title>{subject}</title>")), "{html}");
            assert_eq!(plain.matches(LINK).count(), usize::from(has_link), "{plain}");
            assert_eq!(
                html.matches(&format!("href=\"{LINK}\"")).count(),
                2 * usize::from(has_link),
                "{html}"
            );
            assert_eq!(plain.contains("ada <b>"), !is_test, "{plain}");
            assert_eq!(html.contains("<bdi>ada &#60;b&#62;</bdi>"), !is_test, "{html}");
            assert_eq!(plain.contains("2026-11-21 12:00 UTC"), has_time, "{plain}");
            for remote in ["<img", "src=", "url(", "<script", "<link"] {
                assert!(!html.contains(remote), "nothing is loaded: {html}");
            }
            assert!(!subject.contains("ada"), "no name that a person chose is in a subject");
        }
    }
}

#[test]
fn the_readers_language_comes_first_then_that_of_the_request_then_english() {
    let subject = |languages: &[&str]| written(languages, Message::Test).subject;
    let [english, german, japanese] = ["en", "de", "ja"].map(|tag| subject(&[tag]));
    assert_eq!(subject(&["ja-JP", "de"]), japanese);
    assert_eq!(subject(&["nl", "de"]), german);
    assert_eq!(subject(&[]), english);
    assert_eq!(subject(&["not a tag", ""]), english);
    assert_ne!(english, german);
}

#[test]
fn mails_read_like_this() {
    let Text { subject, plain, html } = written(&["en"], messages()[1].clone());
    insta::assert_snapshot!("password_reset", format!("{subject}\n\n{plain}\n{html}"));
    let Text { subject, plain, html } = written(&["en"], messages()[3].clone());
    insta::assert_snapshot!("password_changed", format!("{subject}\n\n{plain}\n{html}"));
}
