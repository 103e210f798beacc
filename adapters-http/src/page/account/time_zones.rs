//! The time zones that people choose from: the names in `zone.tab` of the time zone database (RFC 6557), and UTC. Nothing is computed with
//! them, so they need no rules; a zone that a country adds later needs a line in the file.

/// The names, in the order of the alphabet.
pub fn time_zones() -> impl Iterator<Item = &'static str> {
    include_str!("../../../assets/time-zones.txt").lines()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zones_are_in_order_and_each_is_there_once() {
        let zones: Vec<_> = time_zones().collect();
        assert!(zones.len() > 400 && zones.windows(2).all(|two| two[0] < two[1]));
        assert!(zones.contains(&"Europe/London") && zones.contains(&"UTC"));
    }
}
