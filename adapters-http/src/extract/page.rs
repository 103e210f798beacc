//! Pagination: `limit`, and `cursor`, the last id of the previous page.

use std::str::FromStr;

use application::Error;
use application::error::Refusal;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Uri;

use super::parameters;

/// The number of items on a page without `limit`, and the maximum.
const DEFAULT_PAGE_SIZE: u32 = 50;
const MAX_PAGE_SIZE: u32 = 200;

/// The requested page of a list.
#[derive(Debug)]
pub(crate) struct Page {
    limit: u32,
    cursor: Option<String>,
}

impl Page {
    /// Reads the query.
    ///
    /// # Errors
    /// `invalid_request`.
    pub(crate) fn read(uri: &Uri) -> Result<Self, Error> {
        let parameters = parameters::query(uri)?.each_field_once()?;
        let limit = match parameters.get("limit") {
            None => DEFAULT_PAGE_SIZE,
            Some(text) => {
                let limit = text.parse().ok().filter(|limit| (1..=MAX_PAGE_SIZE).contains(limit));
                limit.ok_or_else(|| Refusal::invalid_request("limit must be a number from 1 to 200"))?
            }
        };
        Ok(Self { limit, cursor: parameters.get("cursor").map(str::to_owned) })
    }

    /// The id after which the page begins.
    ///
    /// # Errors
    /// `invalid_request` for a malformed cursor.
    pub(crate) fn after<Id: FromStr>(&self) -> Result<Option<Id>, Refusal> {
        let Some(cursor) = &self.cursor else {
            return Ok(None);
        };
        let id =
            URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok()?.parse().ok());
        id.map(Some).ok_or_else(|| {
            Refusal::invalid_request("cursor must be the value of next in an earlier response")
        })
    }

    /// The number of items to look up: one more than the page shows, to know whether another page follows.
    pub(crate) const fn wanted(&self) -> u32 {
        self.limit + 1
    }

    /// Cuts the found items to the page; returns the cursor of the next page, if there is one.
    pub(crate) fn cut<Item>(&self, found: &mut Vec<Item>, id: impl Fn(&Item) -> String) -> Option<String> {
        let limit = self.limit as usize;
        if found.len() <= limit {
            return None;
        }
        found.truncate(limit);
        found.last().map(|last| URL_SAFE_NO_PAD.encode(id(last)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<Page, Error> {
        Page::read(&format!("/list{query}").parse().unwrap())
    }

    #[test]
    fn a_part_has_from_1_to_200_items_and_usually_50() {
        assert_eq!(read("").unwrap().wanted(), 51);
        assert_eq!(read("?limit=200").unwrap().wanted(), 201);
        for query in
            ["?limit=0", "?limit=201", "?limit=-1", "?limit=a", "?limit=1&limit=2", "?limit=99999999999"]
        {
            assert!(read(query).is_err(), "{query}");
        }
    }

    #[test]
    fn a_cursor_leads_on_where_the_part_before_ended() {
        let page = read("?limit=2").unwrap();
        let mut found = vec![10, 20, 30];
        let next = page.cut(&mut found, ToString::to_string).unwrap();
        assert_eq!(found, [10, 20]);
        assert_eq!(read(&format!("?cursor={next}")).unwrap().after::<i64>().unwrap(), Some(20));
        assert_eq!(page.cut(&mut found, ToString::to_string), None);
        for cursor in ["?cursor=!", "?cursor=YQ", "?cursor=_w"] {
            assert!(read(cursor).unwrap().after::<i64>().is_err(), "{cursor}");
        }
    }
}
