//! A map that computes each value once and keeps it. Threads that ask for the same key wait for
//! the one that computes; values never change afterwards.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

const SHARDS: usize = 16;

type Shard<K, V> = RwLock<HashMap<K, Arc<OnceLock<V>>>>;

/// Values by key, each computed when first asked for.
pub(in crate::go) struct Memo<K, V> {
    shards: [Shard<K, V>; SHARDS],
    hasher: RandomState,
}

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self { shards: std::array::from_fn(|_| RwLock::default()), hasher: RandomState::new() }
    }
}

impl<K: Eq + Hash, V: Clone> Memo<K, V> {
    /// The value of `key`, computed by `make` if nobody did before. `make` must not ask for the
    /// same key.
    pub(in crate::go) fn get<Q>(&self, key: &Q, make: impl FnOnce() -> V) -> V
    where
        Q: ?Sized + Hash + Eq + ToOwned<Owned = K>,
        K: Borrow<Q>,
    {
        #[allow(clippy::cast_possible_truncation, reason = "any bits of the hash will do")]
        let shard = &self.shards[self.hasher.hash_one(key) as usize % SHARDS];
        let known = shard.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned();
        let cell = known.unwrap_or_else(|| {
            let mut map = shard.write().unwrap_or_else(PoisonError::into_inner);
            map.entry(key.to_owned()).or_default().clone()
        });
        cell.get_or_init(make).clone()
    }
}
