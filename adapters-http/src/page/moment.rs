//! A moment in the past, in words: how long ago, and when exactly.

use chrono::{DateTime, Utc};

use crate::language::Language;

/// A moment.
#[derive(Clone, Debug)]
pub struct Moment {
    /// For programs (RFC 3339), as in the attribute `datetime`.
    pub machine: String,
    /// How long ago it was.
    pub ago: String,
    /// When it was, with the zone.
    pub at: String,
}

impl Moment {
    /// The moment `at`, seen from `now`.
    #[must_use]
    pub fn new(at: DateTime<Utc>, now: DateTime<Utc>, language: Language) -> Self {
        const UNITS: [(&str, &str, i64); 3] =
            [("ago-days", "days", 86_400), ("ago-hours", "hours", 3_600), ("ago-minutes", "minutes", 60)];
        let seconds = (now - at).num_seconds();
        let unit = UNITS.into_iter().find(|(_, _, length)| seconds >= *length);
        Self {
            machine: at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            ago: unit.map_or_else(
                || language.text("ago-now"),
                |(key, name, length)| language.count(key, name, seconds / length),
            ),
            at: at.format("%Y-%m-%d %H:%M UTC").to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_as_long_ago_as_its_largest_unit_says() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        for (seconds, ago) in [
            (-5, "just now"),
            (59, "just now"),
            (60, "1 minute ago"),
            (3_599, "59 minutes ago"),
            (7_200, "2 hours ago"),
            (86_400, "1 day ago"),
            (40 * 86_400, "40 days ago"),
        ] {
            let moment = Moment::new(now - chrono::Duration::seconds(seconds), now, Language::english());
            assert_eq!(moment.ago, ago, "{seconds}");
        }
        let moment = Moment::new(now, now, Language::english());
        assert_eq!(
            (moment.at.as_str(), moment.machine.as_str()),
            ("2027-01-15 08:00 UTC", "2027-01-15T08:00:00Z")
        );
    }
}
