//! What a page answers to a guess that did not fit: a password or the code of a device (RFC 6585 §4).

use axum::response::Response;
use chrono::{DateTime, Utc};
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};

use crate::app::App;
use crate::language::Language;

/// Why it did not.
#[derive(Debug, Clone, Copy)]
pub(super) enum Guess {
    /// It was wrong.
    Wrong,
    /// It was not looked at: there were too many, until then.
    Limited(DateTime<Utc>),
}

impl Guess {
    /// What the page says; `wrong` names the message for a wrong one.
    pub(super) fn sentence(self, app: &App, language: Language, wrong: &'static str) -> String {
        match self {
            Self::Wrong => language.text(wrong),
            Self::Limited(until) => {
                language.count("too-many-attempts", "minutes", (seconds(app, until) + 59) / 60)
            }
        }
    }

    /// Gives the page its status.
    pub(super) fn mark(self, app: &App, page: &mut Response) {
        match self {
            Self::Wrong => *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY,
            Self::Limited(until) => {
                *page.status_mut() = StatusCode::TOO_MANY_REQUESTS;
                page.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds(app, until)));
            }
        }
    }
}

fn seconds(app: &App, until: DateTime<Utc>) -> i64 {
    (until - app.use_cases.clock.now()).num_seconds().max(1)
}
