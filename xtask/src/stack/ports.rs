//! The ports of a stack: fixed ones where they are free, so that addresses stay the same from day to day.

use super::layout::Profile;
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::net::TcpListener;
use std::path::Path;

/// One port per server, all on 127.0.0.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ports {
    /// `cargo lambda watch`: the API, and invocations of functions.
    pub(crate) gateway: u16,
    /// The Lambda service's asynchronous side (see `lambda`).
    pub(crate) lambda: u16,
    /// The AWS emulator.
    pub(crate) aws: u16,
    /// Stripe's stand-in.
    pub(crate) stripe: u16,
    /// PostgreSQL, read and write.
    pub(crate) primary: u16,
    /// PostgreSQL, read only.
    pub(crate) replica: u16,
    /// PgBouncer before the primary.
    pub(crate) pooler: u16,
    /// PgBouncer before the replica.
    pub(crate) replica_pooler: u16,
}

impl Ports {
    /// All below the range from which the system hands out ports for outgoing connections, and none that a server
    /// installed from a package uses.
    fn defaults(profile: Profile) -> Self {
        let base = match profile {
            Profile::Dev => 0,
            Profile::Test => 5000,
            Profile::Bless => 10000,
            Profile::Crash => 15000,
            Profile::Drill => 2500,
            Profile::Package => 7500,
            Profile::Bench => 3600,
            Profile::BenchTenTimes => 4100,
        };
        Self {
            gateway: 9000 + base,
            lambda: 9001 + base,
            aws: 14566 + base,
            stripe: 12111 + base,
            primary: 15432 + base,
            replica: 15433 + base,
            pooler: 16432 + base,
            replica_pooler: 16433 + base,
        }
    }

    /// Chooses free ports, those of the last run where possible, and remembers them in `file`.
    ///
    /// The gateway's port is the address that people know: `dev` refuses to move it in silence.
    pub(crate) fn choose(profile: Profile, file: &Path, gateway: Option<u16>) -> Result<Self> {
        let remembered = std::fs::read(file)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let mut ports: Self = remembered.unwrap_or_else(|| Self::defaults(profile));
        if profile == Profile::Dev {
            ports.gateway = gateway.unwrap_or_else(|| Self::defaults(profile).gateway);
            if !free(ports.gateway) {
                bail!(
                    "port {} is in use by another program; stop it, or choose another with --port",
                    ports.gateway
                );
            }
        }
        let mut taken = Vec::new();
        for port in ports.all_mut() {
            *port = next_free(*port, &taken)?;
            taken.push(*port);
        }
        std::fs::write(file, serde_json::to_vec_pretty(&ports)?)
            .with_context(|| format!("cannot write {}", file.display()))?;
        Ok(ports)
    }

    fn all_mut(&mut self) -> [&mut u16; 8] {
        [
            &mut self.gateway,
            &mut self.lambda,
            &mut self.aws,
            &mut self.stripe,
            &mut self.primary,
            &mut self.replica,
            &mut self.pooler,
            &mut self.replica_pooler,
        ]
    }
}

fn next_free(from: u16, taken: &[u16]) -> Result<u16> {
    (from..from.saturating_add(200))
        .find(|port| !taken.contains(port) && free(*port))
        .with_context(|| format!("no free port between {from} and {}", from.saturating_add(200)))
}

fn free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_passed_over() {
        let holder = TcpListener::bind("127.0.0.1:0").unwrap();
        let held = holder.local_addr().unwrap().port();
        let next = next_free(held, &[]).unwrap();
        assert!(next > held);
        assert!(next_free(held, &[next]).unwrap() > next);
    }

    #[test]
    fn the_stacks_do_not_share_a_port() {
        let mut all = Vec::new();
        for profile in [
            Profile::Dev,
            Profile::Test,
            Profile::Bless,
            Profile::Crash,
            Profile::Drill,
            Profile::Package,
            Profile::Bench,
            Profile::BenchTenTimes,
        ] {
            all.extend(Ports::defaults(profile).all_mut().map(|port| *port));
        }
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
