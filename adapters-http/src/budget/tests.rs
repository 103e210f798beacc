//! Who may hold how much, and who has to make room.

use http::{HeaderMap, HeaderValue};

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use super::books::PLACE_BYTES;
use super::*;

const MIB: usize = 1024 * 1024;

fn address(last: u8) -> IpAddr {
    Ipv4Addr::new(192, 0, 2, last).into()
}

/// A request that the server works on, so that its connection is not closed to make room.
fn begun(place: &Arc<Place>) -> Arc<UnderWay> {
    place.begin(None, 1, &HeaderMap::new()).unwrap()
}

/// Places with a request under way on each, as many as the address gets.
fn busy_places(budget: &Arc<Budget>, peer: IpAddr) -> Vec<Arc<UnderWay>> {
    std::iter::from_fn(|| Place::take(budget, peer).map(|place| begun(&place))).collect()
}

fn held(budget: &Budget) -> usize {
    budget.books().held
}

async fn is_closed(place: &Place) -> bool {
    tokio::select! {
        biased;
        () = place.closed() => true,
        () = std::future::ready(()) => false,
    }
}

#[test]
fn an_address_holds_half_of_what_the_others_leave_and_the_next_one_still_gets_a_place() {
    let budget = Budget::new(MIB, Vec::new());
    let first = busy_places(&budget, address(1));
    assert_eq!(first.len() * PLACE_BYTES, MIB / 2);
    let second = busy_places(&budget, address(2));
    assert_eq!(second.len() * PLACE_BYTES, MIB / 4);
    // All addresses of one /64 are one address.
    let third = busy_places(&budget, "2001:db8::1".parse().unwrap());
    assert_eq!(third.len() * PLACE_BYTES, MIB / 8);
    assert!(Place::take(&budget, "2001:db8::2".parse().unwrap()).is_none());
    assert!(Place::take(&budget, "2001:db8:0:1::1".parse().unwrap()).is_some());
    drop((first, second, third));
    assert_eq!(held(&budget), 0);
    assert!(budget.books().holders.is_empty());
}

#[tokio::test]
async fn the_connection_that_has_waited_longest_makes_room_for_one_of_its_address() {
    let budget = Budget::new(8 * 2 * PLACE_BYTES, Vec::new());
    let mut places = Vec::new();
    for _ in 0..8 {
        places.push(Place::take(&budget, address(1)).unwrap());
        std::thread::sleep(Duration::from_millis(2));
    }
    let busy = begun(&places[0]);
    let uploading = begun(&places[1]);
    let waiting = uploading.waits();
    places.push(Place::take(&budget, address(1)).unwrap());
    let mut closed = Vec::new();
    for place in &places {
        closed.push(is_closed(place).await);
    }
    // The first one is worked for, the second began to wait last.
    assert_eq!(closed, [false, false, true, false, false, false, false, false, false]);
    drop(waiting);
    drop((busy, uploading, places));
    assert_eq!(held(&budget), 0);
}

#[tokio::test]
async fn another_address_makes_room_only_if_it_holds_more_and_for_one_that_holds_little() {
    let budget = Budget::new(32 * PLACE_BYTES, Vec::new());
    let idle: Vec<_> = (1..=5).map(|last| places_of(&budget, last)).collect();
    // Half of what the others leave, rounded down; for one more place, two have to be left.
    assert_eq!(idle.iter().map(Vec::len).collect::<Vec<_>>(), [16, 8, 4, 2, 1]);
    let newcomer = Place::take(&budget, address(6)).unwrap();
    let mut closed = 0;
    for place in &idle[0] {
        closed += usize::from(is_closed(place).await);
    }
    assert_eq!(closed, 2);
    // It holds little no longer: its own connection makes room, and whatever is idle elsewhere stays.
    let second = Place::take(&budget, address(6)).unwrap();
    assert!(
        Place::take(&budget, address(6)).is_some()
            && (is_closed(&newcomer).await || is_closed(&second).await)
    );
}

/// As many places as an address gets without closing one of its own.
fn places_of(budget: &Arc<Budget>, last: u8) -> Vec<Arc<Place>> {
    let mut places = Vec::new();
    while budget.has_room(&budget.books(), address(last), PLACE_BYTES) {
        places.push(Place::take(budget, address(last)).unwrap());
    }
    places
}

