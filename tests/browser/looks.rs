//! Every page on a phone and on a desktop, in the light and the dark colour scheme: nothing is
//! wider than the screen, and every control is large enough for a finger (WCAG 2.2 §2.5.5). The
//! screenshots are kept for review.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::chromium::{Chromium, SCHEMES};
use crate::tour::tour;

/// Widths and heights in CSS pixels.
const SCREENS: [(&str, u32, u32); 2] = [("phone", 390, 844), ("desk", 1280, 800)];

/// Finds elements that overflow the screen and controls that are too small to press.
const FAULTS: &str = "
    const faults = [], root = document.documentElement;
    if (root.scrollWidth > innerWidth) faults.push(`${root.scrollWidth} wide`);
    const controls = 'button, .button, .links a, #switch, .who a, #menu a, .tile, select, input:not([type=hidden])';
    for (const element of document.querySelectorAll(controls)) {
        // The menu is closed on a phone, and its button is hidden on a desk.
        if (!element.checkVisibility()) continue;
        // The label of a box can be pressed, too.
        const { width, height } = (element.closest('.choice') ?? element).getBoundingClientRect();
        if (width < 44 || height < 44) faults.push(`${element.outerHTML} is ${width} by ${height}`);
    }
    for (const element of document.querySelectorAll('header *, main *, footer *')) {
        // The head of a table is for screen readers only on a phone.
        const isClipped = getComputedStyle(element.closest('thead') ?? element).clipPath !== 'none';
        // A field scrolls.
        const isDrawn = !element.closest('svg, input, textarea, select') && !isClipped && element.clientWidth > 0;
        if (isDrawn && element.scrollWidth > element.clientWidth + 1) {
            faults.push(`${element.outerHTML} flows over`);
        }
    }
    return faults;";

struct Photographer<'a> {
    browser: &'a Chromium,
    folder: PathBuf,
}

impl Photographer<'_> {
    async fn takes(&self, name: &str) {
        for scheme in SCHEMES {
            self.browser.likes(scheme).await;
            for (screen, width, height) in SCREENS {
                self.sets(width, height).await;
                self.finds_no_fault(name, screen).await;
                // The whole page, also where a person has to scroll.
                self.sets(width, height.max(self.page_height().await)).await;
                let picture = self.browser.page().screenshot().await.expect("a picture");
                fs::write(self.folder.join(format!("{name}-{screen}-{scheme}.png")), picture)
                    .expect("a file");
            }
        }
        // The width at which everything has to reflow (WCAG 2.2 §1.4.10).
        self.sets(320, 640).await;
        self.finds_no_fault(name, "narrow").await;
    }

    async fn sets(&self, width: u32, height: u32) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.browser.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    async fn page_height(&self) -> u32 {
        let script = "return document.documentElement.scrollHeight;";
        let height = self.browser.page().execute(script, Vec::new()).await.expect("an execution");
        height.as_u64().and_then(|height| height.try_into().ok()).expect("a height")
    }

    async fn finds_no_fault(&self, name: &str, screen: &str) {
        let faults = self.browser.page().execute(FAULTS, Vec::new()).await.expect("an execution");
        assert_eq!(faults, Value::Array(Vec::new()), "{name} on a {screen}");
    }
}

#[tokio::test]
async fn every_page_fits_on_a_phone_and_on_a_desk_in_every_language() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots");
    println!("pictures in {}", folder.display());
    for language in ["en", "de", "fr", "es", "tr", "ja"] {
        let folder = folder.join(language);
        fs::create_dir_all(&folder).expect("a folder");
        let browser = Chromium::reading(language).await;
        let camera = Photographer { browser: &browser, folder };
        tour(&browser, language, async |name: &str| camera.takes(name).await).await;
        browser.end().await;
    }
}
