//! The name of a device: its browser and its system, by `User-Agent` (RFC 9110 §10.1.5).
//!
//! The list is short on purpose. Browsers freeze the header, so newer ones have the same marks as today's; what is not in the list is
//! "another browser", and nothing is decided by the name.

use domain::UserAgent;

use crate::language::Language;

/// Browsers, each with its mark. Most of them name others too, so the special ones come first.
const BROWSERS: [(&str, &str); 14] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Opera", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("YaBrowser/", "Yandex Browser"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Safari/", "Safari"),
];

/// Systems, each with its mark. The special ones come first.
const SYSTEMS: [(&str, &str); 9] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Macintosh", "macOS"),
    ("FreeBSD", "FreeBSD"),
    ("Linux", "Linux"),
];

/// The name, in this language.
#[must_use]
pub fn device_name(user_agent: Option<&UserAgent>, language: Language) -> String {
    let text = user_agent.map_or("", UserAgent::as_str);
    match (known(&BROWSERS, text), known(&SYSTEMS, text)) {
        (Some(browser), Some(system)) => {
            language.compound("device-browser-on", &[("browser", browser), ("system", system)])
        }
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => language.text("device-unknown"),
    }
}

fn known(list: &[(&str, &'static str)], text: &str) -> Option<&'static str> {
    list.iter().find(|(mark, _)| text.contains(mark)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_named_by_its_browser_and_its_system() {
        let windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)";
        let mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)";
        let phone =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
        for (header, name) in [
            (format!("{windows} Gecko/20100101 Firefox/140.0"), "Firefox on Windows"),
            (format!("{windows} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"), "Chrome on Windows"),
            (
                format!("{windows} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0"),
                "Edge on Windows",
            ),
            (format!("{mac} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15"), "Safari on macOS"),
            (format!("{phone} Version/18.1 Mobile/15E148 Safari/604.1"), "Safari on iPhone"),
            (format!("{phone} CriOS/142.0.0.0 Mobile/15E148 Safari/604.1"), "Chrome on iPhone"),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36"
                    .to_owned(),
                "Chrome on Android",
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned(), "Firefox on Linux"),
            ("curl/8.5".to_owned(), "Another browser"),
            ("Something (Linux)".to_owned(), "Linux"),
        ] {
            assert_eq!(device_name(UserAgent::new(&header).as_ref(), Language::english()), name, "{header}");
        }
        assert_eq!(device_name(None, Language::english()), "Another browser");
    }
}