#[test]
fn a_place_includes_one_small_request_and_nothing_else() {
    let budget = Budget::new(MIB, Vec::new());
    let place = Place::take(&budget, address(1)).unwrap();
    let alone = begun(&place);
    alone.keeps(2 * 1024).unwrap();
    assert_eq!(held(&budget), PLACE_BYTES);
    // A longer body, a second request, a long head.
    alone.keeps(10 * 1024).unwrap();
    assert!(held(&budget) > PLACE_BYTES + 7 * 1024);
    let before = held(&budget);
    let second = begun(&place);
    assert!(held(&budget) >= before + 8 * 1024);
    let long =
        HeaderMap::from_iter([(http::header::COOKIE, HeaderValue::from_str(&"a".repeat(20_000)).unwrap())]);
    let before = held(&budget);
    let third = place.begin(None, 1, &long).unwrap();
    assert!(held(&budget) >= before + 28_000);
    drop((alone, second, third));
    assert_eq!(held(&budget), PLACE_BYTES);
    // What is received before a request exists is entered too, as far as the buffers grow.
    place.receives(3 * 1024, 32 * 1024).unwrap();
    assert_eq!(held(&budget), PLACE_BYTES);
    place.receives(1024 * 1024, 32 * 1024).unwrap();
    assert_eq!(held(&budget), PLACE_BYTES + 28 * 1024);
    drop(place);
    assert_eq!(held(&budget), 0);
}

#[test]
fn what_a_proxy_passes_on_counts_for_the_address_that_it_names() {
    let proxy = address(9);
    let budget = Budget::new(MIB, vec!["192.0.2.9/32".parse().unwrap()]);
    let place = Place::take(&budget, proxy).unwrap();
    let requests = |client: IpAddr| -> Vec<_> {
        std::iter::from_fn(|| place.begin(Some(client), 1, &HeaderMap::new()).ok()).collect()
    };
    let first = requests(address(1));
    assert!((60..=64).contains(&first.len()), "{}", first.len());
    assert!(requests(address(2)).len() > 25);
    drop(first);
    let _under_way = begun(&place);
    // The proxy itself may hold three quarters.
    let connections = busy_places(&budget, proxy);
    assert_eq!((connections.len() + 1) * PLACE_BYTES, MIB / 4 * 3);
}

#[test]
fn who_was_closed_has_given_back_everything_and_gives_back_nothing_twice() {
    let budget = Budget::new(4 * PLACE_BYTES, Vec::new());
    let place = Place::take(&budget, address(1)).unwrap();
    let under_way = begun(&place);
    under_way.keeps(12 * 1024).unwrap();
    let waiting = under_way.waits();
    let newcomer = Place::take(&budget, address(1)).unwrap();
    assert_eq!(held(&budget), PLACE_BYTES);
    assert!(under_way.keeps(64).is_err());
    drop(waiting);
    drop((under_way, place));
    assert_eq!(held(&budget), PLACE_BYTES);
    drop(newcomer);
    assert_eq!(held(&budget), 0);
}

#[tokio::test]
async fn an_answer_that_is_not_taken_counts_and_its_connection_can_be_closed() {
    let budget = Budget::new(4 * PLACE_BYTES, Vec::new());
    let place = Place::take(&budget, address(1)).unwrap();
    let answered = begun(&place);
    answered.keeps(12 * 1024).unwrap();
    let _working = Place::take(&budget, address(2)).map(|place| begun(&place)).unwrap();
    answered.is_answered();
    assert!(held(&budget) > 2 * PLACE_BYTES);
    let newcomer = Place::take(&budget, address(1)).unwrap();
    assert!(is_closed(&place).await);
    // No request begins on a connection that has to end.
    assert_eq!(place.begin(None, 1, &HeaderMap::new()).err(), Some(Full));
    drop((answered, place, newcomer));
    assert_eq!(held(&budget), PLACE_BYTES);
}

#[test]
fn a_refused_request_ends_its_connection_unless_a_proxy_passed_it_on() {
    let budget = Budget::new(16 * PLACE_BYTES, vec!["192.0.2.9/32".parse().unwrap()]);
    let refused = |peer: IpAddr, client: Option<IpAddr>| {
        let place = Place::take(&budget, peer).unwrap();
        let long = HeaderValue::from_str(&"a".repeat(16 * PLACE_BYTES)).unwrap();
        let headers = HeaderMap::from_iter([(http::header::COOKIE, long)]);
        assert_eq!(place.begin(client, 1, &headers).err(), Some(Full));
        place.is_shed()
    };
    assert!(refused(address(1), None));
    assert!(!refused(address(9), Some(address(1))));
}
