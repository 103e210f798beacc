//! The samples of a soak, and the check that the last third of each series is as large as the
//! middle third.

use std::collections::BTreeMap;

/// The maximum ratio of the last third to the middle third.
const MAX_GROWTH: f64 = 1.05;

/// A measured value.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Size {
    /// A number of bytes, which must stay flat.
    Bytes(i64),
    /// A count, for the reader only: it varies with the rounds of the upkeep.
    Count(i64),
}

/// All values of one moment, by name.
pub(crate) type Sample = BTreeMap<String, Size>;

/// All samples of a soak.
#[derive(Debug, Default)]
pub(crate) struct Report(Vec<Sample>);

impl Size {
    fn number(self) -> f64 {
        match self {
            Self::Bytes(number) | Self::Count(number) => number as f64,
        }
    }

    fn shown(self, number: f64) -> String {
        match self {
            Self::Bytes(_) => format!("{:.0} KiB", number / 1024.0),
            Self::Count(_) => format!("{number:.0}"),
        }
    }
}

impl Report {
    /// Adds a sample.
    pub(crate) fn add(&mut self, sample: Sample) {
        self.0.push(sample);
    }

    /// The most informative values of the last sample.
    pub(crate) fn latest(&self) -> String {
        let Some(sample) = self.0.last() else {
            return String::new();
        };
        let told = ["all tables", "dead rows", "Redis used_memory", "Redis keys", "server RSS"];
        let told = told.iter().filter_map(|name| Some((name, *sample.get(*name)?)));
        told.map(|(name, size)| format!("{name} {}", size.shown(size.number())))
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// Prints a line for each series. Returns whether every series that must be flat is flat.
    pub(crate) fn print(&self) -> bool {
        let third = self.0.len() / 3;
        if third == 0 {
            return false;
        }
        let mut flat = true;
        println!("{:<34}{:>13}{:>13}{:>13}{:>13}{:>8}", "", "first third", "middle", "last", "most", "ratio");
        for (name, kind) in self.0.last().into_iter().flatten() {
            let values: Vec<f64> =
                self.0.iter().map(|sample| sample.get(name).map_or(0.0, |size| size.number())).collect();
            let (first, rest) = values.split_at(values.len() - 2 * third);
            let (middle, last) = rest.split_at(third);
            let [first, middle, last] = [mean(first), mean(middle), mean(last)];
            let most = values.iter().copied().fold(0.0, f64::max);
            let ratio = if middle == 0.0 { 1.0 } else { last / middle };
            let grows = ratio > MAX_GROWTH && matches!(kind, Size::Bytes(_));
            flat &= !grows;
            let [first, middle, last, most] = [first, middle, last, most].map(|number| kind.shown(number));
            let verdict = if grows { "  GROWS" } else { "" };
            println!("{name:<34}{first:>13}{middle:>13}{last:>13}{most:>13}{ratio:>8.3}{verdict}");
        }
        flat
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
