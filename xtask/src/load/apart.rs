//! A thread of its own for the load: this program's main thread holds the stack's processes and must not be kept waiting.

use anyhow::{Context, Result};
use tokio::runtime::Handle;
use tokio::sync::oneshot;

/// The thread; it ends when this is dropped.
pub(crate) struct Apart {
    handle: Handle,
    _end: oneshot::Sender<()>,
}

impl Apart {
    /// Starts the thread. Nothing that runs there may start a process (see `stack::supervisor`).
    pub(crate) fn start() -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let handle = runtime.handle().clone();
        let (end, ended) = oneshot::channel();
        std::thread::Builder::new()
            .name("load".to_owned())
            .spawn(move || runtime.block_on(ended).ok())
            .context("cannot start a thread")?;
        Ok(Self { handle, _end: end })
    }

    /// Runs some work there, and waits for it here.
    pub(crate) async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        self.handle
            .spawn(work)
            .await
            .context("the work on the load's thread failed")
    }

    /// Starts some work there that goes on beside what happens here.
    pub(crate) fn begin<T, F>(&self, work: F) -> tokio::task::JoinHandle<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        self.handle.spawn(work)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_runs_on_another_thread_and_comes_back() {
        let apart = Apart::start().unwrap();
        let here = std::thread::current().id();
        let there = apart.run(async { std::thread::current().id() }).await.unwrap();
        assert_ne!(here, there);
    }
}
