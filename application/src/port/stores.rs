//! The ports that stores implement, as one value.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{Readiness, Unavailable};

macro_rules! stores {
    (
        ()
        durable { $($durable:ident: $Durable:ident,)* }
        short_lived { $($short_lived:ident: $ShortLived:ident,)* }
    ) => {
        /// Every port that a store implements. A clone shares the stores.
        #[derive(Clone)]
        pub struct Stores {
            $(
                #[doc = concat!("[`super::", stringify!($Durable), "`]")]
                pub $durable: Arc<dyn super::$Durable>,
            )*
            $(
                #[doc = concat!("[`super::", stringify!($ShortLived), "`]")]
                pub $short_lived: Arc<dyn super::$ShortLived>,
            )*
        }

        impl Stores {
            /// All ports of one store.
            #[must_use]
            pub fn new<Store>(store: &Arc<Store>) -> Self
            where
                Store: $(super::$Durable +)* $(super::$ShortLived +)* 'static,
            {
                Self {
                    $($durable: store.clone(),)*
                    $($short_lived: store.clone(),)*
                }
            }

            /// Replaces the short-lived ports by those of `store`. Ready is then what both stores are.
            #[must_use]
            pub fn with_short_lived<Store>(self, store: &Arc<Store>) -> Self
            where
                Store: $(super::$ShortLived +)* 'static,
            {
                let readiness = Arc::new(Both(self.readiness.clone(), store.clone()));
                let replaced = Self { $($short_lived: store.clone(),)* ..self };
                Self { readiness, ..replaced }
            }
        }
    };
}

crate::store_ports!(stores);

/// Is ready when both stores are.
struct Both(Arc<dyn Readiness>, Arc<dyn Readiness>);

#[async_trait]
impl Readiness for Both {
    async fn check(&self) -> Result<Option<DateTime<Utc>>, Unavailable> {
        let durable = self.0.check().await?;
        let short_lived = self.1.check().await?;
        Ok(durable.or(short_lived))
    }

    async fn is_full(&self) -> bool {
        self.0.is_full().await || self.1.is_full().await
    }
}
