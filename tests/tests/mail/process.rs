//! The function as a process of its own at work on one event, which can be killed.

use std::time::Duration;

use portal_tests::function::Function;
use serde_json::Value;
use tokio::sync::watch;

use crate::support::{World, schedule};

/// How long a process may take for what it is asked.
const PATIENCE: Duration = Duration::from_secs(60);

/// A process of the function, and what it answers.
pub struct Process {
    function: Function,
    answer: watch::Receiver<Option<Value>>,
}

impl Process {
    /// Starts the function on the world's database and SES, with a scheduled event to serve.
    pub async fn start(world: &World, settings: &[(&str, &str)]) -> Self {
        let own = [
            ("AWS_ENDPOINT_URL_SESV2", world.ses_url.as_str()),
            ("PORTAL_DATABASE_NAME", world.database.name()),
            ("PORTAL_DATABASE_SECRET", "portal/database/portal_jobs"),
            ("PORTAL_DATA_KEYS_SECRET", &world.keys),
        ];
        let function = Function::start("notify", &[&own, settings].concat()).await;
        let (sender, answer) = watch::channel(None);
        let outcome = function.invoke(&schedule());
        tokio::spawn(async move {
            // One that was killed answers nothing.
            if let Ok(answer) = outcome.await {
                sender.send_replace(Some(answer));
            }
        });
        Self { function, answer }
    }

    /// What it answers.
    pub async fn answer(&self) -> Value {
        let mut answer = self.answer.clone();
        let answer = tokio::time::timeout(PATIENCE, answer.wait_for(Option::is_some)).await;
        let answer = answer.ok().and_then(|answer| answer.ok()?.clone());
        answer.unwrap_or_else(|| panic!("no answer; its log says: {}", self.log()))
    }

    /// Whether it has answered.
    pub fn has_answered(&self) -> bool {
        self.answer.borrow().is_some()
    }

    /// Kills it as nothing can be prepared for, and waits until it is gone.
    pub fn kill(&mut self) {
        self.function.kill();
    }

    /// Everything that it has written.
    pub fn log(&self) -> String {
        self.function.log()
    }
}
