//! The reasons why a form or a page is no longer valid in a browser.

use crate::error::{Advice, Error, Refusal};

/// A form or page that this browser cannot use.
pub(crate) fn expired_page(detail: &'static str) -> Error {
    refusal(detail).advising(Advice::StartAgain).into()
}

/// A page in a browser that sent none of this server's cookies: it keeps none, or the page was opened in another browser.
#[must_use]
pub fn no_cookies() -> Error {
    Refusal::invalid_request(
        "the browser sent no cookie of this server; allow cookies for this site, then go back to the application and \
         start again",
    )
    .because("the browser has no cookie for interactions")
    .advising(Advice::AllowCookies)
    .into()
}

/// An interaction that was finished, that took too long, or that its store has lost.
pub(super) fn unknown_interaction(detail: &'static str) -> Error {
    refusal(detail).advising(Advice::OpenFreshPage).into()
}

fn refusal(detail: &'static str) -> Refusal {
    Refusal::invalid_request(
        "this page has expired or belongs to another browser; go back to the application and start again",
    )
    .because(detail)
}
