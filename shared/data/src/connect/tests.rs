use super::*;
use sqlx::error::{DatabaseError, ErrorKind};
use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::sync::Mutex;

/// What a server says of a wrong password.
#[derive(Debug)]
struct Refusal;

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.message())
    }
}

impl Error for Refusal {}

impl DatabaseError for Refusal {
    fn message(&self) -> &str {
        "password authentication failed"
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        Some("28P01".into())
    }

    fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn Error + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }
}

/// What Secrets Manager holds, by version; what a server takes for right, one password for each login that it sees; and what was tried.
struct Scene {
    kept: &'static str,
    current: &'static str,
    pending: Option<&'static str>,
    right: &'static [&'static str],
    tried: Mutex<Vec<String>>,
}

fn scene(kept: &'static str, current: &'static str, right: &'static [&'static str]) -> Scene {
    Scene {
        kept,
        current,
        pending: None,
        right,
        tried: Mutex::default(),
    }
}

/// A pause that is one, so that what was refused is tried again, and takes no time.
const MOMENT: Duration = Duration::from_nanos(1);

impl Scene {
    async fn play(&self, pauses: &[Duration]) -> Result<String, DataError> {
        let fetch = |version| async move {
            let password = match version {
                Version::Kept => Some(self.kept),
                Version::Current => Some(self.current),
                Version::Pending => self.pending,
            };
            Ok(password.map(|password| Login {
                username: "portal_api".to_owned(),
                password: password.to_owned(),
            }))
        };
        let connect = |login: Login| async move {
            let mut tried = self.tried.lock().unwrap();
            let right = self.right.get(tried.len()).or(self.right.last());
            tried.push(login.password.clone());
            if right.is_some_and(|right| *right == login.password) {
                Ok(login.password)
            } else {
                Err(sqlx::Error::Database(Box::new(Refusal)))
            }
        };
        log_in(fetch, connect, pauses).await
    }

    fn tried(&self) -> Vec<String> {
        self.tried.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn a_password_that_was_rotated_since_is_fetched_anew() {
    let scene = scene("old", "new", &["new"]);
    assert_eq!(scene.play(&[Duration::ZERO]).await.unwrap(), "new");
    assert_eq!(scene.tried(), ["old", "new"]);
}

#[tokio::test]
async fn amid_a_rotation_the_version_to_come_is_tried() {
    let scene = Scene {
        pending: Some("new"),
        ..scene("old", "old", &["new"])
    };
    assert_eq!(scene.play(&[Duration::ZERO]).await.unwrap(), "new");
    // The current one is that which was refused.
    assert_eq!(scene.tried(), ["old", "new"]);
}

#[tokio::test]
async fn a_server_that_learns_of_the_new_password_late_is_asked_again() {
    let scene = scene("new", "new", &["old", "old", "new"]);
    let pauses = [Duration::ZERO, MOMENT, MOMENT];
    assert_eq!(scene.play(&pauses).await.unwrap(), "new");
    assert_eq!(scene.tried(), ["new", "new", "new"]);
}

#[tokio::test]
async fn a_password_that_stays_wrong_is_given_up_as_unavailable() {
    let scene = scene("old", "old", &["new"]);
    let error = scene.play(&[Duration::ZERO, MOMENT]).await.unwrap_err();
    assert!(matches!(error, DataError::Unavailable { .. }), "{error}");
    assert_eq!(scene.tried(), ["old", "old"]);
}
