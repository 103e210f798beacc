//! The soak test: every flow runs with short lifetimes, and the stored data and the memory must not
//! grow.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "it is a test, though run by hand"
)]

mod actors;
mod load;
mod measured;
mod series;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use actors::Actors;
use installation::Installation;
use load::Load;
use measured::Measured;
use series::{Report, Size};
use tests::support::{installation, service};

/// The interval between two samples.
const SAMPLE_INTERVAL: Duration = Duration::from_secs(5);

/// The shortest lifetimes, so that the upkeep must remove data as fast as it arrives.
const LIFETIMES: [(&str, &str); 10] = [
    ("OAUTH2_ACCESS_TOKEN_TTL_SECS", "15"),
    ("OAUTH2_ID_TOKEN_TTL_SECS", "15"),
    ("OAUTH2_REFRESH_TOKEN_TTL_SECS", "40"),
    ("OAUTH2_REFRESH_TOKEN_IDLE_SECS", "20"),
    ("OAUTH2_REFRESH_REPLAY_WINDOW_SECS", "2"),
    ("OAUTH2_AUTHORIZATION_CODE_TTL_SECS", "10"),
    ("OAUTH2_SESSION_TTL_SECS", "60"),
    ("OAUTH2_PAR_TTL_SECS", "10"),
    ("OAUTH2_DEVICE_CODE_TTL_SECS", "10"),
    ("OAUTH2_DEVICE_INTERVAL_SECS", "1"),
];

/// Any key.
const ENCRYPTION_KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY";

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let mut number = |what| -> f64 {
        let text = arguments.next().unwrap_or_else(|| panic!("soak MINUTES RATE: no {what}"));
        text.parse().unwrap_or_else(|_| panic!("soak MINUTES RATE: {text} is no {what}"))
    };
    let (minutes, rate) = (number("minutes"), number("rate"));

    let (postgres, redis) = (service("TEST_POSTGRES_URL"), service("TEST_REDIS_URL"));
    let mut settings = vec![
        ("OAUTH2_DATABASE_URL", postgres.as_str()),
        ("OAUTH2_REDIS_URL", &redis),
        ("OAUTH2_ENCRYPTION_KEY", ENCRYPTION_KEY),
        // Wrong passwords are counted, and the counters expire soon; no user is locked out.
        ("OAUTH2_AUTHENTICATION_ATTEMPTS", "1000"),
        ("OAUTH2_AUTHENTICATION_WINDOW_SECS", "5"),
    ];
    settings.extend(LIFETIMES);
    let installation = Installation::with(&settings);
    let actors = Actors::registered(&installation).await;
    let running = installation.serves().await;
    let mut measured = Measured::new(&postgres, &redis, running.id()).await;
    let mut load = Load::begin(&actors, rate);
    println!("{minutes} minutes at rate {rate}, measured every {} s", SAMPLE_INTERVAL.as_secs());

    let (began, mut report) = (Instant::now(), Report::default());
    let mut ticks = tokio::time::interval(SAMPLE_INTERVAL);
    let mut minute = 0;
    while began.elapsed().as_secs_f64() < minutes * 60.0 {
        ticks.tick().await;
        let mut sample = measured.now().await;
        // The stored data grows with the load, so the report shows both together.
        sample.insert("steps in 5 s".to_owned(), Size::Count(load.steps_since_last_time()));
        report.add(sample);
        if began.elapsed().as_secs() / 60 > minute {
            minute += 1;
            println!("minute {minute}: {}; {}", load.summary(), report.latest());
        }
    }
    let failed = load.end(began.elapsed()).await;
    let ended = running.ends().await;
    let faults = ended.errors.lines().filter(|line| line.contains("WARN") || line.contains("ERROR"));
    println!("warnings and errors of the server: {}", faults.clone().count());
    faults.take(20).for_each(|line| println!("{line}"));
    let flat = report.print();
    println!("{}", measured.vacuumed().await);
    if flat && failed == 0 && ended.status.success() {
        println!("flat");
        return ExitCode::SUCCESS;
    }
    println!("NOT flat, or something failed ({failed} steps)");
    ExitCode::FAILURE
}
