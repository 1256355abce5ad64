//! The account that the database servers run as: PostgreSQL and PgBouncer refuse root.

use anyhow::{Context, Result};
use std::ffi::OsStr;
use std::path::Path;
use tokio::process::Command;

/// Who runs the database servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Account {
    /// The person who called, who is not root.
    Caller,
    /// Debian's `postgres`, since the caller is root.
    Postgres,
}

impl Account {
    /// The account for whoever runs this program.
    pub(crate) fn detect() -> Self {
        if rustix::process::geteuid().is_root() {
            Self::Postgres
        } else {
            Self::Caller
        }
    }

    /// The arguments of `setpriv` that change to this account.
    pub(crate) fn privileges(self) -> &'static [&'static str] {
        match self {
            Self::Caller => &[],
            Self::Postgres => &["--reuid=postgres", "--regid=postgres", "--init-groups"],
        }
    }

    /// What a process of this account must see in its environment: PostgreSQL's client library looks for certificates in the
    /// home folder, and fails when that is the caller's and closed to it.
    pub(crate) fn home(self) -> Option<(&'static str, &'static str)> {
        (self == Self::Postgres).then_some(("HOME", "/nonexistent"))
    }

    /// A command that runs under this account, from a folder that it can read.
    pub(crate) fn command(self, program: impl AsRef<OsStr>) -> Command {
        let mut command = match self {
            Self::Caller => Command::new(program),
            Self::Postgres => {
                let mut command = Command::new("setpriv");
                command.args(self.privileges()).arg("--").arg(program);
                command
            }
        };
        command.current_dir("/").envs(self.home());
        command
    }

    /// Hands a file or folder over to this account.
    pub(crate) fn own(self, path: &Path) -> Result<()> {
        if self == Self::Caller {
            return Ok(());
        }
        // Before PostgreSQL is installed there is no such account yet, and nothing to hand over.
        let (user, group) = identify("postgres")?;
        std::os::unix::fs::chown(path, Some(user), Some(group))
            .with_context(|| format!("cannot hand {} over to the account postgres", path.display()))
    }
}

/// User and group number of an account.
fn identify(name: &str) -> Result<(u32, u32)> {
    let accounts = std::fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
    accounts
        .lines()
        .find_map(|line| {
            let mut fields = line.split(':');
            if fields.next() != Some(name) {
                return None;
            }
            let user = fields.nth(1)?.parse().ok()?;
            Some((user, fields.next()?.parse().ok()?))
        })
        .with_context(|| {
            format!("this machine has no account {name}; it comes with the package postgresql-15")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_is_user_zero() {
        assert_eq!(identify("root").unwrap(), (0, 0));
        assert!(identify("no-such-account").is_err());
    }
}
