//! The cache of logos: one fetch, failures that are remembered, and a bound.

use std::io::Cursor;
use std::sync::atomic::AtomicU32;

use axum::Router;
use axum::routing::get;
use futures_util::future::join_all;
use image::{DynamicImage, ImageFormat, RgbaImage};
use tokio::net::TcpListener;

use super::super::turns::MAX_PER_CLIENT;
use super::super::{OutboundPolicy, TrustAnchors};
use super::*;

/// A clock that the test moves, in seconds.
#[derive(Default)]
struct Hand(AtomicU64);

impl Clock for Hand {
    fn now(&self) -> DateTime<Utc> {
        let seconds = i64::try_from(self.0.load(Ordering::SeqCst)).unwrap();
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }
}

/// A file that does not compress.
fn noise() -> Vec<u8> {
    let mut state = 1_u32;
    let picture = RgbaImage::from_fn(128, 128, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        image::Rgba(state.to_le_bytes())
    });
    let mut file = Cursor::new(Vec::new());
    DynamicImage::from(picture).write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

struct Setting {
    logos: CachedLogos,
    clock: Arc<Hand>,
    base: String,
    asked: Arc<AtomicU32>,
}

impl Setting {
    async fn new() -> Self {
        let policy = OutboundPolicy::new(true, TrustAnchors::public());
        let client = OutboundClient::new(policy).unwrap();
        let asked = Arc::new(AtomicU32::new(0));
        let (counter, file) = (Arc::clone(&asked), noise());
        let logo = move || {
            counter.fetch_add(1, Ordering::SeqCst);
            let file = file.clone();
            async move { file }
        };
        let counter = Arc::clone(&asked);
        let missing = move || {
            counter.fetch_add(1, Ordering::SeqCst);
            async { "no picture" }
        };
        let router = Router::new().route("/logo/{number}", get(logo)).route("/missing", get(missing));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let clock = Arc::new(Hand::default());
        Self { logos: CachedLogos::new(&client, clock.clone()), clock, base, asked }
    }

    async fn find(&self, path: &str) -> Option<Logo> {
        self.logos.find(&"web".parse().unwrap(), &format!("{}{path}", self.base).parse().unwrap()).await
    }

    fn asked(&self) -> u32 {
        self.asked.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn an_address_is_asked_once_a_day_and_after_a_failure_once_in_ten_minutes() {
    let setting = Setting::new().await;
    for (path, seconds, has_logo) in [("/logo/1", 24 * 3_600, true), ("/missing", 600, false)] {
        let before = setting.asked();
        let both = tokio::join!(setting.find(path), setting.find(path));
        assert_eq!((both.0.is_some(), both.1.is_some()), (has_logo, has_logo), "{path}");
        setting.clock.0.fetch_add(seconds - 1, Ordering::SeqCst);
        assert_eq!(setting.find(path).await.is_some(), has_logo);
        assert_eq!(setting.asked(), before + 1, "{path}");
        setting.clock.0.fetch_add(1, Ordering::SeqCst);
        assert_eq!(setting.find(path).await.is_some(), has_logo);
        assert_eq!(setting.asked(), before + 2, "{path}");
    }
}

#[tokio::test]
async fn a_fetch_goes_on_when_the_browser_goes_away() {
    let setting = Setting::new().await;
    tokio::select! {
        biased;
        _ = setting.find("/logo/1") => panic!("it was fetched at once"),
        () = tokio::task::yield_now() => {}
    }
    assert!(setting.find("/logo/1").await.is_some());
    assert_eq!(setting.asked(), 1);
}

#[tokio::test]
async fn a_file_that_waits_to_be_drawn_keeps_its_turn() {
    let setting = Setting::new().await;
    let drawing = Arc::clone(&setting.logos.0.drawing).acquire_owned().await.unwrap();
    let turns = u32::try_from(MAX_PER_CLIENT).unwrap();
    let paths: Vec<_> = (0..=turns).map(|number| format!("/logo/{number}")).collect();
    let pause = |milliseconds| tokio::time::sleep(std::time::Duration::from_millis(milliseconds));
    let all = join_all(paths.iter().map(|path| setting.find(path)));
    let draw = async {
        while setting.asked() < turns {
            pause(10).await;
        }
        pause(300).await;
        assert_eq!(setting.asked(), turns, "the last one waits for a turn");
        drop(drawing);
    };
    let (found, ()) = tokio::join!(all, draw);
    assert!(found.iter().all(Option::is_some));
    assert_eq!(setting.asked(), turns + 1);
}

#[tokio::test]
async fn a_node_keeps_a_limited_number_of_bytes_and_the_logos_that_are_shown() {
    let setting = Setting::new().await;
    let kept = |logos: &CachedLogos| -> usize { logos.0.entries().values().map(|entry| entry.bytes()).sum() };
    let most = u32::try_from(MAX_KEPT_BYTES / noise().len()).unwrap();
    for number in 0..2 * most {
        assert!(setting.find(&format!("/logo/{number}")).await.is_some());
        assert!(setting.find("/logo/0").await.is_some());
        assert!(kept(&setting.logos) <= MAX_KEPT_BYTES);
    }
    assert!(kept(&setting.logos) > MAX_KEPT_BYTES / 2);
    assert_eq!(setting.asked(), 2 * most, "the one that is shown again and again stays");
}
