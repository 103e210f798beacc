//! How a list is encoded: `{"items": […], "next": …}`.

use axum::response::Response;
use serde::Serialize;

use crate::answer::private_json;

/// One page of a list.
#[derive(Serialize)]
struct Items<Item> {
    items: Vec<Item>,
    /// The `cursor` of the next page, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// The response with one page of a list; `next` is the cursor of the next page, if there is one.
pub(super) fn items<Item: Serialize>(items: Vec<Item>, next: Option<String>) -> Response {
    private_json(&Items { items, next })
}
