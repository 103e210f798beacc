//! The short-lived ports on Redis: codes, pushed requests, device codes, interactions, replay marks, counters.
//!
//! Nothing of it is built yet; the ports are cut so that it fits in.
