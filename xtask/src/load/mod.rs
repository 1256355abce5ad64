//! Sending requests and noting what came of each: for `bench` and for the drills.
//!
//! Requests go through the gateway over connections that stay open, or straight to a function's process by a Lambda runtime
//! API of this program's own, so that what the gateway costs can be told from what the function does.

pub(crate) mod apart;
pub(crate) mod crowd;
pub(crate) mod drive;
pub(crate) mod gateway;
pub(crate) mod member;
pub(crate) mod request;
pub(crate) mod runtime_api;
pub(crate) mod samples;
pub(crate) mod signer;

use gateway::Connection;
use request::{Answer, Request};
use runtime_api::RuntimeApi;
use samples::Outcome;
use std::net::SocketAddr;
use std::time::Duration;

/// As long as API Gateway waits for a function.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Where requests go.
#[derive(Clone)]
pub(crate) enum Target {
    /// Through the gateway at this address.
    Gateway(SocketAddr),
    /// Straight to the function that serves the path.
    Runtime(RuntimeApi),
}

/// One client: it sends a request at a time.
pub(crate) enum Client {
    /// With a connection of its own.
    Gateway(Connection),
    /// By the runtime API.
    Runtime(RuntimeApi),
}

impl Target {
    /// A client that has not connected yet.
    pub(crate) fn client(&self) -> Client {
        match self {
            Self::Gateway(address) => Client::Gateway(Connection::to(*address)),
            Self::Runtime(api) => Client::Runtime(api.clone()),
        }
    }
}

impl Client {
    /// Sends a request; what came of it stands for an answer that did not come.
    pub(crate) async fn send(&mut self, request: &Request) -> Result<Answer, Outcome> {
        let sent = async {
            match self {
                Self::Gateway(connection) => connection.send(request).await,
                Self::Runtime(api) => api.send(request).await,
            }
        };
        match tokio::time::timeout(PATIENCE, sent).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) => Err(Outcome::Broken),
            Err(_) => {
                // What comes on that connection now belongs to no request.
                if let Self::Gateway(connection) = self {
                    connection.forget();
                }
                Err(Outcome::Timeout)
            }
        }
    }

    /// Sends a request and says only what came of it.
    pub(crate) async fn outcome(&mut self, request: &Request) -> Outcome {
        match self.send(request).await {
            Ok(answer) => answer.outcome(),
            Err(outcome) => outcome,
        }
    }
}
