//! The icon, and the stylesheet and the script under paths that change with their content (RFC 8246: it never changes under one path).

use std::sync::LazyLock;

use axum::response::IntoResponse;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use sha2::{Digest, Sha256};

/// The bytes of the stylesheet every page uses.
pub const STYLESHEET: &[u8] = include_bytes!("../../assets/style.css");

/// The bytes of the script of the pages with passkeys.
const PASSKEYS: &[u8] = include_bytes!("../../assets/passkeys.js");

/// The path of the stylesheet: `/assets/style.<first 8 hex digits of its SHA-256>.css`.
///
/// Computed once. A new stylesheet gets a new path, so caches may keep the response without expiry.
pub fn stylesheet_path() -> &'static str {
    static PATH: LazyLock<String> = LazyLock::new(|| path("style", "css", STYLESHEET));
    &PATH
}

/// The path of the script of the pages with passkeys, made like that of the stylesheet.
pub fn passkeys_path() -> &'static str {
    static PATH: LazyLock<String> = LazyLock::new(|| path("passkeys", "js", PASSKEYS));
    &PATH
}

fn path(name: &str, extension: &str, content: &[u8]) -> String {
    let digest = Sha256::digest(content);
    let short: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("/assets/{name}.{short}.{extension}")
}

/// Answers `GET /favicon.ico`, which browsers ask for beside pages that have no icon of their own, such as JSON.
pub async fn favicon() -> impl IntoResponse {
    let headers = [(CONTENT_TYPE, "image/vnd.microsoft.icon"), (CACHE_CONTROL, "public, max-age=86400")];
    (headers, include_bytes!("../../assets/favicon.ico").as_slice())
}

/// Answers `GET` on [`stylesheet_path`]: the stylesheet, cacheable for a year and immutable (RFC 8246 §2).
pub async fn stylesheet() -> impl IntoResponse {
    immutable("text/css; charset=utf-8", STYLESHEET)
}

/// Answers `GET` on [`passkeys_path`]: the script, as long.
pub async fn passkeys() -> impl IntoResponse {
    immutable("text/javascript; charset=utf-8", PASSKEYS)
}

fn immutable(kind: &'static str, content: &'static [u8]) -> impl IntoResponse {
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=31536000, immutable")], content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_sends_nothing_by_itself_and_makes_no_markup() {
        let script = std::str::from_utf8(PASSKEYS).unwrap();
        for word in ["fetch", "XMLHttpRequest", "sendBeacon", "import", "innerHTML", "eval", "http"] {
            assert!(!script.contains(word), "{word}");
        }
    }

    #[test]
    fn the_path_names_the_content() {
        assert!(passkeys_path().starts_with("/assets/passkeys.") && passkeys_path().ends_with(".js"));
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
