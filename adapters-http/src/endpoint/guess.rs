//! The response to a wrong password or a wrong user code (RFC 6585 §4).

use application::Error;
use application::error::{Limited, Refusal};
use axum::response::Response;
use chrono::{DateTime, Utc};
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};

use crate::app::App;
use crate::language::Language;

/// Every other limit than the ceiling of an account ends within a day.
const MAX_WAIT_SECONDS: i64 = 86_400;

/// Why the attempt failed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Guess {
    /// The value was wrong.
    Wrong,
    /// The value was not checked: too many attempts, until this time.
    Limited(DateTime<Utc>),
}

impl Guess {
    /// The message of the page; `wrong` is the key of the message for a wrong value.
    pub(super) fn sentence(self, app: &App, language: Language, wrong: &'static str) -> String {
        match self {
            Self::Wrong => language.text(wrong),
            // Waiting is no advice: the ceiling of an account is reached.
            Self::Limited(until) if seconds(app, until) > MAX_WAIT_SECONDS => language.text("login-ceiling"),
            Self::Limited(until) => {
                language.count("too-many-attempts", "minutes", (seconds(app, until) + 59) / 60)
            }
        }
    }

    /// Why a user code is refused, for the log.
    pub(super) fn error_of_user_code(self) -> Error {
        match self {
            Self::Wrong => Refusal::invalid_request("unknown, decided or expired user code").into(),
            Self::Limited(until) => {
                let detail = "too many wrong user codes".to_owned();
                Limited { until, detail, is_shared: false, is_guessing: true }.into()
            }
        }
    }

    /// Sets the status of the page.
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
