//! The ports of the list [`store_ports!`](application::store_ports!) with their clauses, and the tests made of them.

/// A port and its clauses.
pub struct Port {
    /// Its name in the list, and the name of its files.
    pub name: &'static str,
    /// Its trait.
    pub port: &'static str,
    /// Whether Redis may serve it.
    pub short_lived: bool,
    /// The clauses that its macro lists.
    pub clauses: &'static [&'static str],
    /// The source that the clauses are written in.
    pub source: &'static str,
}

macro_rules! ports {
    (
        ()
        durable { $($durable:ident: $Durable:ident,)* }
        short_lived { $($short_lived:ident: $ShortLived:ident,)* }
    ) => {
        /// Every port with its clauses.
        pub const PORTS: &[Port] = &[
            $(port!($durable: $Durable, false),)*
            $(port!($short_lived: $ShortLived, true),)*
        ];
    };
}

macro_rules! port {
    ($name:ident: $Port:ident, $short_lived:literal) => {
        Port {
            name: stringify!($name),
            port: stringify!($Port),
            short_lived: $short_lived,
            clauses: super::$name::CLAUSES,
            source: include_str!(concat!(stringify!($name), ".rs")),
        }
    };
}

application::store_ports!(ports);

/// Makes a test of every clause of every port. `$stores` is the path of an `async fn() -> (impl Any, Stores)` that
/// makes fresh, empty stores at each call. The first value lives as long as the clause runs: a temporary folder.
#[macro_export]
macro_rules! contract {
    ($stores:path) => {
        ::application::store_ports!($crate::clauses_of_all, $stores);
    };
}

/// Makes a test of every clause of the short-lived ports, as [`contract!`](crate::contract!) does.
#[macro_export]
macro_rules! short_lived_contract {
    ($stores:path) => {
        ::application::store_ports!($crate::clauses_of_short_lived, $stores);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! clauses_of_all {
    (
        ($stores:path)
        durable { $($durable:ident: $Durable:ident,)* }
        short_lived { $($short_lived:ident: $ShortLived:ident,)* }
    ) => {
        $($crate::contract::$durable::clauses!(clause_tests!($stores));)*
        $($crate::contract::$short_lived::clauses!(clause_tests!($stores));)*
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! clauses_of_short_lived {
    (
        ($stores:path)
        durable { $($durable:ident: $Durable:ident,)* }
        short_lived { $($short_lived:ident: $ShortLived:ident,)* }
    ) => {
        $($crate::contract::$short_lived::clauses!(clause_tests!($stores));)*
    };
}

/// One test for each clause of one port.
#[macro_export]
macro_rules! clause_tests {
    (($stores:path) $port:ident: $($clause:ident,)+) => {
        mod $port {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $clause() {
                    let (_keep, stores) = $stores().await;
                    $crate::contract::$port::$clause(&stores).await;
                }
            )+
        }
    };
}

/// The names of the clauses of one port.
#[macro_export]
macro_rules! clause_names {
    (() $port:ident: $($clause:ident,)+) => {
        &[$(stringify!($clause)),+]
    };
}
