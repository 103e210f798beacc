//! The wire: forms, headers, cookies, JSON and HTML.

pub mod page;
