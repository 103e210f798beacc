//! The icon, and the stylesheet under a path that changes with its content (RFC 8246: it never changes under one path).

use std::sync::LazyLock;

use axum::response::IntoResponse;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use sha2::{Digest, Sha256};

/// The bytes of the stylesheet every page uses.
pub const STYLESHEET: &[u8] = include_bytes!("../../assets/style.css");

/// The path of the stylesheet: `/assets/style.<first 8 hex digits of its SHA-256>.css`.
///
/// Computed once. A new stylesheet gets a new path, so caches may keep the response without expiry.
pub fn stylesheet_path() -> &'static str {
    static PATH: LazyLock<String> = LazyLock::new(|| {
        let digest = Sha256::digest(STYLESHEET);
        let short: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        format!("/assets/style.{short}.css")
    });
    &PATH
}

/// Answers `GET /favicon.ico`, which browsers ask for beside pages that have no icon of their own, such as JSON.
pub async fn favicon() -> impl IntoResponse {
    let headers = [(CONTENT_TYPE, "image/vnd.microsoft.icon"), (CACHE_CONTROL, "public, max-age=86400")];
    (headers, include_bytes!("../../assets/favicon.ico").as_slice())
}

/// Answers `GET` on [`stylesheet_path`]: the stylesheet, cacheable for a year and immutable (RFC 8246 §2).
pub async fn stylesheet() -> impl IntoResponse {
    let headers =
        [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, STYLESHEET)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_names_the_content() {
        let name =
            stylesheet_path().strip_prefix("/assets/style.").and_then(|rest| rest.strip_suffix(".css"));
        let hex = name.unwrap();
        assert_eq!(hex.len(), 8);
        assert!(hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_eq!(stylesheet_path(), stylesheet_path());
    }

    #[test]
    fn the_stylesheet_knows_no_left_and_no_right() {
        let css = std::str::from_utf8(STYLESHEET).unwrap();
        let rules: String =
            css.split("/*").map(|part| part.split_once("*/").map_or(part, |(_, rule)| rule)).collect();
        for word in ["left", "right", "float"] {
            assert!(!rules.contains(word), "{word}: use the logical property");
        }
    }

    #[test]
    fn the_stylesheet_loads_nothing_from_elsewhere() {
        let css = std::str::from_utf8(STYLESHEET).unwrap();
        assert!(!css.contains("url(") && !css.contains("@import"));
    }
}
