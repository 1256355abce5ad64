//! A secret in the form in which it is used, kept for as long as it is good.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;

use crate::{SecretError, Secrets};

/// How long it takes at least from one fetch that a caller has asked for to the next: what callers send must not be able to
/// flood Secrets Manager.
const DEMANDS_APART: Duration = Duration::from_secs(5);

/// A secret's document, read once and fetched again when it has grown old, or when a caller needs more than it holds.
/// Clones share it.
pub struct CachedSecret<T> {
    shared: Arc<Shared<T>>,
}

struct Shared<T> {
    secrets: Secrets,
    id: String,
    /// How long the document is taken as it is.
    stays: Duration,
    state: Mutex<State<T>>,
}

struct State<T> {
    value: Option<Arc<T>>,
    /// When the last fetch began.
    fetched: Option<Instant>,
    /// When a caller last asked for more than there was.
    demanded: Option<Instant>,
}

impl<T: DeserializeOwned + Send + Sync + 'static> CachedSecret<T> {
    /// The secret with this id, which is fetched again after `stays`. Nothing is fetched yet.
    #[must_use]
    pub fn new(secrets: Secrets, id: String, stays: Duration) -> Self {
        let state = State {
            value: None,
            fetched: None,
            demanded: None,
        };
        Self {
            shared: Arc::new(Shared {
                secrets,
                id,
                stays,
                state: Mutex::new(state),
            }),
        }
    }

    /// The document. One that has grown old is still given out, while it is fetched again beside the caller: no request waits
    /// for a rotation.
    ///
    /// # Errors
    /// [`SecretError`] when there is none yet and it cannot be fetched.
    pub async fn get(&self) -> Result<Arc<T>, SecretError> {
        let (held, old) = self.state().look(Instant::now(), self.shared.stays);
        match held {
            Some(value) => {
                if old {
                    self.fetch_beside();
                }
                Ok(value)
            }
            None => self.fetch().await,
        }
    }

    /// The document, fetched again when what is held does not suit, though no more than once in five seconds: what is given
    /// out then may not suit either.
    ///
    /// # Errors
    /// [`SecretError`] when it is needed and cannot be fetched.
    pub async fn suiting(&self, suits: impl Fn(&T) -> bool) -> Result<Arc<T>, SecretError> {
        let value = self.get().await?;
        if suits(&value) || !self.state().may_demand(Instant::now()) {
            return Ok(value);
        }
        self.fetch().await
    }

    fn fetch_beside(&self) {
        let this = self.clone();
        tokio::spawn(async move {
            if let Err(error) = this.fetch().await {
                tracing::warn!(%error, "a secret could not be fetched again: what is held of it stays in use");
            }
        });
    }

    async fn fetch(&self) -> Result<Arc<T>, SecretError> {
        self.state().fetched = Some(Instant::now());
        let value = Arc::new(self.shared.secrets.refetch(&self.shared.id).await?);
        self.state().value = Some(Arc::clone(&value));
        Ok(value)
    }

    /// Every change is one assignment, so a panic elsewhere cannot have left the state half written.
    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Clone for CachedSecret<T> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<T> std::fmt::Debug for CachedSecret<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("CachedSecret")
            .field("id", &self.shared.id)
            .finish_non_exhaustive()
    }
}

impl<T> State<T> {
    /// What is held, and whether the caller is the one to fetch it again.
    fn look(&mut self, now: Instant, stays: Duration) -> (Option<Arc<T>>, bool) {
        let old = self
            .fetched
            .is_some_and(|fetched| now.saturating_duration_since(fetched) >= stays);
        if old && self.value.is_some() {
            // Whoever comes next finds it young, also when this fetch fails: it is not tried at every request.
            self.fetched = Some(now);
        }
        (self.value.clone(), old)
    }

    /// Whether a caller who needs more than is held may have it fetched now.
    fn may_demand(&mut self, now: Instant) -> bool {
        let early = self
            .demanded
            .is_some_and(|last| now.saturating_duration_since(last) < DEMANDS_APART);
        if !early {
            self.demanded = Some(now);
        }
        !early
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAYS: Duration = Duration::from_secs(60);

    fn held(at: Instant) -> State<u8> {
        State {
            value: Some(Arc::new(7)),
            fetched: Some(at),
            demanded: None,
        }
    }

    #[test]
    fn an_old_document_is_given_out_and_fetched_again_by_one_caller() {
        let start = Instant::now();
        let mut state = held(start);
        assert_eq!(state.look(start + STAYS / 2, STAYS), (Some(Arc::new(7)), false));
        assert_eq!(state.look(start + STAYS, STAYS), (Some(Arc::new(7)), true));
        assert_eq!(state.look(start + STAYS, STAYS), (Some(Arc::new(7)), false));
    }

    #[test]
    fn demands_are_five_seconds_apart() {
        let start = Instant::now();
        let mut state = held(start);
        assert!(state.may_demand(start));
        assert!(!state.may_demand(start + Duration::from_millis(4_999)));
        assert!(state.may_demand(start + Duration::from_secs(5)));
        assert!(!state.may_demand(start + Duration::from_secs(6)));
    }
}
