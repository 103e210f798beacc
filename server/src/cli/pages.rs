//! All items of a store's list, for commands that show them at once.

use application::port::Unavailable;

/// How many items one query reads.
pub(super) const PAGE_SIZE: u32 = 500;

/// Reads page after page; `page` gives the page after an item.
pub(super) async fn all<Item>(
    page: impl AsyncFn(Option<&Item>) -> Result<Vec<Item>, Unavailable>,
) -> Result<Vec<Item>, Unavailable> {
    let mut all = Vec::new();
    loop {
        let more = page(all.last()).await?;
        if more.is_empty() {
            return Ok(all);
        }
        all.extend(more);
    }
}
